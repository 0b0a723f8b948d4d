"""Pictures are read back pixel by pixel."""

import tomllib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageColor

from cnn_core import pictures

ROOT = Path(__file__).parents[2]


def test_sign_is_the_hue_and_size_the_opacity() -> None:
    picture = pictures.signed_rgba([[2.0, -1.0, 0.0]], limit=2.0)
    assert picture[0, 0].tolist() == [0x00, 0x72, 0xB2, 255]
    assert picture[0, 1].tolist() == [0xD5, 0x5E, 0x00, 128]
    assert picture[0, 2, 3] == 0


def _luminance(colour: np.ndarray) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    share = np.asarray(colour, float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _contrast(value: float, background: tuple[int, int, int], *, dark: bool) -> float:
    """How far a value of a scale to ±1 stands out from the page it is on."""
    *colour, opacity = pictures.signed_rgba([[value]], 1.0, dark=dark)[0, 0].astype(float)
    seen = np.array(background) + (np.array(colour) - background) * opacity / 255
    lights = sorted([_luminance(seen), _luminance(np.array(background))])
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.75, 1.0])
def test_a_value_is_seen_on_a_dark_page_as_on_a_white_one(share: float, sign: int) -> None:
    theme = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
    pages = [ImageColor.getrgb(theme[name]["backgroundColor"])[:3] for name in ("light", "dark")]
    light, dark = (_contrast(sign * share, page, dark=is_dark) for page, is_dark in zip(pages, (False, True)))
    assert dark >= light
    assert share < 0.5 or dark >= 3


def test_values_beyond_the_limit_are_as_strong_as_the_limit_and_nan_is_gray() -> None:
    picture = pictures.signed_rgba([[9.0, -np.inf, np.nan]], limit=1.0)
    assert picture[0, :2, 3].tolist() == [255, 255]
    assert picture[0, 2].tolist() == [128, 128, 128, 128]


@pytest.mark.parametrize(
    ("values", "limit"),
    [([-3.0, 2.0], 3.0), ([0.0, 0.0], 1.0), ([], 1.0), ([np.nan, np.inf, 0.5], 0.5)],
)
def test_symmetric_limit(values: list[float], limit: float) -> None:
    assert pictures.symmetric_limit(values) == limit
    assert pictures.symmetric_limit(values, [0.0], [-0.25]) == (0.25 if not np.any(values) else limit)


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_a_limit_that_is_not_positive_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="limit is"):
        pictures.signed_rgba([[1.0]], limit)


def test_gray_pixels_keep_their_brightness_and_colours_their_channels() -> None:
    assert pictures.gray_rgb([[0.0, 0.5, 2.0]]).tolist() == [[[0] * 3, [128] * 3, [255] * 3]]
    red = np.zeros((3, 1, 1))
    red[0] = 1
    assert pictures.gray_rgb(red).tolist() == [[[255, 0, 0]]]
    with pytest.raises(ValueError, match=r"image is of shape \(2, 4, 4\)"):
        pictures.gray_rgb(np.zeros((2, 4, 4)))


def test_enlarging_repeats_whole_pixels() -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    large = pictures.enlarge(picture, 3)
    assert large.shape == (6, 6, 3)
    np.testing.assert_array_equal(large[::3, ::3], picture)
    np.testing.assert_array_equal(large[2, 5], picture[0, 1])
    with pytest.raises(ValueError, match="factor is 0"):
        pictures.enlarge(picture, 0)


@pytest.mark.parametrize(
    ("height", "width", "target", "factor"), [(28, 28, 280, 10), (28, 28, 300, 10), (64, 8, 30, 1)]
)
def test_whole_factor(height: int, width: int, target: int, factor: int) -> None:
    assert pictures.whole_factor(height, width, target) == factor


def test_png_gives_the_pixels_back() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (4, 5, 4), dtype=np.uint8)
    with Image.open(BytesIO(pictures.png(picture))) as image:
        np.testing.assert_array_equal(np.asarray(image), picture)
    with Image.open(BytesIO(pictures.gray_png([[0.0, 1.0]], 2))) as image:
        assert (image.size, image.getpixel((3, 1))) == ((4, 2), (255, 255, 255))
    with Image.open(BytesIO(pictures.signed_png([[1.0, -1.0]], factor=3))) as image:
        assert (image.size, image.getpixel((5, 0))) == ((6, 3), (*pictures.NEGATIVE, 255))


def test_css_colour() -> None:
    assert pictures.css(pictures.POSITIVE) == "#0072b2"


def test_weights_of_three_channels_are_colours_with_zero_in_the_middle() -> None:
    weights = np.array([[[[2.0]], [[0.0]], [[-1.0]]], [[[0.5]], [[-4.0]], [[0.0]]]])
    colours = pictures.weights_rgb(weights, [2.0, 1.0])
    np.testing.assert_array_equal(colours[:, :, 0, 0], [[1, 0.5, 0.25], [0.75, 0, 0.5]])
    with pytest.raises(ValueError, match=r"weights is of shape \(2, 4, 1, 1\)"):
        pictures.weights_rgb(np.zeros((2, 4, 1, 1)), [1, 1])
