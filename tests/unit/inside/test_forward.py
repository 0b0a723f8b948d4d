"""Layer outputs against the model's own forward pass; nothing may stay attached to the model."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.inside.forward import forward_all, probabilities


def _model(inplace: bool = False) -> nn.Sequential:
    torch.manual_seed(0)
    model = nn.Sequential()
    model.add_module("conv1", nn.Conv2d(1, 4, 3))
    model.add_module("bn1", nn.BatchNorm2d(4))
    model.add_module("relu1", nn.ReLU(inplace=inplace))
    model.add_module("dropout1", nn.Dropout(0.5))
    model.add_module("flatten1", nn.Flatten())
    model.add_module("linear1", nn.Linear(4 * 6 * 6, 3))
    return model.eval()


IMAGES = np.random.default_rng(0).random((5, 1, 8, 8), dtype=np.float32)


def test_every_layer_is_named_and_the_last_holds_the_models_logits() -> None:
    model = _model()
    outputs = forward_all(model, IMAGES)
    assert [(layer.name, layer.kind) for layer in outputs[:3]] == [
        ("conv1", "Conv2d"),
        ("bn1", "BatchNorm2d"),
        ("relu1", "ReLU"),
    ]
    assert [layer.output.shape for layer in outputs] == [(5, 4, 6, 6)] * 4 + [(5, 144), (5, 3)]
    with torch.no_grad():
        expected = model(torch.from_numpy(IMAGES))
        first = model.conv1(torch.from_numpy(IMAGES))
    np.testing.assert_allclose(outputs[-1].output, expected.numpy(), atol=1e-6)
    np.testing.assert_allclose(outputs[0].output, first.numpy(), atol=1e-6)


def test_an_identity_kernel_gives_the_image_back() -> None:
    model = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.ReLU()).eval()
    with torch.no_grad():
        model[0].weight.fill_(-1.0)
    image = np.array([[[[0.25, 1.0]]]], dtype=np.float32)
    conv, relu = forward_all(model, image)
    assert conv.output.tolist() == [[[[-0.25, -1.0]]]]
    assert relu.output.tolist() == [[[[0.0, 0.0]]]]


def test_an_in_place_activation_leaves_the_negative_values_before_it() -> None:
    plain, in_place = forward_all(_model(), IMAGES), forward_all(_model(inplace=True), IMAGES)
    assert plain[1].output.min() < 0
    for ours, other in zip(plain, in_place):
        np.testing.assert_array_equal(ours.output, other.output)


def test_the_model_and_the_images_are_left_as_they_were() -> None:
    model, images = _model(), IMAGES.copy()
    before = copy.deepcopy(model.state_dict())
    forward_all(model, images)
    probabilities(model, images, batch_size=2)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name
    for layer in model.modules():
        assert not layer._forward_hooks
        assert not layer._forward_pre_hooks
        assert not layer._backward_hooks
        assert not layer.training
    assert all(parameter.grad is None for parameter in model.parameters())
    np.testing.assert_array_equal(images, IMAGES)


def test_probabilities_are_softmax_in_any_batch_size() -> None:
    model = _model()
    with torch.no_grad():
        expected = model(torch.from_numpy(IMAGES)).softmax(dim=1).numpy()
    shares: list[float] = []
    in_twos = probabilities(model, IMAGES, batch_size=2, progress=shares.append)
    np.testing.assert_allclose(in_twos, expected, atol=1e-6)
    np.testing.assert_allclose(in_twos.sum(axis=1), 1, atol=1e-6)
    assert shares == [0.4, 0.8, 1.0]


def test_images_as_on_disk_are_the_same_images() -> None:
    on_disk = np.random.default_rng(1).integers(0, 256, (3, 8, 8, 1), dtype=np.uint8)
    as_floats = on_disk.transpose(0, 3, 1, 2).astype(np.float32) / 255
    model = _model()
    np.testing.assert_allclose(probabilities(model, on_disk), probabilities(model, as_floats), atol=1e-7)


def test_no_images_give_no_rows() -> None:
    assert len(probabilities(_model(), IMAGES[:0])) == 0


def test_training_mode_and_wrong_axes_are_refused() -> None:
    with pytest.raises(ValueError, match="training mode"):
        forward_all(_model().train(), IMAGES)
    with pytest.raises(ValueError, match="training mode"):
        probabilities(_model().train(), IMAGES)
    with pytest.raises(ValueError, match=r"x is of shape \(1, 8, 8\)"):
        forward_all(_model(), IMAGES[0])
