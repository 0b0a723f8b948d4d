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


@pytest.mark.parametrize(("right", "images"), [(9921, 10_000), (0, 360), (360, 360), (35, 100)])
def test_one_run_has_wilson_s_interval(right: int, images: int) -> None:
    found = spread.of_share(right / images, images)
    expected = stats.binomtest(right, images).proportion_ci(0.95, "wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_differences_are_taken_seed_by_seed() -> None:
    first = {0: 0.90, 1: 0.80, 2: 0.70, 9: 0.1}
    second = {0: 0.92, 1: 0.82, 2: 0.72, 7: 0.9}
    found = spread.of_difference(first, second)
    assert found is not None
    assert (found.value, found.half) == pytest.approx((0.02, 0.0), abs=1e-12)  # each seed gains the same
    assert spread.of_difference({0: 0.9, 1: 0.8}, {0: 0.9, 5: 0.8}) is None


def test_two_runs_on_the_same_images_are_compared_by_those_they_disagree_on() -> None:
    first = np.array([True] * 90 + [False] * 10)
    second = np.array([True] * 85 + [False] * 5 + [True] * 9 + [False])
    found = spread.disagreement(first, second)
    assert (found.first, found.second, found.images) == (5, 9, 100)
    assert found.chance == pytest.approx(stats.binomtest(5, 14).pvalue)
    assert found.difference.value == pytest.approx(0.04)
    assert not found.difference.excludes_zero
    assert spread.Disagreement(0, 0, 10).chance == 1.0
    assert spread.Disagreement(1, 20, 100).difference.excludes_zero
