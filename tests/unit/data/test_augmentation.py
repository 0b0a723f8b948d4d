"""Augmentation: exact where pixels only move, within bounds everywhere, and never in place."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from cnn_core import ranges
from cnn_core.data import augmentation
from cnn_core.data.augmentation import Augmentation, augment, augment_arrays


def batch(count: int = 4, channels: int = 1, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).random((count, channels, 11, 9), np.float32))


def changed(images: torch.Tensor, seed: int = 0, **settings: object) -> torch.Tensor:
    return augment(images, Augmentation(**settings), torch.Generator().manual_seed(seed))


def test_no_change_is_no_change() -> None:
    assert torch.equal(changed(batch()), batch())
    assert not Augmentation().active
    assert Augmentation(flip=True).active


def test_a_shift_moves_whole_pixels_and_fills_with_black() -> None:
    images = batch(40, 3)
    seen = set()
    for before, after in zip(images, changed(images, shift=2), strict=True):
        padded = torch.nn.functional.pad(before, (2, 2, 2, 2))
        matches = [
            (dy, dx)
            for dy in range(5)
            for dx in range(5)
            if torch.allclose(padded[:, dy : dy + 11, dx : dx + 9], after, atol=1e-5)
        ]
        assert len(matches) == 1
        seen.update(matches)
    assert len(seen) > 10


def test_sampling_equals_scipys() -> None:
    rng = np.random.default_rng(0)
    images = batch(3, 2)
    rows, cols = rng.uniform(-3, 13, (3, 11, 9)), rng.uniform(-3, 11, (3, 11, 9))
    result = augmentation._sample(images, torch.from_numpy(rows).float(), torch.from_numpy(cols).float())
    for i in range(3):
        for c in range(2):
            padded = np.pad(images[i, c].numpy(), 4)
            expected = ndimage.map_coordinates(padded, [rows[i] + 4, cols[i] + 4], order=1)
            np.testing.assert_allclose(result[i, c], expected, atol=1e-5)


def test_a_quarter_turn_of_a_square_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        augmentation, "_uniform", lambda reach, count, _generator: torch.full((count, 1, 1, 1), reach)
    )
    image = torch.arange(25, dtype=torch.float32).reshape(1, 1, 5, 5) / 25
    turned = changed(image, rotate=90.0)
    np.testing.assert_allclose(turned[0, 0], np.rot90(image[0, 0]), atol=1e-5)


def test_zoom_makes_things_larger_and_smaller_by_its_share() -> None:
    images = torch.zeros(300, 1, 41, 41)
    images[:, :, 10:31, 10:31] = 1  # a square of 21×21
    sides = changed(images, zoom=0.5).sum(dim=(1, 2, 3)).sqrt()
    assert 0.5 * 21 - 0.2 <= sides.min() < 0.55 * 21
    assert 1.45 * 21 < sides.max() <= 1.5 * 21 + 0.2


def test_a_flip_mirrors_about_half_of_the_images() -> None:
    images = batch(200)
    flipped = changed(images, flip=True)
    mirrored = (flipped == images.flip(3)).all(-1).all(-1).all(-1)
    untouched = (flipped == images).all(-1).all(-1).all(-1)
    assert (mirrored ^ untouched).all()
    assert 70 < mirrored.sum() < 130


def test_brightness_is_one_factor_an_image_and_noise_one_number_a_value() -> None:
    grey = torch.full((500, 1, 11, 9), 0.5)
    factors = changed(grey, brightness=0.2)[:, 0] / 0.5
    torch.testing.assert_close(factors, factors[:, :1, :1].expand_as(factors))
    assert 0.8 <= factors.min() < 0.82
    assert 1.18 < factors.max() <= 1.2
    noise = changed(grey, noise=0.1) - 0.5
    assert noise.std().item() == pytest.approx(0.1, rel=0.02)
    assert noise.mean().item() == pytest.approx(0, abs=0.002)


def test_cutout_blackens_a_square_where_it_lies_inside() -> None:
    cut = changed(torch.ones(50, 1, 11, 9), cutout=3)
    zeros = (cut == 0).sum(dim=(1, 2, 3))
    assert zeros.max() == 9
    assert zeros.min() >= 4  # at a corner, two by two of it remain inside
    even = changed(torch.ones(50, 1, 11, 9), cutout=4)
    assert (even == 0).sum(dim=(1, 2, 3)).max() == 16


@given(
    st.builds(
        Augmentation,
        **{
            name: st.booleans()
            if one.kind is bool
            else (st.integers if one.kind is int else st.floats)(one.low, one.high)
            for name, one in ranges.ranges(Augmentation).items()
        },
    ),
    st.integers(0, 100),
)
def test_any_settings_keep_shape_range_and_input(settings: Augmentation, seed: int) -> None:
    images = batch(5, 3).numpy()
    result = augment_arrays(images, settings, seed)
    assert result.shape == images.shape
    assert result.dtype == np.float32
    assert 0 <= result.min() <= result.max() <= 1
    np.testing.assert_array_equal(images, batch(5, 3))
    np.testing.assert_array_equal(result, augment_arrays(images, settings, seed))


def test_wrong_settings_are_named() -> None:
    with pytest.raises(ValueError, match="shift is -1; allowed is a whole number from 0 to 8"):
        Augmentation(shift=-1)
    with pytest.raises(ValueError, match=r"zoom is 1\.0; allowed is a number from 0 to 0\.5"):
        Augmentation(zoom=1.0)
    with pytest.raises(ValueError, match=r"images is of shape \(3, 3\)"):
        changed(torch.zeros(3, 3))
