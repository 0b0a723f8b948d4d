"""The gradient of a whole kernel as the convolution that it is: the map that it read ⋆ the gradient of what came out.

The place (i, j) of the kernel meets the input at its window's rows and columns, a stride apart: so the gradient of the
output slides over the input, its own cells a stride apart, in steps of the kernel's dilation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cnn_core.arrays import Doubles, Floats, not_allowed
from cnn_core.operations.convolution import conv2d
from cnn_core.training.opened.passes import LayerPass


@dataclass(frozen=True, eq=False)
class KernelGradient:
    """What one kernel's gradient is made of, for every image of the batch.

    `reads` (N, H, W) is the input map with its padding, `output_gradients` (N, rows, columns), `of_images`
    (N, kh, kw) their convolutions, `total` (kh, kw) the sum of those.
    """

    reads: Floats
    output_gradients: Floats
    of_images: Floats
    stride: int
    dilation: int

    @property
    def total(self) -> Doubles:
        """The kernel's gradient."""
        summed: Doubles = self.of_images.astype(np.float64).sum(axis=0)
        return summed


def kernel_gradient(layer: LayerPass, filter_index: int, channel: int) -> KernelGradient:
    """That of the kernel of a filter for one of the channels it reads, in a convolution.

    Raises `ValueError` for a layer whose weights are no kernels, and for a filter or channel out of range.
    """
    module: Any = layer.module
    shape = tuple(module.weight.shape)
    if len(shape) != 4:
        raise ValueError(not_allowed("layer", f"one with weights of shape {shape}", "a convolution"))
    for name, at, count in (("filter", filter_index, shape[0]), ("channel", channel, shape[1])):
        if not 0 <= at < count:
            raise ValueError(not_allowed(name, at, f"0 to {count - 1}"))
    group = filter_index // (shape[0] // module.groups)
    maps = layer.reads[:, group * shape[1] + channel].cpu().numpy()
    reads = np.pad(maps, ((0, 0), *_padding(module.padding, shape[2:], module.dilation)))
    gradients = layer.output_gradient[:, filter_index].cpu().numpy()
    found = [
        conv2d(read[None], gradient[None, None], stride=module.dilation, dilation=module.stride)[0]
        for read, gradient in zip(reads, gradients)
    ]
    # Where the stride leaves a rest at the edge, the sliding goes further than the kernel has cells.
    of_images = np.stack([one[: shape[2], : shape[3]] for one in found])
    return KernelGradient(reads, gradients, of_images, module.stride[0], module.dilation[0])


def _padding(
    padding: str | Sequence[int], kernel: Sequence[int], dilation: Sequence[int]
) -> list[tuple[int, int]]:
    """Zeros before and after each axis; "same" puts the odd one behind, as torch does."""
    if padding == "same":
        both = [step * (size - 1) for size, step in zip(kernel, dilation)]
        return [(total // 2, total - total // 2) for total in both]
    return [(int(size), int(size)) for size in padding]
