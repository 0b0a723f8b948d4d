"""One output cell of a pooling, opened: its window, the winner, the sum and the mean."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Integers, IntOrPair, Mask
from cnn_core.operations.pooling import checked, counts
from cnn_core.operations.windows import check_cell


@dataclass(frozen=True)
class PoolTrace:
    """One output cell of one channel: the window that it summarizes."""

    window: Floats  # (kh, kw): what the window met; 0 where it met no pixel
    inside: Mask  # (kh, kw): False where it met no pixel
    rows: Integers  # (kh,): the input row of each window row, -1 outside
    columns: Integers  # (kw,)
    maximum: float  # minus infinity where there is no pixel
    winner: tuple[int, int] | None  # the input (row, column) of the maximum
    total: float  # the sum of the window, in reading order
    count: int  # what the sum is divided by
    mean: float


def trace(
    x: npt.ArrayLike,
    row: int,
    col: int,
    channel: int,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    *,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> PoolTrace:
    """The window behind cell (`channel`, `row`, `col`), with what max and average pooling make of it.

    Raises ValueError naming the argument that is wrong, also where there is no such cell.
    """
    pixels, down, across = checked(x, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)
    check_cell(row, col, channel, (len(pixels), down.outputs, across.outputs))
    rows, columns = down.positions[row], across.positions[col]
    inside = (rows[:, None] >= 0) & (columns[None, :] >= 0)
    window = np.where(inside, pixels[channel][rows[:, None], columns[None, :]], np.float32(0))
    winner = None
    if inside.any():
        best = int(np.argmax(np.where(inside, window, -np.inf)))
        winner = (int(rows[best // len(columns)]), int(columns[best % len(columns)]))
    maximum = float(pixels[channel][winner]) if winner else -np.inf
    total = float(np.cumsum(window.astype(np.float64))[-1])
    count = int(counts(down, across, count_include_pad)[row, col])
    mean = total / count if count else np.nan
    return PoolTrace(window, inside, rows, columns, maximum, winner, total, count, mean)
