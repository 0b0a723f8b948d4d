"""McNemar's exact test against whole numbers, and the interval against one worked out by hand."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from cnn_core.judge import significance
from cnn_core.judge.significance import Paired, coin_tosses, paired, wilson


def exactly(first: int, second: int) -> float:
    tosses, less = first + second, min(first, second)
    return min(1.0, float(2 * Fraction(sum(comb(tosses, k) for k in range(less + 1)), 2**tosses)))


@pytest.mark.parametrize(
    ("first", "second"), [(0, 0), (1, 0), (0, 1), (3, 3), (10, 0), (60, 50), (12, 30), (700, 801)]
)
def test_p_is_that_of_a_fair_coin(first: int, second: int) -> None:
    assert Paired(5, first, second, 5).p_value == pytest.approx(exactly(first, second), rel=1e-10)


def test_the_four_kinds_of_images_are_counted() -> None:
    labels = [0, 1, 2, 0, 1, 2, 0]
    first = [0, 1, 2, 1, 0, 2, 1]
    second = [0, 1, 0, 0, 2, 1, 2]
    found = paired(labels, first, second)
    assert found == Paired(both=2, only_first=2, only_second=1, neither=2)
    assert (found.images, found.differing) == (7, 3)
    assert paired(labels, second, first) == Paired(2, 1, 2, 2)


def test_shapes_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(3,\), \(2,\) and \(3,\)"):
        paired([0, 1, 2], [0, 1], [0, 1, 2])


@pytest.mark.parametrize("tosses", [1, 2, 7, 110, 5000])
def test_the_drawn_tosses_are_all_but_a_few(tosses: int) -> None:
    heads, likely = coin_tosses(tosses)
    assert heads.shape == likely.shape
    np.testing.assert_array_equal(np.diff(heads), 1)
    assert 1 - 2e-5 < likely.sum() <= 1 + 1e-9
    middle = tosses // 2
    expected = float(Fraction(comb(tosses, middle), 2**tosses))
    assert likely[list(heads).index(middle)] == pytest.approx(expected, rel=1e-6)


def test_the_interval_is_wilson_s() -> None:
    # Newcombe (1998), table I: 81 of 263, and 0 of 20
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(9910, 10_000)
    assert low < 0.991 < high
    assert high - low == pytest.approx(2 * significance.Z_95 * (0.991 * 0.009 / 1e4) ** 0.5, rel=0.01)
