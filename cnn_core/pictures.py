"""Arrays as pictures: pixels in gray, signed values in blue and vermilion, tiles in a mosaic; PNG bytes out.

Colours have roles. A signed value is blue where positive and vermilion where negative, and the opacity is
its size: zero is transparent, so that it looks like the page behind it in a light and a dark theme alike. On a dark
page both ends are lighter, else the values between them would sink into it.
The colours of charts and components stand here too: one list for Python and, handed over as data, for the browser.
All are Okabe and Ito's, told apart by colour-blind eyes. Small pictures are enlarged by whole factors with nearest
neighbour, so that a cell stays a crisp square.
"""

from io import BytesIO

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from cnn_core.arrays import Bytes, Floats, not_allowed

Colour = tuple[int, int, int]

POSITIVE: Colour = (0x00, 0x72, 0xB2)
NEGATIVE: Colour = (0xD5, 0x5E, 0x00)
# The same two on a dark page: half a scale stands out from it as half does on a white page, or more.
POSITIVE_ON_DARK: Colour = (0x6C, 0xBE, 0xF0)
NEGATIVE_ON_DARK: Colour = (0xFF, 0x9D, 0x57)
# What is looked at: the cell or tile in every panel at once, a chart's mark.
ACCENT: Colour = (0xCC, 0x79, 0xA7)
TRAINING, VALIDATION = POSITIVE, (0xE6, 0x9F, 0x00)
RIGHT, WRONG = (0x00, 0x9E, 0x73), NEGATIVE
MUTED: Colour = (0x8A, 0x94, 0xA0)  # what stands beside or behind what matters
# Things without a role of their own, told apart by a label too; never the accent.
SERIES: tuple[Colour, ...] = (POSITIVE, VALIDATION, RIGHT, NEGATIVE, (0x56, 0xB4, 0xE9))
# Text in a light and in a dark theme.
INK, INK_ON_DARK = (0x17, 0x21, 0x2E), (0xE8, 0xED, 0xF3)


def ends(dark: bool) -> tuple[Colour, Colour]:
    """The colours of the largest positive and the largest negative value on a light or a dark page."""
    return (POSITIVE_ON_DARK, NEGATIVE_ON_DARK) if dark else (POSITIVE, NEGATIVE)


def css(colour: Colour) -> str:
    """A colour as CSS and SVG write it, "#0072b2"."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def symmetric_limit(*values: ArrayLike) -> float:
    """The largest finite magnitude in these arrays, the limit of their signed scale; 1.0 if all are zero."""
    largest = 0.0
    for array in values:
        magnitudes = np.abs(np.asarray(array, dtype=np.float64))
        largest = max(largest, float(magnitudes.max(where=np.isfinite(magnitudes), initial=0.0)))
    return largest if largest > 0 else 1.0


def gray_rgb(image: ArrayLike) -> Bytes:
    """Pixels (H, W), (1, H, W) or (3, H, W) in 0..1 as an opaque picture, uint8 (H, W, 3).

    One channel is shown in gray, three are red, green and blue. Values outside 0..1 are clipped.
    Raises ValueError for any other shape.
    """
    pixels = np.asarray(image, dtype=np.float32)
    if pixels.ndim == 2:
        pixels = pixels[None]
    if pixels.ndim != 3 or pixels.shape[0] not in (1, 3):
        allowed = "(H, W), (1, H, W) or (3, H, W)"
        raise ValueError(not_allowed("image", f"of shape {np.shape(image)}", allowed))
    bytes_ = np.rint(np.nan_to_num(pixels.clip(0, 1)) * 255).astype(np.uint8)
    return np.repeat(bytes_, 3 // len(bytes_), axis=0).transpose(1, 2, 0).copy()


def weights_rgb(weights: ArrayLike, limits: ArrayLike) -> Floats:
    """Signed weights of three channels (N, 3, H, W) as pixels 0..1 of the same shape: 0 is the middle of a channel,
    each one's limit of `limits` (N,) its full light, minus that none. ValueError for another number of channels."""
    numbers = np.asarray(weights, dtype=np.float32)
    if numbers.ndim != 4 or numbers.shape[1] != 3:
        raise ValueError(not_allowed("weights", f"of shape {numbers.shape}", "(N, 3, H, W)"))
    shares = numbers / np.asarray(limits, np.float32)[:, None, None, None]
    return np.asarray((0.5 + shares / 2).clip(0, 1), dtype=np.float32)


def signed_rgba(values: ArrayLike, limit: float | None = None, *, dark: bool = False) -> Bytes:
    """Signed values (..., H, W) as a picture uint8 (..., H, W, 4): the sign is the hue, the size the opacity.

    `limit` > 0 is the magnitude shown fully opaque, by default the largest in `values`; larger ones look alike; `dark`
    is the page they stand on. NaN is shown in half-opaque gray, which no number has. Raises ValueError for any other
    limit.
    """
    numbers = np.asarray(values, dtype=np.float64)
    limit = symmetric_limit(numbers) if limit is None else limit
    if not limit > 0:
        raise ValueError(not_allowed("limit", limit, "a positive number"))
    opacity = np.nan_to_num(np.abs(numbers) / limit, posinf=1.0).clip(0, 1)
    picture = np.empty((*numbers.shape, 4), dtype=np.uint8)
    positive, negative = ends(dark)
    picture[..., :3] = np.where((numbers < 0)[..., None], negative, positive)
    picture[..., 3] = np.rint(opacity * 255)
    picture[np.isnan(numbers)] = (128, 128, 128, 128)
    return picture


def whole_factor(height: int, width: int, target: int) -> int:
    """The largest whole factor, at least 1, that keeps the longer side within `target` pixels."""
    return max(1, target // max(height, width, 1))


def enlarge(picture: Bytes, factor: int) -> Bytes:
    """Each pixel of (..., H, W, C) repeated to `factor` × `factor`; ValueError for a factor below 1."""
    if factor < 1:
        raise ValueError(not_allowed("factor", factor, "a whole number of 1 or more"))
    return picture.repeat(factor, axis=-3).repeat(factor, axis=-2)


def png(picture: Bytes) -> bytes:
    """A uint8 picture (H, W), (H, W, 3) or (H, W, 4) as the bytes of a PNG file."""
    buffer = BytesIO()
    Image.fromarray(picture).save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()


def gray_png(image: ArrayLike, factor: int = 1) -> bytes:
    """Pixels as `gray_rgb` shows them, enlarged by `factor`, as the bytes of a PNG file."""
    return png(enlarge(gray_rgb(image), factor))


def signed_png(
    values: ArrayLike, limit: float | None = None, factor: int = 1, *, dark: bool = False
) -> bytes:
    """One map (H, W) as `signed_rgba` shows it, enlarged by `factor`, as the bytes of a PNG file."""
    return png(enlarge(signed_rgba(values, limit, dark=dark), factor))
