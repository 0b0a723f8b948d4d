"""Ink found on paper: from a photograph of something written to the canvas it could have been drawn on.

The paper is what most of the picture is. Light falls unevenly on it, so that its brightness is a surface of the second
degree, fitted to the pixels that are not ink; ink is what stands out from it, to whichever side more does.
"""

import numpy as np

from cnn_core.arrays import Bytes, Floats, not_allowed
from cnn_core.data.decoding import UNSEEN_ABOVE

STANDS_OUT = 0.08  # of the range from black to white: what differs less from the paper is no ink on it
FAINTEST = 0.1  # of full ink: the softest edge of a stroke
DEVIATIONS = 5.0  # of the paper's own grain: what differs less is grain
SPECK = 0.03  # of the largest piece of ink: a piece that is smaller is dust
FITTED = 4096  # pixels that the paper is fitted to


def ink_on_paper(picture: Bytes, alpha: Bytes | None = None) -> Floats:
    """How much ink there is at each pixel of a picture of something written, dark on light or light on dark.

    Args:
        picture: uint8 `(H, W, 3)`.
        alpha: uint8 `(H, W)`, how opaque it is. Where nothing is seen on white, what is opaque is ink.

    Returns:
        float32 `(H, W)` in 0..1, ink 1 and paper 0; all 0 where nothing stands out.

    Raises:
        ValueError: names the argument, its value and what is allowed.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or 0 in picture.shape:
        raise ValueError(not_allowed("picture", f"{picture.dtype} {picture.shape}", "uint8 (H, W, 3)"))
    if alpha is not None and (alpha.dtype != np.uint8 or alpha.shape != picture.shape[:2]):
        raise ValueError(not_allowed("alpha", f"{alpha.dtype} {alpha.shape}", "uint8 (H, W), as picture"))
    luma: Floats = (picture @ np.array([0.299, 0.587, 0.114]) / 255).astype(np.float32)
    if alpha is not None and picture.min() > UNSEEN_ABOVE:
        luma = 1 - alpha.astype(np.float32) / np.float32(255)
    darker, grain = _darker_than_paper(luma)
    least = max(STANDS_OUT, DEVIATIONS * grain)
    dark, light = (float(side[side > least].sum()) for side in (darker, -darker))
    if dark == light == 0:
        return np.zeros_like(luma)
    contrast = darker if dark >= light else -darker
    full = float(np.percentile(contrast[contrast > least], 75))
    ink = np.where(contrast >= max(FAINTEST * full, DEVIATIONS * grain), np.minimum(contrast / full, 1), 0)
    return _without_specks(ink.astype(np.float32))


def _darker_than_paper(luma: Floats) -> tuple[Floats, float]:
    """How much darker each pixel is than the paper there, and the standard deviation of the paper's grain."""
    rows, columns = (np.linspace(-1, 1, length, dtype=np.float32) for length in luma.shape)
    height, width = luma.shape
    step = max(1, int(np.sqrt(height * width / FITTED)))
    y, x = np.meshgrid(rows[::step], columns[::step], indexing="ij")
    seen = luma[::step, ::step].ravel()
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], -1).reshape(-1, 6)
    surface = np.full_like(seen, np.median(seen))
    grain = 0.0
    for _ in range(12):
        away = np.abs(seen - surface)
        grain = 1.4826 * float(np.median(away))  # of a normal distribution by its median deviation
        paper = away <= max(STANDS_OUT / 2, 2.5 * grain)
        known = terms[paper]  # six equations instead of thousands: 20 times as quick
        factors = np.linalg.lstsq(known.T @ known, known.T @ seen[paper], rcond=None)[0]
        surface = terms @ factors
    grain = 1.4826 * float(np.median(np.abs(seen - surface)[paper]))
    y, x = rows[:, None], columns[None, :]
    f = factors.astype(np.float32)
    whole = f[0] + f[1] * x + f[2] * y + f[3] * x * y + f[4] * x * x + f[5] * y * y
    return whole - luma, grain


def _without_specks(ink: Floats) -> Floats:
    """The ink without pieces that are small beside the largest one: dust, and grain that stands out by chance."""
    from scipy.ndimage import label, sum_labels  # here, so that a page is up before scipy is

    pieces, count = label(ink > 0, np.ones((3, 3)))
    if count == 0:
        return ink
    amounts = np.concatenate([[0.0], sum_labels(ink, pieces, np.arange(1, count + 1))])
    kept: Floats = np.where((amounts >= SPECK * amounts.max())[pieces], ink, 0).astype(np.float32)
    return kept
