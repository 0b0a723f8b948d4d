"""Arguments made into arrays and pairs, and the one sentence on those that cannot be."""

import ast
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnn_core import arrays

ROOT = Path(__file__).resolve().parents[2]
# Pages ask people in their own words; what they share asks programmers.
TREES = (ROOT / "cnn_core", ROOT / "pages" / "ui")
OTHER_WORDS = ("has to be", "have to be", "must be", "it can be", "is allowed", "are allowed", "allowed are")


@pytest.mark.parametrize(("value", "expected"), [(2, (2, 2)), ((1, 3), (1, 3)), (np.array([0, 4]), (0, 4))])
def test_a_pair_is_rows_and_columns(value, expected):
    assert arrays.pair("stride", value, 0) == expected


@pytest.mark.parametrize("value", [0, (1, 0), (1,), (1, 2, 3), "12", 1.5, (True, 1), None])
def test_anything_else_is_no_pair(value):
    with pytest.raises(ValueError, match=r"^stride is .*; allowed is an integer of 1 or more, or a pair \("):
        arrays.pair("stride", value, 1)


def test_a_real_array_keeps_numbers_and_names_what_is_wrong():
    np.testing.assert_array_equal(arrays.real_array("x", [[1, 2]], ("H", "W")), np.float32([[1, 2]]))
    for value, found in (
        (np.zeros(3), r"of shape \(3,\)"),
        (np.zeros((0, 2)), r"of shape \(0, 2\)"),
        ([["a"]], "a list"),
        ([[1], [1, 2]], "a list"),
    ):
        with pytest.raises(ValueError, match=rf"^x is {found}; allowed is real numbers of shape \(H, W\)"):
            arrays.real_array("x", value, ("H", "W"))


@given(hnp.arrays(np.uint8, st.tuples(*[st.integers(1, 4)] * 3, st.sampled_from([1, 3]))))
def test_to_float_moves_channels_and_scales(images):
    floats = arrays.to_float(images)
    assert floats.dtype == np.float32
    assert floats.flags.c_contiguous
    np.testing.assert_array_equal(floats, images.transpose(0, 3, 1, 2).astype(np.float32) / np.float32(255))
    np.testing.assert_array_equal(arrays.to_float(images[0]), floats[0])


def raised_texts(path: Path) -> list[str]:
    """The literal text of every exception that a module raises."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc is not None]
    return [
        " ".join(n.value for n in ast.walk(error) if isinstance(n, ast.Constant) and isinstance(n.value, str))
        for error in raised
    ]


def test_a_wrong_argument_is_told_in_one_form():
    wrong = [
        (path.relative_to(ROOT).as_posix(), text)
        for tree in TREES
        for path in sorted(tree.rglob("*.py"))
        for text in raised_texts(path)
        if any(words in text for words in OTHER_WORDS)
    ]
    assert wrong == []
