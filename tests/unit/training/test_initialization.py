"""First weights: their spread by the formulas of the papers; the usual ones are those that torch draws."""

import math

import pytest
import torch
from torch import nn

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import BatchNorm, Conv2d, Flatten, Linear, ReLU
from cnn_core.training.initialization import initialize
from cnn_core.training.settings import SETTINGS

ARCHITECTURE = Architecture(
    (8, 12, 12), (Conv2d(64), BatchNorm(), ReLU(), Conv2d(32), Flatten(), Linear(10)), 10
)


def network(kind: str) -> nn.Sequential:
    torch.manual_seed(3)
    model = build(ARCHITECTURE)
    initialize(model, kind)
    return model


@pytest.mark.parametrize("kind", SETTINGS["initialization"].choices)
def test_the_spread_is_the_formula_s(kind: str) -> None:
    layers = [layer for layer in network(kind) if isinstance(layer, (nn.Conv2d, nn.Linear))]
    assert len(layers) == 3
    for layer in layers:
        outputs, channels, *sides = layer.weight.shape
        inputs, outputs = channels * math.prod(sides), outputs * math.prod(sides)
        variance = {
            "default": 1 / (3 * inputs),
            "kaiming": 2 / inputs,
            "xavier": 2 / (inputs + outputs),
            "zeros": 0.0,
        }[kind]
        assert float(layer.weight.detach().std()) == pytest.approx(math.sqrt(variance), rel=0.05)
        assert kind == "default" or not layer.bias.any()


def test_the_default_is_torch_s_own_and_batch_norm_is_left_alone() -> None:
    torch.manual_seed(3)
    for one, other in zip(build(ARCHITECTURE).parameters(), network("default").parameters()):
        assert torch.equal(one, other)
    norm = next(layer for layer in network("zeros") if isinstance(layer, nn.BatchNorm2d))
    assert bool((norm.weight == 1).all())
