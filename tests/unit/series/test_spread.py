"""Means, intervals and differences, against scipy and against values worked out by hand."""

import numpy as np
import pytest
from scipy import stats

from cnn_core.series import spread


def test_a_mean_over_seeds_has_student_s_interval() -> None:
    values = [0.981, 0.984, 0.979, 0.986, 0.982]
    found = spread.of_mean(values)
    low, high = stats.t.interval(0.95, 4, np.mean(values), stats.sem(values))
    assert (found.value, found.low, found.high) == pytest.approx((np.mean(values), low, high))
    with pytest.raises(ValueError, match="values has 1; allowed is two or more"):
        spread.of_mean([0.5])


def test_differences_are_taken_seed_by_seed() -> None:
    first = {0: 0.90, 1: 0.80, 2: 0.70, 9: 0.1}
    second = {0: 0.92, 1: 0.82, 2: 0.72, 7: 0.9}
    found = spread.of_difference(first, second)
    assert found is not None
    assert (found.value, found.half) == pytest.approx((0.02, 0.0), abs=1e-12)  # each seed gains the same
    assert spread.of_difference({0: 0.9, 1: 0.8}, {0: 0.9, 5: 0.8}) is None
