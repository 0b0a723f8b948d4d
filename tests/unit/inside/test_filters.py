"""Filter banks: counts against the module's own parameters, norms and idle filters by hand."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.inside.filters import FilterBank, filter_banks


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
    assert bank.order("number") == [0, 1, 2]
    assert bank.order("norm") == [2, 0, 1]
    assert bank.order("bias") == [1, 0, 2]
    with pytest.raises(ValueError, match="by is 'size'; allowed is one of number"):
        bank.order("size")


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
