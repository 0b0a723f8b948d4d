"""A drawing's way into the network: against values worked out by hand, and what must never matter to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnn_core import checkpoints
from cnn_core.data import datasets
from cnn_core.data.drawing import (
    BUILT_IN_DIGITS,
    FASHION,
    INK_AT_LEAST,
    MASS_AT,
    MIDDLE,
    MNIST,
    SIDE,
    merely_shrunk,
    prepare_ink,
    preprocess_drawing,
    without_box,
)
from cnn_core.inside.forward import probabilities
from tests.conftest import REAL_HOME


def rectangle(top: int, left: int, height: int, width: int, side: int = 280) -> np.ndarray:
    ink = np.zeros((side, side), np.float32)
    ink[top : top + height, left : left + width] = 1
    return ink


def centre_of_mass(image: np.ndarray) -> np.ndarray:
    return (np.indices(image.shape) * image).sum((1, 2)) / image.sum()


def within_half_a_pixel(mass: np.ndarray) -> bool:
    return bool((np.abs(mass - MASS_AT) <= 0.5 + 1e-3).all())


def test_a_rectangle_by_hand():
    stages = preprocess_drawing(rectangle(10, 30, 100, 50))
    assert not stages.is_empty
    assert stages.box == (10, 110, 30, 80)
    np.testing.assert_array_equal(stages.cropped, np.ones((100, 50)))
    # 100 rows become 20, so 50 columns become 10, and they lie in rows 4 to 23, columns 9 to 18.
    np.testing.assert_array_equal(stages.boxed, np.ones((20, 10)))
    expected = np.zeros((28, 28))
    expected[4:24, 9:19] = 1
    np.testing.assert_array_equal(stages.centred_box, expected)
    # Half a pixel from (14, 14) either way: it stays.
    assert stages.centre_of_mass == (13.5, 13.5)
    assert stages.move == (0, 0)
    np.testing.assert_array_equal(stages.network_input, expected)


def test_the_centre_of_mass_moves_to_where_mnist_has_it():
    # An L: 200 rows of 40 columns and a foot of 40 rows and 200 columns.
    ink = np.maximum(rectangle(20, 20, 200, 40), rectangle(180, 20, 40, 200))
    stages = preprocess_drawing(ink)
    # In the 20×20 box: 16×4 at rows 0-15 and 4×20 at rows 16-19, so 64 and 80 pixels.
    row = 4 + (64 * 7.5 + 80 * 17.5) / 144
    column = 4 + (64 * 1.5 + 80 * 9.5) / 144
    assert stages.centre_of_mass == pytest.approx((row, column), abs=1e-4)  # 17.06, 9.94
    assert stages.move == (-3, 4)
    np.testing.assert_allclose(stages.network_input[1:21, 8:28], stages.boxed)
    assert within_half_a_pixel(centre_of_mass(stages.network_input))


@pytest.mark.datasets
def test_mnist_has_its_centres_of_mass_there(mnist_home):
    digits = datasets.load("mnist").x_train[:4000, ..., 0].astype(float)
    masses = np.array([centre_of_mass(digit) for digit in digits])
    np.testing.assert_allclose(masses.mean(0), MASS_AT, atol=0.02)
    assert np.abs(masses - MASS_AT).max() <= 0.7


@pytest.mark.datasets
def test_digits_redrawn_anywhere_are_read_as_mnist_s_are(mnist_home, one_thread):
    """Faults D9: 99.40 % of 4,000; moved to the middle of the image, 13.5, it was 99.00 %."""
    data, model = datasets.load("mnist"), checkpoints.load("mnist-3conv").model
    chance = np.random.default_rng(3)
    which = chance.choice(len(data.y_test), 400, replace=False)
    inputs = []
    for digit in data.x_test[which, ..., 0]:
        times, ink = int(chance.integers(3, 9)), np.zeros((280, 280), np.float32)
        top, left = chance.integers(0, 280 - 28 * times + 1, 2)
        ink[top : top + 28 * times, left : left + 28 * times] = np.kron(digit / 255, np.ones((times, times)))
        inputs.append(preprocess_drawing(ink).network_input)
    read = probabilities(model, np.stack(inputs)[:, None]).argmax(1)
    assert (read == data.y_test[which]).mean() >= 0.9925


def test_each_dataset_s_way_is_its_own():
    """Faults D10: clothes fill their image and lie in its middle, whatever their mass."""
    ink = np.maximum(rectangle(20, 20, 200, 40), rectangle(180, 20, 40, 200))
    clothes = preprocess_drawing(ink, FASHION)
    assert clothes.boxed.shape == (SIDE, SIDE)
    np.testing.assert_array_equal(clothes.network_input, clothes.boxed)
    digits = preprocess_drawing(ink, BUILT_IN_DIGITS)
    np.testing.assert_array_equal(digits.network_input, preprocess_drawing(ink, MNIST).centred_box)
    assert (clothes.move, digits.move) == ((0, 0), (0, 0))


@pytest.mark.parametrize(("dataset", "how"), [("mnist", MNIST), ("fashion_mnist", FASHION)])
@pytest.mark.datasets
def test_a_dataset_s_own_images_come_out_of_its_way_as_they_were(dataset, how, convlens_home):
    real = REAL_HOME / "data" / dataset
    if not (real / "x_test.npy").is_file():
        pytest.skip(f"needs the real {dataset} in {REAL_HOME / 'data'}; the README says how to get it")
    (convlens_home / "data").mkdir(parents=True)
    (convlens_home / "data" / dataset).symlink_to(real)
    images = datasets.load(dataset).x_test[:200, ..., 0] / np.float32(255)
    larger = [np.kron(image, np.ones((5, 5), np.float32)) for image in images]
    other = FASHION if how == MNIST else MNIST
    same, else_wise = (
        np.median(
            [np.abs(prepare_ink(one, way).network_input - was).mean() for one, was in zip(larger, images)]
        )
        for way in (how, other)
    )
    assert same < 1e-6
    assert else_wise > 0.1


def test_empty_paper():
    stages = preprocess_drawing(np.zeros((40, 50), np.float32))
    assert stages.is_empty
    assert stages.box == (0, 40, 0, 50)
    assert stages.centre_of_mass == MIDDLE
    assert stages.network_input.shape == (28, 28)
    assert not stages.network_input.any()
    assert not stages.ink.any()
    assert not merely_shrunk(stages.ink).any()
    assert not without_box(stages).any()


def test_paper_full_of_ink_is_ink():
    """Faults D8: the paper is known, and not guessed from the border."""
    stages = preprocess_drawing(np.ones((280, 280), np.float32))
    assert stages.box == (0, 280, 0, 280)
    np.testing.assert_array_equal(stages.network_input[4:24, 4:24], np.ones((20, 20)))
    edge = rectangle(0, 0, 280, 280)
    edge[40:240, 40:240] = 0
    np.testing.assert_array_equal(preprocess_drawing(edge).ink, edge)


def test_a_dot_and_a_single_pixel_are_drawings():
    for side in (1, 14):
        stages = preprocess_drawing(rectangle(100, 7, side, side))
        assert not stages.is_empty
        assert within_half_a_pixel(centre_of_mass(stages.network_input))
        np.testing.assert_array_equal(stages.boxed, np.ones((20, 20)))


def test_a_hair_line_stays_one_pixel_wide():
    stages = preprocess_drawing(rectangle(0, 140, 280, 1))
    assert stages.boxed.shape == (20, 1)
    assert stages.network_input.sum() == pytest.approx(20, rel=1e-5)


def test_what_is_too_faint_to_be_ink_does_not_widen_the_crop():
    ink = rectangle(100, 100, 50, 50)
    ink[0, 0] = INK_AT_LEAST / 2
    assert preprocess_drawing(ink).box == (100, 150, 100, 150)


def test_shrinking_is_antialiased():
    # Stripes of one pixel every second column are half ink once they are far too narrow to be seen.
    ink = rectangle(40, 40, 200, 200)
    ink[:, ::2] = 0
    boxed = preprocess_drawing(ink).boxed
    np.testing.assert_allclose(boxed[:, 1:-1], 0.5, atol=0.06)


def test_without_a_stage_the_network_gets_something_else():
    stages = preprocess_drawing(rectangle(10, 30, 100, 50))
    plain = merely_shrunk(stages.ink)  # a tenth of the paper: rows 1 to 10, columns 3 to 7
    expected = np.zeros((28, 28))
    expected[1:11, 3:8] = 1
    np.testing.assert_allclose(plain, expected, atol=1e-6)
    moved = without_box(stages)
    assert within_half_a_pixel(centre_of_mass(moved))
    assert moved.sum() == pytest.approx(plain.sum(), rel=1e-4)
    assert moved.sum() < stages.network_input.sum() / 2


@st.composite
def strokes(draw):
    """Ink `(90, 90)`: a few thick strokes in the upper left 45×45."""
    ink = np.zeros((90, 90), np.float32)
    for _ in range(draw(st.integers(1, 4))):
        ends = draw(st.tuples(*[st.floats(3, 40)] * 4))
        for t in np.linspace(0, 1, 40):
            row, column = ends[0] + t * (ends[1] - ends[0]), ends[2] + t * (ends[3] - ends[2])
            ink[int(row) : int(row) + 4, int(column) : int(column) + 4] = 1
    return ink


@settings(max_examples=40, deadline=None)
@given(strokes(), st.integers(0, 45), st.integers(0, 45))
def test_where_on_the_paper_it_was_drawn_does_not_matter(ink, down, right):
    moved = np.roll(ink, (down, right), (0, 1))
    here, there = preprocess_drawing(ink), preprocess_drawing(moved)
    np.testing.assert_array_equal(here.network_input, there.network_input)


@settings(max_examples=40, deadline=None)
@given(strokes(), st.sampled_from([2, 3]))
def test_how_large_it_was_drawn_does_not_matter(ink, times):
    large = np.kron(ink, np.ones((times, times), np.float32))
    here, there = preprocess_drawing(ink), preprocess_drawing(large)
    np.testing.assert_allclose(here.network_input, there.network_input, atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(
        np.float32, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.floats(0, 1, width=32)
    )
)
def test_any_ink_gives_an_image_in_range(ink):
    stages = preprocess_drawing(ink)
    for image in (stages.ink, stages.cropped, stages.boxed, stages.centred_box, stages.network_input):
        assert image.dtype == np.float32
        assert image.min() >= 0
        assert image.max() <= 1
    assert stages.network_input.shape == (SIDE, SIDE)
    assert stages.network_input.any() != stages.is_empty


def test_another_array_is_refused():
    for wrong in (np.zeros((4, 4, 3), np.float32), np.zeros((4, 4), np.uint8), np.zeros((0, 4), np.float32)):
        with pytest.raises(ValueError, match=r"ink is .*; allowed is float32 \(H, W\)"):
            preprocess_drawing(wrong)
