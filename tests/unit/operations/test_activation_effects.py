"""What activations make of a map, on values worked out by hand."""

import numpy as np
import pytest

from cnn_core.operations.activation_effects import effect, most_negative_cell, sample_curve, statistics
from cnn_core.operations.activation_functions import NONLINEARITIES

MAP = np.array([[-2, 0], [1, 3]], np.float32)


def test_statistics_of_a_map() -> None:
    result = statistics(MAP)
    assert (result.minimum, result.maximum, result.mean) == (-2, 3, 0.5)
    assert (result.zero_share, result.negative_share) == (0.25, 0.25)
    with pytest.raises(ValueError, match=r"values is of shape \(0, 3\)"):
        statistics(np.zeros((0, 3)))


def test_relu_on_a_map() -> None:
    result = effect(MAP, NONLINEARITIES["relu"])
    assert result.output.tolist() == [[0, 0], [1, 3]]
    assert result.statistics.zero_share == 0.5
    assert result.mean_slope == 0.5
    assert (result.largest_slope, result.left_after_depth) == (1, 1)


def test_sigmoid_lets_at_most_a_quarter_of_a_gradient_through() -> None:
    assert effect(np.zeros(4), NONLINEARITIES["sigmoid"]).left_after_depth == 0.25**10


def test_the_most_negative_cell() -> None:
    assert most_negative_cell(MAP) == (0, 0)
    assert most_negative_cell(-MAP) == (1, 1)


def test_a_curve_is_sampled_symmetrically() -> None:
    curve = sample_curve(NONLINEARITIES["tanh"], 4, points=9)
    assert curve.x.tolist() == [-4, -3, -2, -1, 0, 1, 2, 3, 4]
    np.testing.assert_allclose(curve.y, np.tanh(curve.x))
    assert curve.slope[4] == 1
    with pytest.raises(ValueError, match="limit is 0"):
        sample_curve(NONLINEARITIES["tanh"], 0)
