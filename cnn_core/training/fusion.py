"""A network rearranged for training: the same function of the same parameters, with less to do.

ReLU and max pooling need one look at each number. Torch takes several, and fills the gradient with zeros before it
scatters into it: in the first block of `mnist-3conv` twice as long as the convolution. On a CPU both are one pass here,
compiled by Numba for this processor when the first batch arrives.
"""

import functools
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import torch
from numba import njit
from numpy.typing import NDArray
from torch import Tensor, nn
from typing_extensions import override

# Of floats that are not negative, the larger has the larger bits: kernels compare integers, which processors without
# bfloat16 do too. For each type: its integers, and in them the bits of minus infinity and of a NaN.
BITS = {
    torch.bfloat16: (torch.int16, np.int16(-0x80), np.int16(0x7FFF)),
    torch.float32: (torch.int32, np.int32(-0x800000), np.int32(0x7FFFFFFF)),
}
NOWHERE = -1  # no number of the window is positive
LARGEST_WINDOW = 4  # loops over larger ones are not unrolled, and slower than torch's

# What these put out, their own backward passes do not look at; that of Tanh, of a block, of another ReLU would miss it.
OUTPUT_UNUSED = (nn.Conv2d, nn.Linear, nn.BatchNorm2d, nn.BatchNorm1d, nn.MaxPool2d, nn.AvgPool2d)

Kernel = Callable[..., None]
Bit = np.signedinteger[Any]
Bits = NDArray[Bit]


@functools.cache
def _kernels(size: int) -> tuple[Kernel, Kernel]:
    """Forward and backward for windows of `size`×`size`, which a compiler unrolls only when it knows them.

    Both take arrays of rows, columns, channels (N, H, W, C), as integers, and fill those that the loops call `to`.
    """
    cells = size * size

    @njit(nogil=True)
    def forward(maps: Bits, to: Bits, winners: Bits, minus_infinity: Bit, nan: Bit) -> None:
        count, rows, columns, channels = to.shape
        for n in range(count):
            for i in range(rows):
                for j in range(columns):
                    for c in range(channels):
                        best, winner = to.dtype.type(0), np.int8(NOWHERE)
                        for cell in range(cells):
                            value = maps[n, size * i + cell // size, size * j + cell % size, c]
                            if minus_infinity < value < 0:
                                value = nan  # a NaN with its sign bit set
                            if value > best:
                                best, winner = value, np.int8(cell)
                        to[n, i, j, c] = best
                        winners[n, i, j, c] = winner

    @njit(nogil=True)
    def backward(gradient: Bits, winners: Bits, to: Bits) -> None:
        count, rows, columns, channels = gradient.shape
        if to.shape[1] > size * rows or to.shape[2] > size * columns:
            to[:] = 0  # a rest at the edge is in no window
        for n in range(count):
            for i in range(rows):
                for j in range(columns):
                    given, won = gradient[n, i, j], winners[n, i, j]
                    for cell in range(cells):
                        taken = to[n, size * i + cell // size, size * j + cell % size]
                        for c in range(channels):
                            taken[c] = given[c] if won[c] == cell else 0

    return forward, backward


def _bits(maps: Tensor) -> Bits:
    """The memory of maps (N, C, H, W) that lie channels last, as an integer array (N, H, W, C)."""
    return maps.detach().permute(0, 2, 3, 1).view(BITS[maps.dtype][0]).numpy()


class _Kept(Protocol):
    """What the forward pass leaves to the backward one, on the object that torch makes for both."""

    size: int
    shape: torch.Size
    winners: NDArray[np.int8]


class _MaxPoolReLU(torch.autograd.Function):
    @staticmethod
    @override
    def forward(context: _Kept, maps: Tensor, size: int) -> Tensor:
        maps = maps.contiguous(memory_format=torch.channels_last)
        count, channels, rows, columns = maps.shape
        out = maps.new_empty((count, rows // size, columns // size, channels)).permute(0, 3, 1, 2)
        to = _bits(out)
        winners = np.empty(to.shape, np.int8)
        _kernels(size)[0](_bits(maps), to, winners, *BITS[maps.dtype][1:])
        context.size, context.shape, context.winners = size, maps.shape, winners
        return out

    @staticmethod
    @override
    def backward(context: _Kept, *gradients: Tensor) -> tuple[Tensor, None]:
        gradient = gradients[0].contiguous(memory_format=torch.channels_last)
        count, channels, rows, columns = context.shape
        to = gradient.new_empty((count, rows, columns, channels)).permute(0, 3, 1, 2)
        _kernels(context.size)[1](_bits(gradient), context.winners, _bits(to))
        return to, None


class MaxPoolReLU(nn.Module):
    """`relu(max_pool2d(x, size))` for maps (N, C, H, W) in float32 or bfloat16 on the CPU; the result is channels last.

    Values and gradients are torch's, bit for bit: among equal values the first gets the gradient. A window with a
    NaN gives NaN.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    @override
    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, H, W) to (N, C, H // size, W // size)."""
        pooled: Tensor = _MaxPoolReLU.apply(maps, self.size)
        return pooled


def fused(model: nn.Sequential, device: torch.device, compiles: bool = True) -> nn.Sequential:
    """`model`'s function over its own parameters, with the same gradients, in fewer and shorter steps.

    Max pooling comes before ReLU, on a CPU as one step with it: max(relu(a), relu(b)) = relu(max(a, b)), and where the
    largest is negative both gradients are zero. ReLU comes after Flatten: a vector's gradient lies as the vector does,
    maps' channels-last ones do not. It is in place where the backward pass needs its input no more: `OUTPUT_UNUSED`.
    Without `compiles` nothing waits for a compiler, and each step takes longer.
    """
    layers: list[nn.Module] = []
    for layer in model.children():
        after_relu = bool(layers) and isinstance(layers[-1], nn.ReLU)
        if after_relu and isinstance(layer, nn.MaxPool2d):
            relu, size = layers.pop(), _tile(layer) if compiles and device.type == "cpu" else None
            layers += [MaxPoolReLU(size)] if size else [layer, relu]
        elif after_relu and isinstance(layer, nn.Flatten):
            layers.insert(-1, layer)
        else:
            free = bool(layers) and isinstance(layers[-1], OUTPUT_UNUSED)
            layers.append(nn.ReLU(inplace=True) if free and isinstance(layer, nn.ReLU) else layer)
    return nn.Sequential(*layers)


def _tile(pool: nn.MaxPool2d) -> int | None:
    """The side of its windows where they are small squares side by side, as the kernels here take them."""
    size = pool.kernel_size
    if isinstance(size, int) and size <= LARGEST_WINDOW and (pool.stride, pool.padding) == (size, 0):
        return size
    return None
