"""How a window slides: what convolution and pooling have in common, one axis at a time.

An output cell reads `kernel` positions of its axis, `dilation` apart, and the next cell starts `stride`
further on. `Axis` knows which input index each of those positions is; everything else (results, traces,
gradients, the pixels that are never read) follows from these indices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Integral

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]
IntOrPair = int | Sequence[int]

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def is_whole(value: object) -> bool:
    """Whether `value` is an integer, NumPy's included; True and False are none."""
    return isinstance(value, Integral) and not isinstance(value, bool)


def pair(name: str, value: IntOrPair, least: int) -> tuple[int, int]:
    """`value` as (rows, columns); an integer stands for both. ValueError says if it is below `least`."""
    values = (value, value) if isinstance(value, Integral) else value
    if (
        isinstance(values, str)
        or not isinstance(values, Sequence | np.ndarray)
        or len(values) != 2
        or any(not is_whole(v) or v < least for v in values)
    ):
        raise ValueError(
            f"{name} has to be an integer of {least} or more, or a pair (rows, columns) of them;"
            f" it is {value!r}"
        )
    return int(values[0]), int(values[1])


def real_array(name: str, value: npt.ArrayLike, axes: tuple[str, ...]) -> Floats:
    """`value` as float32 with the named axes, none of them empty; ValueError names `name` otherwise."""
    try:
        array = np.asarray(value)
    except ValueError:  # a ragged list
        array = np.asarray(None)
    expected = f"({', '.join(axes)})"
    if array.dtype.kind not in "fiub":
        raise ValueError(
            f"{name} has to be an array of real numbers of shape {expected}; it is {type(value).__name__}"
        )
    if array.ndim != len(axes) or 0 in array.shape:
        raise ValueError(
            f"{name} has to have the shape {expected}, none of them 0; its shape is {array.shape}"
        )
    return array.astype(np.float32, copy=False)


def check_cell(row: int, col: int, channel: int, shape: tuple[int, int, int]) -> None:
    """ValueError where the output of `shape` `(C_out, H_out, W_out)` has no such cell."""
    for name, index, length in zip(("out_channel", "row", "col"), (channel, row, col), shape):
        if not is_whole(index) or not 0 <= index < length:
            raise ValueError(f"{name} has to be an integer from 0 to {length - 1}; it is {index!r}")


def output_gradient(grad_output: npt.ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    """`grad_output` checked against the output's `shape`; ones where it is None."""
    if grad_output is None:
        return np.ones(shape, np.float32)
    grads = real_array("grad_output", grad_output, ("C_out", "H_out", "W_out"))
    if grads.shape != shape:
        raise ValueError(f"grad_output has to have the output's shape {shape}; its shape is {grads.shape}")
    return grads


@dataclass(frozen=True)
class Axis:
    """One axis of a sliding window: `size` cells with `before` and `after` cells of padding around them."""

    size: int
    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    ceil_mode: bool = False
    mode: str = "zeros"

    @property
    def extent(self) -> int:
        """Cells from the window's first to its last, both counted: dilation · (kernel − 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @cached_property
    def outputs(self) -> int:
        """Cells of the output; below 1 where the window does not fit.

        With `ceil_mode` a window may hang over the far edge, but none may start behind it.
        """
        room = self.size + self.before + self.after - self.extent
        if not self.ceil_mode:
            return room // self.stride + 1
        count = -(-room // self.stride) + 1
        return count - 1 if (count - 1) * self.stride >= self.size + self.before else count

    @cached_property
    def source(self) -> Indices:
        """The input index at each padded position, −1 where there is only filling; every window fits in."""
        length = max(self.size + self.before + self.after, (self.outputs - 1) * self.stride + self.extent)
        at = np.arange(length, dtype=np.int64) - self.before
        inside = (at >= 0) & (at < self.size)
        if self.mode == "replicate":
            return np.clip(at, 0, self.size - 1)
        if self.mode == "circular":
            return at % self.size
        if self.mode == "reflect":
            return np.where(at < 0, -at, np.where(inside, at, 2 * (self.size - 1) - at))
        return np.where(inside, at, -1)

    @cached_property
    def positions(self) -> Indices:
        """`(outputs, kernel)`: what input index each output cell reads at each place of its window, or −1."""
        starts = np.arange(self.outputs)[:, None] * self.stride
        places: Indices = starts + np.arange(self.kernel) * self.dilation
        positions: Indices = self.source[places]
        return positions

    def reads(self, tap: int, outputs: int | None = None) -> slice:
        """The padded positions that all (or the first `outputs`) cells read at place `tap` of their windows."""
        first = tap * self.dilation
        last = first + ((self.outputs if outputs is None else outputs) - 1) * self.stride
        return slice(first, last + 1, self.stride)

    @property
    def formula(self) -> str:
        """The output size with these values in it, as one line of text that ends in the size."""
        left, right = ("⌈", "⌉") if self.ceil_mode else ("⌊", "⌋")
        pads = f"2·{self.before}" if self.before == self.after else f"{self.before} + {self.after}"
        room = self.size + self.before + self.after - self.extent
        rounded = (-(-room // self.stride) if self.ceil_mode else room // self.stride) + 1
        text = (
            f"{left}({self.size} + {pads} − {self.dilation}·({self.kernel} − 1) − 1) / {self.stride}{right}"
            f" + 1 = {left}{room} / {self.stride}{right} + 1 = {rounded}"
        )
        if rounded != self.outputs:
            text += f", less 1 whose window would start in the padding = {self.outputs}"
        return text.replace("= ⌊-", "= ⌊−").replace("= ⌈-", "= ⌈−").replace("= -", "= −")


def axes(
    size: IntOrPair,
    kernel_size: IntOrPair,
    stride: IntOrPair = 1,
    padding: IntOrPair | str = 0,
    dilation: IntOrPair = 1,
    *,
    padding_mode: str = "zeros",
    ceil_mode: bool = False,
) -> tuple[Axis, Axis]:
    """The checked (rows, columns) axes of a window; ValueError names the first argument that is wrong.

    `padding` is an integer, a pair, "valid" (none) or "same" (the output is as large as the input; stride 1
    only, and an even kernel gets its odd cell of padding behind).
    """
    sizes, kernels = pair("size", size, 1), pair("kernel_size", kernel_size, 1)
    strides, dilations = pair("stride", stride, 1), pair("dilation", dilation, 1)
    if padding_mode not in PADDING_MODES:
        raise ValueError(f"padding_mode has to be one of {', '.join(PADDING_MODES)}; it is {padding_mode!r}")
    if padding == "same":
        if strides != (1, 1):
            raise ValueError(
                f"padding 'same' needs a stride of 1, so that the sizes can be equal; stride is {stride!r}"
            )
        totals = tuple(d * (k - 1) for d, k in zip(dilations, kernels))
        around = tuple((total // 2, total - total // 2) for total in totals)
    elif isinstance(padding, str) and padding != "valid":
        raise ValueError(f"padding has to be an integer, a pair, 'same' or 'valid'; it is {padding!r}")
    else:
        around = tuple((p, p) for p in pair("padding", 0 if isinstance(padding, str) else padding, 0))
    made = []
    for name, n, k, s, (before, after), d in zip(
        ("rows", "columns"), sizes, kernels, strides, around, dilations
    ):
        most = {"reflect": n - 1, "circular": n}.get(padding_mode)
        if most is not None and max(before, after) > most:
            raise ValueError(
                f"padding of {max(before, after)} {name} with padding_mode {padding_mode!r} has to be {most}"
                f" or less: the input has {n} {name} to take it from"
            )
        axis = Axis(n, k, s, before, after, d, ceil_mode, padding_mode)
        if axis.outputs < 1:
            raise ValueError(
                f"kernel_size {k} with dilation {d} covers {axis.extent} {name}, but the input with"
                f" its padding has only {n + before + after}"
            )
        made.append(axis)
    return made[0], made[1]


def pool_axes(
    size: IntOrPair,
    kernel_size: IntOrPair,
    stride: IntOrPair | None = None,
    padding: IntOrPair = 0,
    dilation: IntOrPair = 1,
    *,
    ceil_mode: bool = False,
) -> tuple[Axis, Axis]:
    """The checked (rows, columns) axes of a pooling window; ValueError names the argument that is wrong."""
    kernels, paddings = pair("kernel_size", kernel_size, 1), pair("padding", padding, 0)
    for k, p in zip(kernels, paddings):
        if p > k // 2:
            raise ValueError(
                f"padding has to be half of kernel_size {k} at most, or a window could lie in it entirely;"
                f" it is {p}"
            )
    return axes(size, kernels, kernels if stride is None else stride, paddings, dilation, ceil_mode=ceil_mode)


def spread(x: Floats, rows: Axis, columns: Axis, fill: float = 0.0) -> Floats:
    """`x` `(C, H, W)` with its padding around it, as the windows of `rows` and `columns` read it."""
    # Index −1 is the last row or column: one of filling, put there for it.
    bordered = np.pad(x, ((0, 0), (0, 1), (0, 1)), constant_values=fill)
    return bordered[:, rows.source[:, None], columns.source[None, :]]


def gather(field: Doubles, rows: Axis, columns: Axis) -> Doubles:
    """The opposite of `spread`, for gradients: what lies on padding is added to the pixels it was taken from.

    `field` `(C, padded H, padded W)`; returns `(C, H, W)`. What lies on filling belongs to no pixel and is
    dropped.
    """
    total = np.zeros((len(field), rows.size + 1, columns.size + 1))
    channels = np.arange(len(field))[:, None, None]
    np.add.at(total, (channels, rows.source[:, None], columns.source[None, :]), field)
    return total[:, :-1, :-1]
