"""From ink on paper to a network's input, the way its training images were made, with every stage kept.

MNIST: LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition, 1998, III.A: the digit
is scaled into a 20×20 box with its aspect kept, anti-aliased, and moved so that its centre of mass lies in the centre
of 28×28. Where that is, its 60,000 training images say: at row 13.996, column 14.007 on average (the first pixel's
centre is 0, 0), with a deviation of 0.29, which is that of moves by whole pixels (0.289). So it is done here.

What `mnist-3conv` reads of 4,000 of MNIST's test digits, enlarged, put anywhere on the paper and prepared again, and
its cross-entropy: moved to (14, 14) by whole pixels 99.40 %, 0.0215; by fractions of a pixel 99.13 %, 0.0237; to
(13.5, 13.5), the middle of the image, by whole pixels 99.08 %, 0.0348, by fractions 99.00 %, 0.0310; not moved 96.20 %,
0.1245. The digits as they are: 99.30 %, 0.0243. Enlarged without smoothing, MNIST's and Fashion-MNIST's images come out
of their ways as they were, to the last pixel in the median.
"""

import math
from dataclasses import dataclass

import numpy as np

from cnn_core.arrays import Floats, not_allowed
from cnn_core.operations.shifts import shifted

SIDE = 28
INK_AT_LEAST = np.float32(
    0.1
)  # of full ink; below it a pixel is paper, whatever the edge of the pen left there
MASS_AT = 14.0  # row and column, where the first pixel's centre is (0, 0)
MIDDLE = ((SIDE - 1) / 2, (SIDE - 1) / 2)


@dataclass(frozen=True)
class Preparation:
    """How a dataset's images were made: the ink's longer side is `box` pixels; moved `by_mass`, or in the middle."""

    box: int
    by_mass: bool


MNIST = Preparation(box=20, by_mass=True)
BUILT_IN_DIGITS = Preparation(box=20, by_mass=False)
# Xiao, Rasul, Vollgraf, Fashion-MNIST, 2017, 2.2: trimmed, the longest edge made 28, in the middle of the image.
FASHION = Preparation(box=28, by_mass=False)


@dataclass(frozen=True, eq=False)
class DrawingStages:
    """A drawing on its way into the network. All images are float32 in 0..1, ink 1 and paper 0.

    On empty paper `is_empty` is true, every stage is zeros and `box` spans the paper.
    """

    is_empty: bool
    how: Preparation
    ink: Floats
    """`(H, W)`: the ink on the paper."""
    box: tuple[int, int, int, int]
    """Rows and columns `(top, bottom, left, right)` of the ink in `ink`, ends not included."""
    cropped: Floats
    """`(bottom - top, right - left)`: the ink alone."""
    boxed: Floats
    """`(h, w)`, the longer of the two `how.box`: shrunk with its aspect kept."""
    centred_box: Floats
    """`(SIDE, SIDE)`: the box in the middle of the image, before the centre of mass is moved."""
    centre_of_mass: tuple[float, float]
    """Row and column of `centred_box`'s centre of mass, in pixels; (0, 0) is the first pixel's centre."""
    move: tuple[int, int]
    """How many pixels down and right it is moved then; (0, 0) where the dataset was not made so."""
    network_input: Floats
    """`(SIDE, SIDE)`: the centre of mass within half a pixel of (`MASS_AT`, `MASS_AT`), where it was moved there."""


def preprocess_drawing(ink: Floats, how: Preparation = MNIST) -> DrawingStages:
    """Prepare a drawing as a dataset's images were.

    Args:
        ink: float32 `(H, W)` in 0..1, as `strokes.ink_of` gives it: 1 is ink, 0 is paper.
        how: the dataset's way.

    Returns:
        Every stage; `network_input` is the last.

    Raises:
        ValueError: `ink` is not float32 `(H, W)`.
    """
    if ink.dtype != np.float32 or ink.ndim != 2 or 0 in ink.shape:
        raise ValueError(not_allowed("ink", f"{ink.dtype} {ink.shape}", "float32 (H, W)"))
    return prepare_ink(np.where(ink >= INK_AT_LEAST, ink, np.float32(0)), how)


def prepare_ink(ink: Floats, how: Preparation = MNIST) -> DrawingStages:
    """Prepare ink `(H, W)` in 0..1, 1 where there is most of it, as a dataset's images were; every stage of it."""
    rows, columns = np.flatnonzero(ink.max(1)), np.flatnonzero(ink.max(0))
    if len(rows) == 0:
        blank = np.zeros((SIDE, SIDE), np.float32)
        whole = (0, len(ink), 0, ink.shape[1])
        return DrawingStages(True, how, ink, whole, ink, blank, blank, MIDDLE, (0, 0), blank)
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    cropped = ink[top:bottom, left:right]
    boxed = _shrink(cropped, how.box)
    centred = _in_the_middle(boxed)
    mass = _centre_of_mass(centred)
    move = (_pixels_to(mass[0]), _pixels_to(mass[1])) if how.by_mass else (0, 0)
    box = (top, bottom, left, right)
    return DrawingStages(False, how, ink, box, cropped, boxed, centred, mass, move, shifted(centred, *move))


def merely_shrunk(ink: Floats) -> Floats:
    """The drawing without any of MNIST's preparation: all of `ink` `(H, W)` shrunk to `(SIDE, SIDE)`."""
    return _resize(ink, SIDE, SIDE)


def without_box(stages: DrawingStages) -> Floats:
    """The drawing in the size it was drawn, only moved: its centre of mass where MNIST's are."""
    shrunk = merely_shrunk(stages.ink)
    if not shrunk.any():
        return shrunk
    row, column = _centre_of_mass(shrunk)
    return shifted(shrunk, _pixels_to(row), _pixels_to(column))


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
    # An odd pixel goes above and to the left, as in 99 % of Fashion-MNIST's images.
    top, left = (SIDE + 1 - image.shape[0]) // 2, (SIDE + 1 - image.shape[1]) // 2
    placed[top : top + image.shape[0], left : left + image.shape[1]] = image
    return placed


def _centre_of_mass(image: Floats) -> tuple[float, float]:
    from scipy.ndimage import center_of_mass  # here, so that a page is up before scipy is

    row, column = center_of_mass(image.astype(np.float64))
    return float(row), float(column)


def _pixels_to(mass: float) -> int:
    """The whole pixels from a centre of mass to `MASS_AT`; of two as near, the smaller, as after any rounding error."""
    return math.floor(MASS_AT - mass + 0.5 - 1e-4)
