"""The shift test: move the input a pixel at a time and measure what changes behind it.

A change is relative: the length of the difference over the length of what was there before, ‖b − a‖ / ‖a‖; 0
is none. Azulay and Weiss (2019) and Zhang (2019) measured in this way how little invariance pooling gives.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Pair


def shifted(x: npt.ArrayLike, rows: int, columns: int) -> Floats:
    """`x` `(..., H, W)` moved down by `rows` and right by `columns` (negative: up, left); zeros come in."""
    image = np.asarray(x, np.float32)
    moved = np.zeros_like(image)
    height, width = image.shape[-2:]
    if abs(rows) < height and abs(columns) < width:
        to = slice(max(rows, 0), height + min(rows, 0)), slice(max(columns, 0), width + min(columns, 0))
        of = slice(max(-rows, 0), height + min(-rows, 0)), slice(max(-columns, 0), width + min(-columns, 0))
        moved[..., to[0], to[1]] = image[..., of[0], of[1]]
    return moved


def relative_change(before: npt.ArrayLike, after: npt.ArrayLike) -> float:
    """‖after − before‖ / ‖before‖; 0 where nothing changed, infinity where there was nothing before."""
    a, b = np.asarray(before, np.float64), np.asarray(after, np.float64)
    difference, length = float(np.linalg.norm(b - a)), float(np.linalg.norm(a))
    if difference == 0:
        return 0.0
    return difference / length if length else float("inf")


@dataclass(frozen=True)
class ShiftEffect:
    """What a shift of the input does to an output."""

    changed: int  # cells with another value
    cells: int
    change: float  # relative
    moved: Pair | None  # the nearest whole cells that the output could have moved along; None for one cell
    beyond: float  # the relative change that is left when the output before is moved along


def shift_effect(before: Floats, after: Floats, shift: Pair, stride: Pair) -> ShiftEffect:
    """Compare outputs `(H_out, W_out)` before and after the input moved by `shift` (rows, columns).

    Where the shift is a whole number of strides the output should only move along; what is left beyond that
    is what the operation made of the other positions of its windows.
    """
    change = relative_change(before, after)
    changed = int(np.count_nonzero(before != after))
    if before.size == 1:
        return ShiftEffect(changed, 1, change, None, change)
    moved = (round_half_up(shift[0] / stride[0]), round_half_up(shift[1] / stride[1]))
    along = shifted(before, *moved)
    return ShiftEffect(changed, before.size, change, moved, relative_change(along, after))


def round_half_up(value: float) -> int:
    """To the nearest whole number, halves away from zero: the same to the left as to the right."""
    return int(np.copysign(np.floor(abs(value) + 0.5), value))
