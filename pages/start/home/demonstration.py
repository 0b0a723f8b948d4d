"""What Home draws by itself until the visitor takes the pen: digits as the points that a pen passes, stroke by stroke.

Each is a drawing of its own; the first is read as one digit, then two more strokes make another of it.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from cnn_core.arrays import Doubles
from cnn_core.data.strokes import Stroke

PEN = 22.0  # units wide; the paper is `strokes.PAPER` of them
APART = 5.0  # units between two points of a stroke, so that a pen moves evenly
Point = tuple[float, float]

# (x, y) from the upper left corner; a curve passes all of them.
_THREE_THEN_EIGHT: tuple[tuple[Point, ...], ...] = (
    (
        (92, 84),
        (112, 52),
        (152, 44),
        (184, 66),
        (178, 106),
        (138, 132),
        (182, 154),
        (194, 198),
        (160, 234),
        (112, 232),
        (84, 204),
    ),
    ((92, 84), (98, 112), (138, 132)),
    ((138, 132), (92, 162), (84, 204)),
)
_FOUR = (
    ((122, 48), (104, 96), (78, 158), (134, 160), (212, 152)),
    ((176, 92), (168, 150), (160, 240)),
)
_FIVE = (
    ((100, 54), (96, 92), (92, 126), (130, 112), (176, 130), (190, 176), (168, 222), (124, 236), (82, 218)),
    ((100, 54), (146, 52), (194, 50)),
)
_NINE = (
    (
        (182, 84),
        (152, 52),
        (110, 62),
        (92, 102),
        (112, 138),
        (152, 134),
        (180, 98),
        (182, 84),
        (180, 140),
        (168, 240),
    ),
)
DRAWINGS = (_THREE_THEN_EIGHT, _FOUR, _NINE, _FIVE)


@cache
def drawings() -> tuple[tuple[Stroke, ...], ...]:
    """Every drawing's strokes in the order of drawing."""
    return tuple(tuple(stroke(points) for points in drawing) for drawing in DRAWINGS)


def stroke(points: Sequence[Point]) -> Stroke:
    """A pen's way through `points`, on a pad's grid of eighths, `APART` units apart."""
    return Stroke("pen", PEN, tuple((np.round(8 * curve(points)) / 8).ravel().tolist()))


def curve(points: Sequence[Point]) -> Doubles:
    """Points `(N, 2)` at equal distances on the centripetal Catmull-Rom curve that passes `points`, both ends too."""
    knots = np.array(points, np.float64)
    around = np.concatenate([2 * knots[:1] - knots[1:2], knots, 2 * knots[-1:] - knots[-2:-1]])
    fine = np.concatenate([_piece(around[k : k + 4]) for k in range(len(knots) - 1)] + [knots[-1:]])
    way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(fine, axis=0), axis=1))])
    places = np.linspace(0, way[-1], max(2, round(way[-1] / APART) + 1))
    return np.stack([np.interp(places, way, fine[:, axis]) for axis in range(2)], axis=1)


def _piece(four: Doubles) -> Doubles:
    """Points `(40, 2)` from the second of four knots up to the third, by the pyramid of Barry and Goldman (1988)."""
    times = np.concatenate([[0.0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(four, axis=0), axis=1)))])
    at = np.linspace(times[1], times[2], 40, endpoint=False)[:, None]
    level = list(four)
    for width in (1, 2, 2):
        low = 0 if width == 1 or len(level) == 3 else 1
        level = [
            ((times[low + k + width] - at) * level[k] + (at - times[low + k]) * level[k + 1])
            / (times[low + k + width] - times[low + k])
            for k in range(len(level) - 1)
        ]
    points: Doubles = level[0]
    return points
