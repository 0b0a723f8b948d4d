"""Strokes on square paper and the ink that they leave: what a drawing pad tells, and what everybody computes from it.

The pad in the browser puts the same ink on its paper while one draws (`pages/ui/components/pad/raster.js`); a test
holds the two equal.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cnn_core.arrays import Floats, not_allowed

PAPER = 280  # units a side; a pixel of the ink is one unit
Kind = Literal["pen", "eraser", "clear"]
WIDTHS = (1.0, 100.0)  # of a pen, in units
# What a drawing may have: half a minute of wild scribbling is a tenth of it.
MOST_STROKES, MOST_POINTS, MOST_LENGTH = 400, 4000, 60_000.0


@dataclass(frozen=True)
class Stroke:
    """One act on the paper. `points` are x0, y0, x1, y1, … in units from the upper left; "clear" has none."""

    kind: Kind
    width: float
    points: tuple[float, ...]

    def as_json(self) -> dict[str, object]:
        """As the pad knows it."""
        return {"kind": self.kind, "width": self.width, "points": list(self.points)}


def strokes_from(told: object) -> tuple[Stroke, ...]:
    """The strokes in what a browser told, which may be anything.

    Raises:
        ValueError: it is no list of strokes, or more than a drawing may have.
    """
    if not isinstance(told, list) or len(told) > MOST_STROKES:
        raise ValueError(not_allowed("strokes", _short(told), f"a list of {MOST_STROKES} at most"))
    strokes = tuple(_stroke(one) for one in told)
    if sum(len(stroke.points) for stroke in strokes) > 2 * MOST_POINTS:
        raise ValueError(f"a drawing has more than {MOST_POINTS} points")
    if sum(_length(stroke) for stroke in strokes) > MOST_LENGTH:
        raise ValueError(f"a drawing's lines are longer than {MOST_LENGTH:.0f} units")
    return strokes


def ink_of(strokes: Sequence[Stroke], side: int = PAPER) -> Floats:
    """The ink `(side, side)` float32 in 0..1 that strokes leave on empty paper, 1 where there is most.

    A pixel that the pen's round tip covers in part gets that share of ink, by the distance of its centre from the
    line; the eraser leaves of it what it does not cover.
    """
    ink = np.zeros((side, side), np.float32)
    for stroke in strokes:
        if stroke.kind == "clear":
            ink[:] = 0
            continue
        points = np.array(stroke.points, np.float64).reshape(-1, 2)
        ends = points[1:] if len(points) > 1 else points
        for start, end in zip(points, ends):
            _stamp(ink, start, end, stroke.width / 2, stroke.kind == "eraser")
    return ink


def _stamp(
    ink: Floats, start: NDArray[np.float64], end: NDArray[np.float64], radius: float, erases: bool
) -> None:
    """One line of a stroke, in the same order of arithmetic as in the browser."""
    reach = radius + 0.5
    low = np.maximum(0, np.floor(np.minimum(start, end) - reach)).astype(int)
    high = np.minimum(len(ink), np.ceil(np.maximum(start, end) + reach)).astype(int)
    if (low >= high).any():  # beside the paper
        return
    x = np.arange(low[0], high[0])[None, :] + 0.5
    y = np.arange(low[1], high[1])[:, None] + 0.5
    dx, dy = end - start
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else (((x - start[0]) * dx + (y - start[1]) * dy) / length).clip(0, 1)
    distance = np.sqrt((x - (start[0] + along * dx)) ** 2 + (y - (start[1] + along * dy)) ** 2)
    covered = (reach - distance).clip(0, 1).astype(np.float32)
    part = ink[low[1] : high[1], low[0] : high[0]]
    part[:] = np.minimum(part, 1 - covered) if erases else np.maximum(part, covered)


def _stroke(told: object) -> Stroke:
    if not isinstance(told, dict) or told.keys() != {"kind", "width", "points"}:
        raise ValueError(not_allowed("stroke", _short(told), "kind, width and points"))
    kind, width, points = told["kind"], told["width"], told["points"]
    if kind not in get_args(Kind):
        raise ValueError(not_allowed("kind", _short(kind), "pen, eraser or clear"))
    if kind == "clear":
        return Stroke("clear", 0, ())
    if not _is_number(width, *WIDTHS):
        raise ValueError(not_allowed("width", _short(width), f"{WIDTHS[0]:.0f} to {WIDTHS[1]:.0f}"))
    whole = isinstance(points, list) and 2 <= len(points) <= 2 * MOST_POINTS and len(points) % 2 == 0
    if not whole or not all(_is_number(one, -PAPER, 2 * PAPER) for one in points):
        allowed = f"pairs of numbers from {-PAPER} to {2 * PAPER}"
        raise ValueError(not_allowed("points", _short(points), allowed))
    return Stroke(kind, float(width), tuple(float(one) for one in points))


def _is_number(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _length(stroke: Stroke) -> float:
    points = list(zip(stroke.points[::2], stroke.points[1::2]))
    return sum(math.dist(one, other) for one, other in pairwise(points))


def _short(value: object) -> str:
    return repr(value)[:40] if isinstance(value, str | int | float | None) else type(value).__name__
