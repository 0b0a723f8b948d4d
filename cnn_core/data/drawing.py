"""From the drawing canvas to a network's input, the way MNIST was made, with every stage kept.

LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition, 1998, III.A:
the digit is scaled into a 20×20 box with its aspect kept, anti-aliased, and placed in 28×28 so that its
centre of mass lies in the centre. Unlike there, the shift is by fractions of a pixel as well.
"""

from dataclasses import dataclass

import numpy as np

from cnn_core.arrays import Bytes, Floats, not_allowed

SIDE = 28
BOX = 20
INK_AT_LEAST = 0.1  # of full ink; below it a pixel is paper, whatever the antialiasing of the pen left there


@dataclass(frozen=True, eq=False)
class DrawingStages:
    """A drawing on its way into the network. All images are float32 in 0..1, ink 1 and paper 0.

    On an empty canvas `is_empty` is true, every stage is zeros and `box` spans the canvas.
    """

    is_empty: bool
    ink: Floats
    """`(H, W)`: the canvas as ink on paper, whatever its colours were."""
    box: tuple[int, int, int, int]
    """Rows and columns `(top, bottom, left, right)` of the ink in `ink`, ends not included."""
    cropped: Floats
    """`(bottom - top, right - left)`: the ink alone."""
    boxed: Floats
    """`(h, w)`, the longer of the two `BOX`: shrunk with its aspect kept."""
    centred_box: Floats
    """`(SIDE, SIDE)`: the box in the middle of the image, before the centre of mass is moved."""
    centre_of_mass: tuple[float, float]
    """Row and column of `centred_box`'s centre of mass, in pixels; (0, 0) is the first pixel's centre."""
    network_input: Floats
    """`(SIDE, SIDE)`: the centre of mass at the centre of the image, which is (13.5, 13.5)."""


def preprocess_drawing(rgba: Bytes) -> DrawingStages:
    """Prepare a drawing as MNIST's digits were.

    Args:
        rgba: uint8 `(H, W, 4)`, canvas pixels; a transparent canvas, dark ink on light paper and light ink on
            dark paper are told apart by what most of the border is.

    Returns:
        Every stage; `network_input` is the last.

    Raises:
        ValueError: `rgba` is not uint8 `(H, W, 4)`.
    """
    if rgba.dtype != np.uint8 or rgba.ndim != 3 or rgba.shape[2] != 4 or 0 in rgba.shape:
        raise ValueError(not_allowed("rgba", f"{rgba.dtype} {rgba.shape}", "uint8 (H, W, 4)"))
    return prepare_ink(_ink(rgba))


def prepare_ink(ink: Floats) -> DrawingStages:
    """Prepare ink `(H, W)` in 0..1, 1 where there is most of it, as MNIST's digits were; every stage of it."""
    rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
    if len(rows) == 0:
        blank = np.zeros((SIDE, SIDE), np.float32)
        middle = ((SIDE - 1) / 2,) * 2
        return DrawingStages(True, ink, (0, len(ink), 0, ink.shape[1]), ink, blank, blank, middle, blank)
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    cropped = ink[top:bottom, left:right]
    boxed = _shrink(cropped, BOX)
    centred = _in_the_middle(boxed)
    mass = _centre_of_mass(centred)
    moved = _shift(centred, (SIDE - 1) / 2 - mass[0], (SIDE - 1) / 2 - mass[1])
    return DrawingStages(False, ink, (top, bottom, left, right), cropped, boxed, centred, mass, moved)


def merely_shrunk(ink: Floats) -> Floats:
    """The drawing without any of MNIST's preparation: all of `ink` `(H, W)` shrunk to `(SIDE, SIDE)`."""
    return _resize(ink, SIDE, SIDE)


def without_box(stages: DrawingStages) -> Floats:
    """The drawing in the size it was drawn, only moved: centre of mass at the centre of `(SIDE, SIDE)`."""
    shrunk = merely_shrunk(stages.ink)
    if not shrunk.any():
        return shrunk
    row, column = _centre_of_mass(shrunk)
    return _shift(shrunk, (SIDE - 1) / 2 - row, (SIDE - 1) / 2 - column)


def _ink(rgba: Bytes) -> Floats:
    """How far each pixel is from the paper, 0..1, by luma; the paper is the median of the canvas's border."""
    values = rgba.astype(np.float32) / 255
    luma = values[..., :3] @ np.array([0.299, 0.587, 0.114], np.float32)
    alpha = values[..., 3]
    edge = np.ones(alpha.shape, bool)
    edge[1:-1, 1:-1] = False
    if np.median(alpha[edge]) < 0.5:
        ink = alpha  # nothing behind the strokes: where something was drawn is ink, of any colour
    else:
        seen = luma * alpha + (1 - alpha)  # holes show white
        paper = float(np.median(seen[edge]))
        ink = np.abs(seen - paper) / max(paper, 1 - paper)
    return np.where(ink >= INK_AT_LEAST, np.minimum(ink, 1), 0).astype(np.float32)


def _shrink(image: Floats, longest: int) -> Floats:
    scale = longest / max(image.shape)
    return _resize(image, max(1, round(image.shape[0] * scale)), max(1, round(image.shape[1] * scale)))


def _resize(image: Floats, height: int, width: int) -> Floats:
    """Each new pixel is the mean over its area: a thin stroke turns gray and is not lost."""
    resized = _areas(image.shape[0], height) @ image @ _areas(image.shape[1], width).T
    return resized.clip(0, 1).astype(np.float32)


def _areas(length: int, new_length: int) -> Floats:
    """`(new_length, length)`: what share of each new pixel each old one covers; rows sum to 1."""
    step = length / new_length
    starts = np.arange(new_length)[:, None] * step
    olds = np.arange(length)[None, :]
    overlap = np.minimum(starts + step, olds + 1) - np.maximum(starts, olds)
    shares: Floats = (overlap.clip(0, None) / step).astype(np.float32)
    return shares


def _in_the_middle(image: Floats) -> Floats:
    placed = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - image.shape[0]) // 2, (SIDE - image.shape[1]) // 2
    placed[top : top + image.shape[0], left : left + image.shape[1]] = image
    return placed


def _centre_of_mass(image: Floats) -> tuple[float, float]:
    from scipy.ndimage import center_of_mass  # here, so that a page is up before scipy is

    row, column = center_of_mass(image.astype(np.float64))
    return float(row), float(column)


def _shift(image: Floats, rows: float, columns: float) -> Floats:
    """Move by fractions of a pixel, linearly interpolated, with zeros coming in from outside."""
    from scipy.ndimage import shift

    moved: Floats = shift(image, (rows, columns), order=1, mode="grid-constant", prefilter=False)
    return moved
