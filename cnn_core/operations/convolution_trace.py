"""Where one output cell of a convolution comes from: its window, its products, their sums, the bias.

The products of two float32 numbers are exact in float64, and the sums are formed in the order in which
`cnn_core.operations.convolution` forms them: adding up `products` row by row, then the channels, then the bias gives
`value` to the last bit, and `value` as float32 is the cell of the output.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, Floats, Integers, IntOrPair
from cnn_core.operations.convolution import checked, transposed_axes
from cnn_core.operations.windows import axes, check_cell, padded


@dataclass(frozen=True)
class ConvTrace:
    """One output cell: `value` is the sum of `channel_sums` + `bias`."""

    window: Floats  # (C / groups, kh, kw): what the kernel met; padding zeros included
    kernel: Floats  # (C / groups, kh, kw)
    products: Doubles  # (C / groups, kh, kw)
    channel_sums: Doubles  # (C / groups,)
    bias: float
    value: float
    channels: range  # the input channels of this window
    rows: Integers  # (kh,): the input row of each kernel row; -1 where it met no pixel
    columns: Integers  # (kw,)

    def printed(self, digits: int = 2) -> "PrintedTrace":
        """The terms rounded to `digits` decimals, the rounding as a term of its own, so that they add up."""
        return printed(self.products.ravel(), self.bias, self.value, digits)


@dataclass(frozen=True)
class PrintedTrace:
    """What a page prints: sum of `products` + `bias` + `rounding` is `value`, exactly in the digits shown."""

    products: tuple[Decimal, ...]  # channel by channel, row by row
    bias: Decimal
    rounding: Decimal
    value: Decimal


def printed(products: Doubles, bias: float, value: float, digits: int) -> PrintedTrace:
    """Terms `(T,)` and a bias that make `value`, as a page prints them."""
    unit = Decimal(1).scaleb(-digits)

    def cut(number: float) -> Decimal:
        return Decimal(float(number)).quantize(unit, ROUND_HALF_EVEN) + 0  # + 0: no "-0.00"

    terms = tuple(cut(product) for product in products)
    shown, result = cut(bias), cut(value)
    return PrintedTrace(terms, shown, result - sum(terms, shown), result)


def trace(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    bias: npt.ArrayLike | None,
    row: int,
    col: int,
    out_channel: int = 0,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    padding_mode: str = "zeros",
    dilation: IntOrPair = 1,
    groups: int = 1,
) -> ConvTrace:
    """The terms of cell (`out_channel`, `row`, `col`) of `conv2d` with the same arguments.

    Raises ValueError naming the argument that is wrong, also where there is no such cell.
    """
    pixels, kernels, biases = checked(x, weight, bias, groups)
    down, across = axes(
        pixels.shape[1:], kernels.shape[2:], stride, padding, dilation, padding_mode=padding_mode
    )
    check_cell(row, col, out_channel, (len(kernels), down.outputs, across.outputs))
    first = out_channel // (len(kernels) // groups) * kernels.shape[1]
    channels = range(first, first + kernels.shape[1])
    field = padded(pixels[first : channels.stop], down, across)
    top, left = row * down.stride, col * across.stride
    window = field[
        :,
        top : top + down.extent : down.dilation,
        left : left + across.extent : across.dilation,
    ]
    return added_up(
        window.astype(np.float32),
        kernels[out_channel],
        float(biases[out_channel]),
        channels,
        down.positions[row],
        across.positions[col],
    )


def trace_transpose(
    x: npt.ArrayLike,
    weight: npt.ArrayLike,
    bias: npt.ArrayLike | None,
    row: int,
    col: int,
    out_channel: int = 0,
    *,
    stride: IntOrPair = 1,
    padding: IntOrPair = 0,
    output_padding: IntOrPair = 0,
    groups: int = 1,
    dilation: IntOrPair = 1,
) -> ConvTrace:
    """The terms of cell (`out_channel`, `row`, `col`) of `conv_transpose2d` with the same arguments.

    Each weight met the one input pixel whose stamp brings it to this cell; `rows` and `columns` are -1, and
    the window 0, where there is none. Raises ValueError naming the argument that is wrong.
    """
    pixels, kernels, biases = checked(x, weight, bias, groups, transposed=True)
    down, across = transposed_axes(
        pixels.shape[1:], kernels.shape[2:], stride, padding, output_padding, dilation
    )
    check_cell(row, col, out_channel, (len(biases), down.size, across.size))
    per_group = len(pixels) // groups
    first = out_channel // kernels.shape[1] * per_group
    channels = range(first, first + per_group)
    met = []
    for axis, at, size in ((down, row, pixels.shape[1]), (across, col, pixels.shape[2])):
        offsets = at + axis.before - np.arange(axis.kernel, dtype=np.int64) * axis.dilation
        source = offsets // axis.stride
        met.append(np.where((offsets % axis.stride == 0) & (source >= 0) & (source < size), source, -1))
    bordered = np.pad(pixels[first : channels.stop], ((0, 0), (0, 1), (0, 1)))  # index -1 reads a zero
    window = bordered[:, met[0][:, None], met[1][None, :]]
    kernel = kernels[first : channels.stop, out_channel % kernels.shape[1]]
    return added_up(window, kernel, float(biases[out_channel]), channels, met[0], met[1])


def added_up(
    window: Floats, kernel: Floats, bias: float, channels: range, rows: Integers, columns: Integers
) -> ConvTrace:
    """The trace of a window and a kernel `(C, kh, kw)`, summed in convolution's order (cumsum keeps it)."""
    products = window.astype(np.float64) * kernel.astype(np.float64)
    sums = np.cumsum(products.reshape(len(products), -1), axis=1)[:, -1]
    value = float(np.cumsum(sums)[-1] + bias)
    return ConvTrace(window, kernel, products, sums, bias, value, channels, rows, columns)
