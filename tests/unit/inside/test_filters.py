"""Filter banks: counts against the module's own parameters, norms and idle filters by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.inside.filters import FilterBank, WeightMatrix, filter_banks, weight_matrices


def _bank(weight: object, bias: object = None, groups: int = 1) -> FilterBank:
    array = np.asarray(weight, dtype=np.float32)
    return FilterBank("conv1", array, None if bias is None else np.asarray(bias, np.float32), groups)


def test_convolutions_are_found_in_order_with_their_weights() -> None:
    model = nn.Sequential()
    model.add_module("conv1", nn.Conv2d(1, 4, 3))
    model.add_module("relu1", nn.ReLU())
    model.add_module("conv2", nn.Conv2d(4, 6, 5, groups=2, bias=False))
    first, second = filter_banks(model)
    assert (first.name, second.name) == ("conv1", "conv2")
    np.testing.assert_array_equal(first.weight, model.conv1.weight.detach().numpy())
    assert second.weight.shape == (6, 2, 5, 5)
    assert second.bias is None
    first.weight[:] = 0
    assert model.conv1.weight.abs().sum() > 0


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (nn.Conv2d(32, 32, 3), "32 × (3 × 3 × 32 + 1) = 9,248"),
        (nn.Conv2d(1, 32, 3), "32 × (3 × 3 × 1 + 1) = 320"),
        (nn.Conv2d(3, 8, (5, 2), bias=False), "8 × 5 × 2 × 3 = 240"),
    ],
)
def test_the_arithmetic_gives_torchs_count(layer: nn.Conv2d, text: str) -> None:
    (bank,) = filter_banks(nn.Sequential(layer))
    assert bank.parameters_text() == text
    assert bank.parameters == sum(parameter.numel() for parameter in layer.parameters())


def test_norms_by_hand_and_order_by_them() -> None:
    bank = _bank([[[[3.0, 4.0]]], [[[0.0, 1.0]]], [[[6.0, 8.0]]]], bias=[0.5, 2.0, -1.0])
    np.testing.assert_allclose(bank.norms, [5, 1, 10])
    assert bank.order("index") == [0, 1, 2]
    assert bank.order("norm") == [2, 0, 1]
    with pytest.raises(ValueError, match="by is 'size'; allowed is one of norm, index, similarity"):
        bank.order("size")
    np.testing.assert_array_equal(bank.largest_of_filters(), [4, 1, 8])


def test_like_filters_stand_side_by_side_from_the_strongest_on():
    bank = _bank([[[[1.0, 0.0]]], [[[0.1, 3.0]]], [[[5.0, 0.5]]], [[[0.0, -1.0]]]])
    assert bank.order("similarity") == [2, 0, 1, 3]


def test_a_linear_layers_weights_are_torchs_and_counted() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 5), nn.ReLU(), nn.Linear(5, 3, bias=False))
    first, last = weight_matrices(model)
    assert (first.name, last.name) == ("1", "3")
    np.testing.assert_array_equal(first.weight, model[1].weight.detach().numpy())
    assert first.parameters_text() == "5 × (12 + 1) = 65"
    assert last.parameters_text() == "3 × 5 = 15"
    np.testing.assert_allclose(last.table()["norm"], np.linalg.norm(last.weight, axis=1), rtol=1e-6)


def test_a_large_matrix_is_folded_to_the_strongest_of_neighbouring_inputs() -> None:
    matrix = WeightMatrix("linear1", np.array([[1, -3, 2, 0.5, 4], [0, 0, -1, 0.5, -2]], np.float32), None)
    folded, width = matrix.folded(6)
    assert width == 2
    np.testing.assert_array_equal(folded, [[-3, 2, 4], [0, -1, -2]])
    whole, width = matrix.folded(10)
    assert width == 1
    np.testing.assert_array_equal(whole, matrix.weight)


def test_filters_that_do_nothing_are_named() -> None:
    assert _bank([[[[1.0]]], [[[0.04]]], [[[0.06]]], [[[1.0]]], [[[1.0]]]]).near_zero() == [1]
    assert _bank(np.zeros((3, 1, 2, 2))).near_zero() == [0, 1, 2]
    assert _bank(np.ones((3, 1, 2, 2))).near_zero() == []


def test_with_groups_a_filter_reads_its_own_groups_channels() -> None:
    bank = _bank(np.ones((6, 2, 1, 1)), groups=3)
    assert [bank.input_channel(filter_index, 1) for filter_index in range(6)] == [1, 1, 3, 3, 5, 5]
    x = torch.zeros(1, 6, 1, 1)
    x[0, 3] = 7.0
    layer = nn.Conv2d(6, 6, 1, groups=3, bias=False)
    nn.init.ones_(layer.weight)
    assert layer(x).flatten().tolist() == [0, 0, 7, 7, 0, 0]
