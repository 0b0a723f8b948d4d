"""What a component says was clicked."""

import math

import pytest

from pages.ui.components.base.told import places


def test_a_cell_of_the_map_is_one():
    assert places([2, 0], (3, 4)) == (2, 0)
    assert places((0, 3), (3, 4)) == (0, 3)
    assert places([5], [6]) == (5,)


@pytest.mark.parametrize(
    "value",
    [
        None,
        "ab",
        {},
        [],
        [1],
        [1, 2, 3],
        [3, 0],
        [0, 4],
        [-1, 0],
        [1.0, 0],
        ["1", 0],
        [[1], 0],
        [math.inf, 0],
        {"0": 1},
    ],
)
def test_anything_else_is_none(value):
    assert places(value, (3, 4)) is None
