"""A drawing's way into the network: against values worked out by hand, and what must never matter to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnn_core.data.drawing import BOX, INK_AT_LEAST, SIDE, merely_shrunk, preprocess_drawing, without_box

CENTRE = (SIDE - 1) / 2


def canvas(ink: np.ndarray, kind: str = "transparent") -> np.ndarray:
    """Canvas pixels of the ink `(H, W)` in 0..1, drawn one of the ways a canvas is."""
    level = np.round(255 * ink).astype(np.uint8)
    solid = np.full_like(level, 255)
    black = np.zeros_like(level)
    if kind == "transparent":
        return np.stack([black, black, black, level], -1)
    if kind == "white on transparent":
        return np.stack([solid, solid, solid, level], -1)
    gray = level if kind == "light on dark" else 255 - level
    return np.stack([gray, gray, gray, solid], -1)


KINDS = ["transparent", "white on transparent", "dark on light", "light on dark"]


def rectangle(top: int, left: int, height: int, width: int, side: int = 280) -> np.ndarray:
    ink = np.zeros((side, side))
    ink[top : top + height, left : left + width] = 1
    return ink


def centre_of_mass(image: np.ndarray) -> np.ndarray:
    return (np.indices(image.shape) * image).sum((1, 2)) / image.sum()


@pytest.mark.parametrize("kind", KINDS)
def test_a_rectangle_by_hand(kind):
    stages = preprocess_drawing(canvas(rectangle(10, 30, 100, 50), kind))
    assert not stages.is_empty
    assert stages.box == (10, 110, 30, 80)
    np.testing.assert_array_equal(stages.cropped, np.ones((100, 50)))
    # 100 rows become 20, so 50 columns become 10, and they lie in rows 4 to 23, columns 9 to 18.
    np.testing.assert_array_equal(stages.boxed, np.ones((20, 10)))
    expected = np.zeros((28, 28))
    expected[4:24, 9:19] = 1
    np.testing.assert_array_equal(stages.centred_box, expected)
    assert stages.centre_of_mass == (13.5, 13.5)
    np.testing.assert_array_equal(stages.network_input, expected)


def test_the_centre_of_mass_moves_to_the_middle():
    # An L: 200 rows of 40 columns and a foot of 40 rows and 200 columns.
    ink = np.maximum(rectangle(20, 20, 200, 40), rectangle(180, 20, 40, 200))
    stages = preprocess_drawing(canvas(ink))
    # In the 20×20 box: 16×4 at rows 0-15 and 4×20 at rows 16-19, so 64 and 80 pixels.
    row = 4 + (64 * 7.5 + 80 * 17.5) / 144
    column = 4 + (64 * 1.5 + 80 * 9.5) / 144
    assert stages.centre_of_mass == pytest.approx((row, column), abs=1e-4)
    np.testing.assert_allclose(centre_of_mass(stages.network_input), [CENTRE, CENTRE], atol=1e-4)
    assert stages.network_input.sum() == pytest.approx(144, rel=1e-2)


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_canvas(kind):
    stages = preprocess_drawing(canvas(np.zeros((40, 50)), kind))
    assert stages.is_empty
    assert stages.box == (0, 40, 0, 50)
    assert stages.network_input.shape == (28, 28)
    assert not stages.network_input.any()
    assert not stages.ink.any()
    assert not merely_shrunk(stages.ink).any()
    assert not without_box(stages).any()


def test_a_dot_and_a_single_pixel_are_drawings():
    for side in (1, 14):
        stages = preprocess_drawing(canvas(rectangle(100, 7, side, side)))
        assert not stages.is_empty
        np.testing.assert_allclose(centre_of_mass(stages.network_input), [CENTRE, CENTRE], atol=1e-4)
        np.testing.assert_array_equal(stages.boxed, np.ones((BOX, BOX)))


def test_a_hair_line_stays_one_pixel_wide():
    stages = preprocess_drawing(canvas(rectangle(0, 140, 280, 1)))
    assert stages.boxed.shape == (BOX, 1)
    assert stages.network_input.sum() == pytest.approx(BOX, rel=1e-5)


def test_what_is_too_faint_to_be_ink_does_not_widen_the_crop():
    ink = rectangle(100, 100, 50, 50)
    ink[0, 0] = INK_AT_LEAST / 2
    assert preprocess_drawing(canvas(ink)).box == (100, 150, 100, 150)


def test_shrinking_is_antialiased():
    # Stripes of one pixel every second column are half ink once they are far too narrow to be seen.
    ink = rectangle(40, 40, 200, 200)
    ink[:, ::2] = 0
    boxed = preprocess_drawing(canvas(ink)).boxed
    np.testing.assert_allclose(boxed[:, 1:-1], 0.5, atol=0.06)


def test_without_a_stage_the_network_gets_something_else():
    stages = preprocess_drawing(canvas(rectangle(10, 30, 100, 50)))
    plain = merely_shrunk(stages.ink)  # a tenth of the canvas: rows 1 to 10, columns 3 to 7
    expected = np.zeros((28, 28))
    expected[1:11, 3:8] = 1
    np.testing.assert_allclose(plain, expected, atol=1e-6)
    moved = without_box(stages)
    np.testing.assert_allclose(centre_of_mass(moved), [CENTRE, CENTRE], atol=1e-4)
    assert moved.sum() == pytest.approx(plain.sum(), rel=1e-4)
    assert moved.sum() < stages.network_input.sum() / 2


@st.composite
def strokes(draw):
    """Ink `(90, 90)`: a few thick strokes in the upper left 45×45."""
    ink = np.zeros((90, 90))
    for _ in range(draw(st.integers(1, 4))):
        ends = draw(st.tuples(*[st.floats(3, 40)] * 4))
        for t in np.linspace(0, 1, 40):
            row, column = ends[0] + t * (ends[1] - ends[0]), ends[2] + t * (ends[3] - ends[2])
            ink[int(row) : int(row) + 4, int(column) : int(column) + 4] = 1
    return ink


@settings(max_examples=40, deadline=None)
@given(strokes(), st.integers(0, 45), st.integers(0, 45))
def test_where_on_the_canvas_it_was_drawn_does_not_matter(ink, down, right):
    moved = np.roll(ink, (down, right), (0, 1))
    here, there = preprocess_drawing(canvas(ink)), preprocess_drawing(canvas(moved))
    np.testing.assert_array_equal(here.network_input, there.network_input)


@settings(max_examples=40, deadline=None)
@given(strokes(), st.sampled_from([2, 3]))
def test_how_large_it_was_drawn_does_not_matter(ink, times):
    large = np.kron(ink, np.ones((times, times)))
    here, there = preprocess_drawing(canvas(ink)), preprocess_drawing(canvas(large))
    np.testing.assert_allclose(here.network_input, there.network_input, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(strokes())
def test_the_colours_of_ink_and_paper_do_not_matter(ink):
    inputs = [preprocess_drawing(canvas(ink, kind)).network_input for kind in KINDS]
    for other in inputs[1:]:
        np.testing.assert_allclose(other, inputs[0], atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(4))))
def test_any_canvas_gives_an_image_in_range(rgba):
    stages = preprocess_drawing(rgba)
    for image in (stages.ink, stages.cropped, stages.boxed, stages.centred_box, stages.network_input):
        assert image.dtype == np.float32
        assert image.min() >= 0
        assert image.max() <= 1
    assert stages.network_input.shape == (SIDE, SIDE)
    assert stages.network_input.any() != stages.is_empty


def test_another_array_is_refused():
    for wrong in (
        np.zeros((4, 4, 3), np.uint8),
        np.zeros((4, 4, 4), np.float32),
        np.zeros((0, 4, 4), np.uint8),
    ):
        with pytest.raises(ValueError, match=r"rgba is .*; allowed is uint8 \(H, W, 4\)"):
            preprocess_drawing(wrong)
