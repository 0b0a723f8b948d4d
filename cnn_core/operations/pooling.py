"""Max and average pooling in NumPy: results, winners, the terms of one cell, and where the gradient goes.

Arguments, shapes and semantics are those of `torch.nn.functional.max_pool2d` and `avg_pool2d`, for one image
without a batch axis. Pooling has no weights: it learns nothing.
"""

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, Floats, Integers, IntOrPair, real_array
from cnn_core.operations.windows import Axis, output_gradient, padded, pool_axes, unpadded


def max_pool2d(
    x: npt.ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    *,
    ceil_mode: bool = False,
) -> Floats:
    """The largest value of each window; padding never wins.

    `x` `(C, H, W)`; returns float32 `(C, H_out, W_out)`. `stride` None is the kernel size; `padding` may be
    half the window at most; with `ceil_mode` the last window may hang over the edge. A window without any
    pixel (dilation can leave one) is minus infinity, as in torch. Raises ValueError naming the argument that
    is wrong.
    """
    pixels, rows, columns = checked(x, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)
    field = padded(pixels, rows, columns, fill=-np.inf)
    output = np.full((len(pixels), rows.outputs, columns.outputs), -np.inf, np.float32)
    for i in range(rows.kernel):
        for j in range(columns.kernel):
            np.maximum(output, field[:, rows.reads(i), columns.reads(j)], out=output)
    return output


def max_pool2d_winners(
    x: npt.ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    *,
    ceil_mode: bool = False,
) -> Integers:
    """Which input cell won each window: `(C, H_out, W_out, 2)` rows and columns of `x`.

    Of equal cells the first in reading order wins, as in torch; -1 where a window holds no pixel. Raises
    ValueError naming the argument that is wrong.
    """
    pixels, rows, columns = checked(x, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)
    field = padded(pixels, rows, columns, fill=-np.inf)
    best = np.full((len(pixels), rows.outputs, columns.outputs), -np.inf, np.float32)
    winners = np.full((*best.shape, 2), -1, np.int64)
    for i in range(rows.kernel):
        for j in range(columns.kernel):
            read = field[:, rows.reads(i), columns.reads(j)]
            row, column = rows.positions[:, i, None], columns.positions[None, :, j]
            # NaN wins over everything, as in torch; padding over nothing.
            wins = (row >= 0) & (column >= 0) & ((read > best) | np.isnan(read) | (winners[..., 0] < 0))
            best = np.where(wins, read, best)
            winners[..., 0] = np.where(wins, row, winners[..., 0])
            winners[..., 1] = np.where(wins, column, winners[..., 1])
    return winners


def max_pool2d_gradient(
    x: npt.ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    *,
    ceil_mode: bool = False,
    grad_output: npt.ArrayLike | None = None,
) -> Floats:
    """Where the gradient goes: all of each output cell's to the pixel that won it, none to the others.

    `grad_output` `(C, H_out, W_out)`, ones where it is None; returns float32 `(C, H, W)`. Raises ValueError
    naming the argument that is wrong.
    """
    winners = max_pool2d_winners(x, kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)
    pixels = real_array("x", x, ("C", "H", "W"))
    grads = output_gradient(grad_output, winners.shape[:-1])
    # Index -1 is the last row or column: a border for the windows without a pixel, cut off again.
    total = np.zeros((len(pixels), pixels.shape[1] + 1, pixels.shape[2] + 1))
    channel = np.arange(len(pixels))[:, None, None]
    np.add.at(total, (channel, winners[..., 0], winners[..., 1]), grads)
    return total[:, :-1, :-1].astype(np.float32)


def avg_pool2d(
    x: npt.ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    *,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Floats:
    """The mean of each window.

    `x` `(C, H, W)`; returns float32 `(C, H_out, W_out)`. `count_include_pad` counts the padding's zeros among
    the cells that the sum is divided by; what hangs over behind the padding never counts. Raises ValueError
    naming the argument that is wrong.
    """
    pixels, rows, columns = checked(x, kernel_size, stride, padding, ceil_mode=ceil_mode)
    field = padded(pixels, rows, columns).astype(np.float64)
    total = np.zeros((len(pixels), rows.outputs, columns.outputs))
    for i in range(rows.kernel):
        for j in range(columns.kernel):
            total += field[:, rows.reads(i), columns.reads(j)]
    return (total / counts(rows, columns, count_include_pad)).astype(np.float32)


def avg_pool2d_gradient(
    x: npt.ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    *,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    grad_output: npt.ArrayLike | None = None,
) -> Floats:
    """Where the gradient goes: each output cell's in equal shares to the pixels of its window.

    `grad_output` `(C, H_out, W_out)`, ones where it is None; returns float32 `(C, H, W)`. Raises ValueError
    naming the argument that is wrong.
    """
    pixels, rows, columns = checked(x, kernel_size, stride, padding, ceil_mode=ceil_mode)
    grads = output_gradient(grad_output, (len(pixels), rows.outputs, columns.outputs))
    shares = grads.astype(np.float64) / counts(rows, columns, count_include_pad)
    field = np.zeros((len(pixels), len(rows.source), len(columns.source)))
    for i in range(rows.kernel):
        for j in range(columns.kernel):
            field[:, rows.reads(i), columns.reads(j)] += shares
    return unpadded(field, rows, columns).astype(np.float32)


def global_max_pool2d(x: npt.ArrayLike) -> Floats:
    """The largest value of each channel: `(C, H, W)` to float32 `(C, 1, 1)`. Raises ValueError naming x."""
    pixels = real_array("x", x, ("C", "H", "W"))
    largest: Floats = pixels.max(axis=(1, 2), keepdims=True)
    return largest


def global_avg_pool2d(x: npt.ArrayLike) -> Floats:
    """The mean of each channel: `(C, H, W)` to float32 `(C, 1, 1)`. Raises ValueError naming x."""
    pixels = real_array("x", x, ("C", "H", "W"))
    mean: Doubles = pixels.mean(axis=(1, 2), keepdims=True, dtype=np.float64)
    return mean.astype(np.float32)


def checked(
    x: npt.ArrayLike,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    *,
    ceil_mode: bool = False,
) -> tuple[Floats, Axis, Axis]:
    """The image as float32 and `pool_axes` over it; ValueError names the argument that is wrong."""
    pixels = real_array("x", x, ("C", "H", "W"))
    return pixels, *pool_axes(pixels.shape[1:], kernel_size, stride, padding, dilation, ceil_mode=ceil_mode)


def counts(rows: Axis, columns: Axis, include_pad: bool) -> Doubles:
    """`(H_out, W_out)`: what each window's sum is divided by."""
    along = []
    for axis in (rows, columns):
        places = np.arange(axis.outputs)[:, None] * axis.stride + np.arange(axis.kernel) * axis.dilation
        padded = (places < axis.size + axis.before + axis.after).sum(axis=1)
        along.append(padded if include_pad else (axis.positions >= 0).sum(axis=1))
    return np.outer(along[0], along[1]).astype(np.float64)
