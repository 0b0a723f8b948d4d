"""Strokes and their ink: against areas worked out by hand, and what a browser may not tell."""

import math

import numpy as np
import pytest

from cnn_core.data.strokes import MOST_POINTS, MOST_STROKES, PAPER, Stroke, ink_of, strokes_from


def pen(*points: float, width: float = 20) -> Stroke:
    return Stroke("pen", width, points)


def test_a_line_is_as_wide_as_the_pen():
    ink = ink_of([pen(40, 100, 240, 100)])
    assert ink.shape == (PAPER, PAPER)
    # Rows 90 to 109 are covered in full; their neighbours' centres are half a pixel outside.
    np.testing.assert_array_equal(ink[90:110, 60:220], 1)
    assert not ink[[89, 110], 60:220].any()
    assert ink.sum() == pytest.approx(200 * 20 + math.pi * 10**2, rel=2e-3)


def test_a_tap_is_a_dot():
    ink = ink_of([pen(140, 140)])
    assert ink.sum() == pytest.approx(math.pi * 10**2, rel=5e-3)
    assert ink[140, 140] == 1


def test_strokes_lie_on_each_other_and_the_eraser_takes_both():
    across, down = pen(40, 140, 240, 140), pen(140, 40, 140, 240)
    both = ink_of([across, down])
    np.testing.assert_array_equal(both, np.maximum(ink_of([across]), ink_of([down])))
    wiped = ink_of([across, down, Stroke("eraser", 36, (140, 140))])
    assert not wiped[125:155, 135:145].any()
    np.testing.assert_array_equal(wiped[:, :120], both[:, :120])


def test_clear_leaves_nothing_of_what_was_before():
    assert not ink_of([pen(40, 140), Stroke("clear", 0, ())]).any()
    np.testing.assert_array_equal(
        ink_of([pen(40, 140), Stroke("clear", 0, ()), pen(9, 9)]), ink_of([pen(9, 9)])
    )


def test_what_is_beside_the_paper_leaves_nothing():
    assert not ink_of([pen(-200, -200, -100, 500), pen(500, 500)]).any()


def test_what_the_pad_tells_comes_back_as_it_was():
    strokes = (pen(1.125, 2, 3, 4.5), Stroke("eraser", 36, (0, 0)), Stroke("clear", 0, ()))
    assert strokes_from([stroke.as_json() for stroke in strokes]) == strokes


GOOD = {"kind": "pen", "width": 20, "points": [1, 2]}


@pytest.mark.parametrize(
    "told",
    [
        None,
        "strokes",
        {"strokes": []},
        [None],
        [{**GOOD, "kind": "brush"}],
        [{**GOOD, "kind": ["pen"]}],
        [{**GOOD, "more": 1}],
        [{**GOOD, "width": 0}],
        [{**GOOD, "width": float("inf")}],
        [{**GOOD, "width": True}],
        [{**GOOD, "points": []}],
        [{**GOOD, "points": [1]}],
        [{**GOOD, "points": "12"}],
        [{**GOOD, "points": [1, float("nan")]}],
        [{**GOOD, "points": [1, 10**400]}],
        [{**GOOD, "points": [1, PAPER * 2 + 1]}],
        [{**GOOD, "points": [[1, 2], [3, 4]]}],
        [GOOD] * (MOST_STROKES + 1),
        [{**GOOD, "points": [0, 0] * MOST_POINTS}] * 2,
        [{**GOOD, "points": [0, 0, 280, 280] * 200}],
    ],
)
def test_what_no_pad_tells_is_refused(told):
    with pytest.raises(ValueError, match=r"allowed is|more than|longer than"):
        strokes_from(told)
