"""Augmentation: exact where pixels only move, within bounds everywhere, and never in place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from cnn_core.data.augmentation import Augmentation, _sample, augment


def batch(count: int = 4, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((count, channels, 11, 9), np.float32)


def test_no_change_is_no_change() -> None:
    np.testing.assert_array_equal(augment(batch(), Augmentation(), np.random.default_rng(0)), batch())


def test_a_shift_moves_whole_pixels_and_fills_with_black() -> None:
    images = batch(40, 3)
    shifted = augment(images, Augmentation(shift=2), np.random.default_rng(0))
    seen = set()
    for before, after in zip(images, shifted, strict=True):
        padded = np.pad(before, ((0, 0), (2, 2), (2, 2)))
        matches = [
            (dy, dx)
            for dy in range(5)
            for dx in range(5)
            if np.allclose(padded[:, dy : dy + 11, dx : dx + 9], after, atol=1e-5)
        ]
        assert len(matches) == 1
        seen.update(matches)
    assert len(seen) > 10


def test_sampling_equals_scipys() -> None:
    rng = np.random.default_rng(0)
    images = batch(3, 2)
    rows, cols = rng.uniform(-3, 13, (3, 11, 9)), rng.uniform(-3, 11, (3, 11, 9))
    result = _sample(images, rows, cols)
    for i in range(3):
        for c in range(2):
            padded = np.pad(images[i, c], 4)
            expected = ndimage.map_coordinates(padded, [rows[i] + 4, cols[i] + 4], order=1)
            np.testing.assert_allclose(result[i, c], expected, atol=1e-5)


def test_a_quarter_turn_of_a_square_image() -> None:
    class Always90(np.random.Generator):
        def uniform(self, low=0.0, high=1.0, size=None):
            return np.full(size, high)

    image = np.arange(25, dtype=np.float32).reshape(1, 1, 5, 5) / 25
    turned = augment(image, Augmentation(rotate=90), Always90(np.random.PCG64(0)))
    np.testing.assert_allclose(turned[0, 0], np.rot90(image[0, 0]), atol=1e-5)


def test_a_flip_mirrors_about_half_of_the_images() -> None:
    images = batch(200)
    flipped = augment(images, Augmentation(flip=True), np.random.default_rng(0))
    mirrored = (flipped == images[..., ::-1]).all(axis=(1, 2, 3))
    untouched = (flipped == images).all(axis=(1, 2, 3))
    assert (mirrored ^ untouched).all()
    assert 70 < mirrored.sum() < 130


def test_cutout_blackens_a_square() -> None:
    cut = augment(np.ones((50, 1, 11, 9)), Augmentation(cutout=3), np.random.default_rng(0))
    zeros = (cut == 0).sum(axis=(1, 2, 3))
    assert zeros.max() == 9
    assert zeros.min() >= 4  # at a corner, two by two of it remain inside


@given(
    st.builds(
        Augmentation,
        shift=st.integers(0, 5),
        rotate=st.floats(0, 180),
        zoom=st.floats(0, 0.9),
        flip=st.booleans(),
        brightness=st.floats(0, 2),
        noise=st.floats(0, 1),
        cutout=st.integers(0, 30),
    ),
    st.integers(0, 100),
)
def test_any_settings_keep_shape_range_and_input(settings: Augmentation, seed: int) -> None:
    images = batch(5, 3)
    result = augment(images, settings, np.random.default_rng(seed))
    assert result.shape == images.shape
    assert result.dtype == np.float32
    assert 0 <= result.min() <= result.max() <= 1
    np.testing.assert_array_equal(images, batch(5, 3))
    again = augment(images, settings, np.random.default_rng(seed))
    np.testing.assert_array_equal(result, again)


def test_wrong_settings_are_named() -> None:
    with pytest.raises(ValueError, match="shift is -1"):
        Augmentation(shift=-1)
    with pytest.raises(ValueError, match="zoom is 1"):
        Augmentation(zoom=1.0)
    with pytest.raises(ValueError, match="batch has shape"):
        augment(np.zeros((3, 3)), Augmentation(), np.random.default_rng(0))
