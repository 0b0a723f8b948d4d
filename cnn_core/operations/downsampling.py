"""The ways to make a map smaller, side by side: max, average and global pooling, and strided convolution.

Each is run on one map `(H, W)`, forwards and backwards; only the strided convolution has weights to learn.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Integers, Pair, not_allowed
from cnn_core.operations import pooling
from cnn_core.operations.convolution import conv2d, conv2d_gradient
from cnn_core.operations.windows import Axis, padded, pool_axes

KINDS = ("max", "average", "strided", "global max", "global average")
WINDOWED = KINDS[:3]


@dataclass(frozen=True)
class PoolingWindow:
    """A window's settings, as PyTorch names them; pairs are (rows, columns)."""

    kernel_size: Pair = (2, 2)
    stride: Pair = (2, 2)
    padding: Pair = (0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True

    def axes(self, size: Pair, kind: str = "max") -> tuple[Axis, Axis]:
        """The window's axes over a map of `size`; a convolution is never rounded up. Raises ValueError naming
        the setting that does not fit."""
        ceil_mode = self.ceil_mode and kind != "strided"
        return pool_axes(size, self.kernel_size, self.stride, self.padding, ceil_mode=ceil_mode)

    def padded(self, image: Floats, kind: str = "max") -> Floats:
        """The map `(H, W)` with what its windows find around it: zeros, and minus infinity for "max"."""
        rows, columns = self.axes(image.shape, kind)
        field: Floats = padded(image[None], rows, columns, fill=-np.inf if kind == "max" else 0.0)[0]
        return field


@dataclass(frozen=True)
class Reduction:
    """What one operation makes of a map `(H, W)`."""

    kind: str
    output: Floats  # (H_out, W_out)
    gradient: Floats  # (H, W): of the sum of all outputs
    winners: Integers | None  # (H_out, W_out, 2), where there are winners
    reached: int  # pixels that some output cell's gradient reaches, whether or not several cancel out
    parameters: int


def output(
    kind: str, image: npt.ArrayLike, window: PoolingWindow, weight: npt.ArrayLike | None = None
) -> Floats:
    """What operation `kind` of `KINDS` gives for the map `image` `(H, W)`: float32 `(H_out, W_out)`.

    `weight` `(kh, kw)` belongs to "strided", which has no bias here. The global ones take the whole map for their
    window. Raises ValueError naming what is wrong.
    """
    pixels = np.asarray(image, np.float32)[None]
    settings = (window.kernel_size, window.stride, window.padding)
    if kind == "max":
        maps = pooling.max_pool2d(pixels, *settings, ceil_mode=window.ceil_mode)
    elif kind == "average":
        maps = pooling.avg_pool2d(
            pixels, *settings, ceil_mode=window.ceil_mode, count_include_pad=window.count_include_pad
        )
    elif kind == "strided":
        window.axes(pixels.shape[1:], kind)
        kernel = np.asarray(weight, np.float32)[None, None]
        maps = conv2d(pixels, kernel, stride=window.stride, padding=window.padding)
    elif kind == "global max":
        maps = pooling.global_max_pool2d(pixels)
    elif kind == "global average":
        maps = pooling.global_avg_pool2d(pixels)
    else:
        raise ValueError(not_allowed("kind", repr(kind), f"one of {', '.join(KINDS)}"))
    made: Floats = maps[0]
    return made


def downsample(
    kind: str, image: npt.ArrayLike, window: PoolingWindow, weight: npt.ArrayLike | None = None
) -> Reduction:
    """`output` with its winners, and where the gradient goes if every output cell sends back 1.

    Arguments and errors are those of `output`.
    """
    made = output(kind, image, window, weight)
    pixels = np.asarray(image, np.float32)[None]
    settings = (window.kernel_size, window.stride, window.padding)
    winners = None
    if kind == "max":
        gradient = pooling.max_pool2d_gradient(pixels, *settings, ceil_mode=window.ceil_mode)[0]
        winners = pooling.max_pool2d_winners(pixels, *settings, ceil_mode=window.ceil_mode)[0]
    elif kind == "average":
        gradient = pooling.avg_pool2d_gradient(
            pixels, *settings, ceil_mode=window.ceil_mode, count_include_pad=window.count_include_pad
        )[0]
    elif kind == "strided":
        kernel = np.asarray(weight, np.float32)[None, None]
        stride, padding = window.stride, window.padding
        gradient = conv2d_gradient(pixels, kernel, stride=stride, padding=padding)[0]
        touched = conv2d_gradient(pixels, np.abs(kernel), stride=stride, padding=padding)
        return Reduction(kind, made, gradient, None, int(np.count_nonzero(touched)), kernel.size + 1)
    elif kind == "global max":
        winners = np.array(np.unravel_index(pixels[0].argmax(), pixels[0].shape)).reshape(1, 1, 2)
        gradient = np.zeros_like(pixels[0])
        gradient[tuple(winners[0, 0])] = 1
    else:
        gradient = np.full_like(pixels[0], 1 / pixels.size)
    return Reduction(kind, made, gradient, winners, int(np.count_nonzero(gradient)), 0)


def divisors(size: Pair, window: PoolingWindow) -> Floats:
    """`(H_out, W_out)`: what average pooling divides each window's sum by."""
    counts = pooling.counts(*window.axes(size, "average"), window.count_include_pad)
    return counts.astype(np.float32)
