"""The shift test's measures: by hand, on pooling, and on a network that is small enough to work out."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnn_core.inside.network_shift import shift_network
from cnn_core.operations.pooling import max_pool2d
from cnn_core.operations.shifts import relative_change, shift_effect, shifted


def test_shifted_by_hand():
    x = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
    assert shifted(x, 1, 0).tolist() == [[0, 0, 0], [1, 2, 3]]
    assert shifted(x, 0, -1).tolist() == [[2, 3, 0], [5, 6, 0]]
    assert shifted(x, -1, 2).tolist() == [[0, 0, 4], [0, 0, 0]]
    assert not shifted(x, 0, 3).any()


def test_a_relative_change_is_the_difference_over_what_was_there():
    assert relative_change([3, 4], [3, 4]) == 0
    assert relative_change([3, 4], [0, 0]) == 1
    assert relative_change([3, 0], [3, 4]) == pytest.approx(4 / 3)
    assert relative_change([0, 0], [0, 0]) == 0
    assert relative_change([0, 0], [1, 0]) == float("inf")


def dot(rows: int, columns: int) -> np.ndarray:
    image = np.zeros((12, 12), np.float32)
    image[rows, columns] = 1
    return image


def test_pooling_hides_some_steps_and_not_others():
    """A pixel that stays in its window changes nothing; one step more and the whole output cell moves."""
    pooled = [max_pool2d(dot(5, columns)[None], 2)[0] for columns in (4, 5, 6)]
    inside = shift_effect(pooled[0], pooled[1], (0, 1), (2, 2))
    assert (inside.changed, inside.change) == (0, 0)
    across = shift_effect(pooled[1], pooled[2], (0, 1), (2, 2))
    assert (across.changed, across.cells) == (2, 36)
    assert across.change == pytest.approx(2**0.5)
    assert (across.moved, across.beyond) == ((0, 1), 0)


@given(st.integers(-2, 2), st.integers(-2, 2), st.integers(0, 2**32 - 1))
def test_a_shift_by_whole_strides_only_moves_the_output_along(down, right, seed):
    image = np.zeros((16, 16), np.float32)
    image[5:11, 5:11] = np.random.default_rng(seed).random((6, 6))
    before = max_pool2d(image[None], 2)[0]
    after = max_pool2d(shifted(image, 2 * down, 2 * right)[None], 2)[0]
    effect = shift_effect(before, after, (2 * down, 2 * right), (2, 2))
    assert effect.moved == (down, right)
    assert effect.beyond == 0


def test_one_cell_has_nowhere_to_move():
    effect = shift_effect(np.ones((1, 1), np.float32), np.zeros((1, 1), np.float32), (0, 1), (1, 1))
    assert (effect.moved, effect.change, effect.beyond) == (None, 1, 1)


def test_a_network_by_hand():
    """Columns are pooled by two, then the left half is logit 0 and the right half logit 1."""
    model = nn.Sequential()
    model.add_module("pool1", nn.MaxPool2d((1, 2)))
    model.add_module("flatten1", nn.Flatten())
    model.add_module("linear1", nn.Linear(2, 2, bias=False))
    with torch.no_grad():
        model.linear1.weight.copy_(torch.eye(2))
    model.eval()
    image = np.array([[[[1, 0, 0, 0]]]], np.float32)
    seen = shift_network(model, image, [(0, 0), (0, 1), (0, 2), (0, 3)])
    assert seen.layers == ("input", "pool1", "flatten1", "linear1")
    assert seen.agreement.tolist() == [1, 1, 0, 0]
    root = 2**0.5
    np.testing.assert_allclose(seen.changes[0], [0, root, root, root], rtol=1e-6)
    np.testing.assert_allclose(seen.changes[1], [0, 0, root, root], rtol=1e-6)
    high = np.e / (np.e + 1)
    np.testing.assert_allclose(seen.probabilities[:, 0, 0], [high, high, 1 - high, 1 - high], rtol=1e-6)
    assert not model.training
