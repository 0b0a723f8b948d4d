"""Histograms by hand."""

import numpy as np
import pytest

from cnn_core.histograms import histogram


def test_shares_sum_to_one_and_outliers_count_in_the_last_bin() -> None:
    result = histogram(np.array([[-9, 0.1], [0.2, 0.9]]), (0, 1), bins=2)
    assert result.left.tolist() == [0, 0.5]
    assert result.right.tolist() == [0.5, 1]
    assert result.share.tolist() == [0.75, 0.25]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(([], (0, 1), 3), "values is empty"), (([1], (1, 1), 3), "limits is"), (([1], (0, 1), 0), "bins is 0")],
)
def test_a_wrong_argument_is_named(arguments, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        histogram(*arguments)
