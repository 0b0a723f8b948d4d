"""Maps of a tiny network with weights set by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.inside.feature_maps import before_and_after, maps_of


def _network() -> nn.Sequential:
    model = nn.Sequential()
    model.add_module("conv1", nn.Conv2d(1, 2, 1))
    model.add_module("relu1", nn.ReLU())
    model.add_module("pool1", nn.MaxPool2d(2))
    model.add_module("flatten1", nn.Flatten())
    model.add_module("linear1", nn.Linear(2, 3))
    with torch.no_grad():
        model.conv1.weight[:] = torch.tensor([1.0, -1.0]).reshape(2, 1, 1, 1)
        model.conv1.bias[:] = torch.tensor([-0.5, 0.0])
    return model.eval()


IMAGE = np.array([[[0.0, 0.5], [1.0, 0.75]]], dtype=np.float32)


def test_maps_before_and_after_the_activation_by_hand() -> None:
    conv, relu, pool, flatten, linear = maps_of(_network(), IMAGE)
    np.testing.assert_allclose(conv.values, [[[-0.5, 0], [0.5, 0.25]], [[0, -0.5], [-1, -0.75]]])
    np.testing.assert_allclose(relu.values, [[[0, 0], [0.5, 0.25]], [[0, 0], [0, 0]]])
    assert pool.values[:, 0, 0].tolist() == flatten.values[:, 0, 0].tolist() == [0.5, 0.0]
    assert conv.signs(0) == (1, 1, 2)
    assert conv.signs(1) == (3, 1, 0)
    assert relu.signs(1) == (0, 4, 0)
    assert relu.zero_everywhere() == [1]
    assert [layer.shape_text for layer in (conv, pool, linear)] == ["2 × 2 × 2", "2 × 1 × 1", "3 values"]
    assert conv.table()["share negative"] == [0.25, 0.75]
    assert flatten.table() == {"unit": [0, 1], "value": [0.5, 0.0]}


def test_the_sign_that_is_possible_passes_through_pooling() -> None:
    layers = maps_of(_network(), IMAGE)
    assert [layer.can_be_negative for layer in layers] == [True, False, False, False, True]
    pooled_first = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(1, 1, 1), nn.MaxPool2d(1), nn.Tanh()).eval()
    assert [layer.can_be_negative for layer in maps_of(pooled_first, IMAGE)] == [False, True, True, True]


@pytest.mark.parametrize(
    ("index", "before", "after"),
    [(0, "conv1", "relu1"), (1, "conv1", "relu1"), (2, "pool1", None), (4, "linear1", None)],
)
def test_either_of_a_pair_gives_the_pair(index: int, before: str, after: str | None) -> None:
    first, second = before_and_after(maps_of(_network(), IMAGE), index)
    assert (first.name, second.name if second else None) == (before, after)
