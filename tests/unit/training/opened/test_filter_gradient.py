"""A kernel's gradient is a convolution: of what it read with what came back."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.networks.layers import Conv2d, SeparableConv2d
from cnn_core.training.opened.filter_gradient import kernel_gradient
from cnn_core.training.opened.passes import passes

LAYERS = [
    Conv2d(4, 3),
    Conv2d(4, 3, padding="same"),
    Conv2d(4, 4, padding="same"),
    Conv2d(4, 3, stride=2, padding=1),
    Conv2d(4, 2, stride=3),
    Conv2d(4, 3, dilation=2, padding="same"),
    Conv2d(4, 3, stride=2, dilation=2, padding=3),
    Conv2d(4, 3, groups=2),
    SeparableConv2d(4, 3, padding=1),
]


@pytest.mark.filterwarnings("ignore:Using padding")
@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_the_convolution_is_autograds_gradient(layer: Conv2d | SeparableConv2d) -> None:
    torch.manual_seed(1)
    shape = (2, 11, 10)
    model = nn.Sequential(layer.module(shape), nn.Flatten(), nn.LazyLinear(3)).train()
    images, labels = torch.rand(3, *shape), torch.tensor([0, 1, 2])
    model(images)
    seen = passes(model, images, labels, 0)
    kernels = [name for name, value in seen.gradients.items() if value.ndim == 4]
    assert kernels
    for name in kernels:
        gradient = seen.gradients[name].numpy()
        for place in np.ndindex(*gradient.shape[:2]):
            made_of = kernel_gradient(seen.layers[name.removesuffix(".weight")], *place)
            np.testing.assert_allclose(made_of.total, gradient[place], atol=1e-5)
            np.testing.assert_allclose(made_of.of_images.sum(axis=0), gradient[place], atol=1e-5)


def test_a_layer_without_kernels_is_refused() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 2)).train()
    seen = passes(model, torch.rand(2, 1, 2, 2), torch.tensor([0, 1]), 0)
    with pytest.raises(ValueError, match="allowed is a convolution"):
        kernel_gradient(seen.layers["1"], 0, 0)
    conv = nn.Sequential(nn.Conv2d(1, 2, 1), nn.Flatten()).train()
    seen = passes(conv, torch.rand(2, 1, 1, 1), torch.tensor([0, 1]), 0)
    with pytest.raises(ValueError, match="filter is 2"):
        kernel_gradient(seen.layers["0"], 2, 0)
