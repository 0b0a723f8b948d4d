"""How a window slides: what convolution and pooling have in common, one axis at a time.

An output cell reads `kernel` positions of its axis, `dilation` apart, and the next cell starts `stride`
further on. `Axis` knows which input index each of those positions is; everything else (results, traces,
gradients, the pixels that are never read) follows from these indices.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, Floats, Integers, IntOrPair, is_whole, not_allowed, pair, real_array

PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


def check_cell(row: int, col: int, channel: int, shape: tuple[int, int, int]) -> None:
    """ValueError where the output of `shape` `(C_out, H_out, W_out)` has no such cell."""
    for name, index, length in zip(("out_channel", "row", "col"), (channel, row, col), shape):
        if not is_whole(index) or not 0 <= index < length:
            raise ValueError(not_allowed(name, repr(index), f"an integer from 0 to {length - 1}"))


def output_gradient(grad_output: npt.ArrayLike | None, shape: tuple[int, ...]) -> Floats:
    """`grad_output` checked against the output's `shape`; ones where it is None."""
    if grad_output is None:
        return np.ones(shape, np.float32)
    grads = real_array("grad_output", grad_output, ("C_out", "H_out", "W_out"))
    if grads.shape != shape:
        raise ValueError(not_allowed("grad_output", f"of shape {grads.shape}", f"the output's shape {shape}"))
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
    def source(self) -> Integers:
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
    def positions(self) -> Integers:
        """`(outputs, kernel)`: what input index each output cell reads at each place of its window, or −1."""
        starts = np.arange(self.outputs)[:, None] * self.stride
        places: Integers = starts + np.arange(self.kernel) * self.dilation
        positions: Integers = self.source[places]
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
        raise ValueError(
            not_allowed("padding_mode", repr(padding_mode), f"one of {', '.join(PADDING_MODES)}")
        )
    if padding == "same":
        if strides != (1, 1):
            found = f"'same' with a stride of {stride!r}"
            raise ValueError(not_allowed("padding", found, "a stride of 1, so that the sizes can be equal"))
        totals = tuple(d * (k - 1) for d, k in zip(dilations, kernels))
        around = tuple((total // 2, total - total // 2) for total in totals)
    elif isinstance(padding, str) and padding != "valid":
        raise ValueError(not_allowed("padding", repr(padding), "an integer, a pair, 'same' or 'valid'"))
    else:
        around = tuple((p, p) for p in pair("padding", 0 if isinstance(padding, str) else padding, 0))
    made = []
    for name, n, k, s, (before, after), d in zip(
        ("rows", "columns"), sizes, kernels, strides, around, dilations
    ):
        most = {"reflect": n - 1, "circular": n}.get(padding_mode)
        if most is not None and max(before, after) > most:
            allowed = f"{most} or less with padding_mode {padding_mode!r}: the input has {n} to take it from"
            raise ValueError(not_allowed("padding", f"{max(before, after)} {name}", allowed))
        axis = Axis(n, k, s, before, after, d, ceil_mode, padding_mode)
        if axis.outputs < 1:
            allowed = f"what fits into the input with its padding, {n + before + after} {name}"
            raise ValueError(
                not_allowed(
                    "kernel_size", f"{k}, which with dilation {d} covers {axis.extent} {name}", allowed
                )
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
            allowed = f"half of kernel_size {k} at most, or a window could lie in it entirely"
            raise ValueError(not_allowed("padding", p, allowed))
    return axes(size, kernels, kernels if stride is None else stride, paddings, dilation, ceil_mode=ceil_mode)


def padded(x: Floats, rows: Axis, columns: Axis, fill: float = 0.0) -> Floats:
    """`x` `(C, H, W)` with its padding around it, as the windows of `rows` and `columns` read it."""
    # Index −1 is the last row or column: one of filling, put there for it.
    bordered = np.pad(x, ((0, 0), (0, 1), (0, 1)), constant_values=fill)
    return bordered[:, rows.source[:, None], columns.source[None, :]]


def unpadded(field: Doubles, rows: Axis, columns: Axis) -> Doubles:
    """The opposite of `padded`, for gradients: what lies on padding is added to the pixels it was taken from.

    `field` `(C, padded H, padded W)`; returns `(C, H, W)`. What lies on filling belongs to no pixel and is
    dropped.
    """
    total = np.zeros((len(field), rows.size + 1, columns.size + 1))
    channels = np.arange(len(field))[:, None, None]
    np.add.at(total, (channels, rows.source[:, None], columns.source[None, :]), field)
    return total[:, :-1, :-1]
