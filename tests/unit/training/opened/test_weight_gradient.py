"""A weight's gradient as a sum of terms, for every type of layer that has weights."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.networks.building import build
from cnn_core.networks.layers import LAYER_TYPES
from cnn_core.training.opened.passes import passes
from cnn_core.training.opened.weight_gradient import weight_gradient
from tests.support.layer_strategies import network_with, new_layer, variants

SHAPE = (2, 9, 9)
WEIGHTED = {
    name: kind
    for name, kind in LAYER_TYPES.items()
    if not kind.refused and new_layer(kind).parameter_factors((4, 7, 7) if not kind.needs_vector else (196,))
}
IMAGES, LABELS = torch.rand(3, *SHAPE, generator=torch.Generator().manual_seed(0)), torch.tensor([0, 2, 1])


def test_there_are_such_layers() -> None:
    assert {"Conv2d", "Linear", "BatchNorm", "Residual", "SeparableConv2d"} <= set(WEIGHTED)


@pytest.mark.parametrize("kind", WEIGHTED.values(), ids=WEIGHTED)
@pytest.mark.filterwarnings("ignore:Using padding")
def test_its_terms_add_up_to_autograds_gradient(kind) -> None:
    tried = 0
    for layer in variants(kind):
        architecture = network_with(layer, SHAPE)
        if architecture.failure() is not None:
            continue
        tried += 1
        model = build(architecture, 1).train()
        seen = passes(model, IMAGES, LABELS, 0)
        plain = build(architecture, 1).train()
        nn.functional.cross_entropy(plain(IMAGES), LABELS).backward()
        rng = np.random.default_rng(0)
        for name, parameter in plain.named_parameters():
            assert parameter.grad is not None
            torch.testing.assert_close(seen.gradients[name], parameter.grad, atol=1e-5, rtol=1e-5)
            of_layer, _, own = name.rpartition(".")
            for _ in range(3):
                index = tuple(int(rng.integers(size)) for size in parameter.shape)
                made_of = weight_gradient(seen.layers[of_layer], own, index)
                assert made_of.terms.shape[0] == len(IMAGES)
                np.testing.assert_array_equal(
                    made_of.terms, made_of.factors.astype(np.float64) * made_of.output_gradients
                )
                assert abs(made_of.total - float(parameter.grad[index])) < 1e-5
                assert made_of.of_images.sum() == pytest.approx(made_of.total, abs=1e-12)
    assert tried


def test_a_term_worked_out_by_hand() -> None:
    """One pixel of 2, one weight of 3 and 1 for two classes: p = softmax(6, 2), ∂L/∂w₀ = 2 (p₀ − 1)."""
    model = nn.Sequential(nn.Flatten(), nn.Linear(1, 2, bias=False)).train()
    with torch.no_grad():
        model[1].weight.copy_(torch.tensor([[3.0], [1.0]]))
    seen = passes(model, torch.full((1, 1, 1, 1), 2.0), torch.tensor([0]), 0)
    p = np.exp(6) / (np.exp(6) + np.exp(2))
    made_of = weight_gradient(seen.layers["1"], "weight", (0, 0))
    assert made_of.factors.item() == 2
    assert made_of.output_gradients.item() == pytest.approx(p - 1, abs=1e-6)
    assert made_of.total == pytest.approx(2 * (p - 1), abs=1e-6)


def test_a_wrong_place_is_named() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(1, 2)).train()
    seen = passes(model, torch.ones(1, 1, 1, 1), torch.tensor([0]), 0)
    with pytest.raises(ValueError, match="index is \\(2, 0\\)"):
        weight_gradient(seen.layers["1"], "weight", (2, 0))
    with pytest.raises(ValueError, match="parameter is 'gain'; allowed is one of weight, bias"):
        weight_gradient(seen.layers["1"], "gain", (0,))
