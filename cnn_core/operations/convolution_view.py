"""A convolution with all its settings as one value: its result, its arithmetic in words, the terms of a cell.

`ConvolutionView` is what a picture of one filter at work needs: the padded input, the kernel that slides, each
channel's part. A transposed convolution is viewed as the convolution that it is: over the input with zeros between
its pixels and around them, with the kernel turned by half a turn (Dumoulin and Visin 2016, section 4).
"""

from dataclasses import dataclass, replace
from math import gcd

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Mask, Pair, not_allowed
from cnn_core.operations.convolution import conv2d, conv_transpose2d, transposed_axes, unread_pixels
from cnn_core.operations.convolution_trace import ConvTrace, trace, trace_transpose
from cnn_core.operations.windows import Axis, axes, padded


@dataclass(frozen=True)
class ConvolutionView:
    """One filter of a convolution over one image.

    The first pixel of the image lies at `offset` in `padded`, below 0 where a transposed convolution's padding cuts
    pixels off. `image_size` is the image's; of a transposed convolution with zeros between its pixels.
    """

    padded: Floats  # (C / groups, Hp, Wp): what the windows read
    offset: Pair
    image_size: Pair
    kernel: Floats  # (C / groups, kh, kw): what slides
    channel_sums: Floats  # (C / groups, H_out, W_out): each channel's part of the output
    output: Floats  # (H_out, W_out)
    bias: float
    channels: range  # the input channels that this filter reads
    stride: Pair
    unread: Mask  # (H, W) as `image_size`


@dataclass(frozen=True)
class Convolution:
    """Settings of a convolution, as `torch.nn.functional` takes them; pairs are (rows, columns).

    `flipped` turns the kernels by half a turn first, which makes the correlation of the frameworks a convolution.
    `transposed` runs the shapes backwards; its padding is a pair and its padding mode "zeros". `output_padding`
    belongs to it alone: rows and columns more, below and to the right.
    """

    stride: Pair = (1, 1)
    padding: Pair | str = (0, 0)
    padding_mode: str = "zeros"
    dilation: Pair = (1, 1)
    groups: int = 1
    flipped: bool = False
    transposed: bool = False
    output_padding: Pair = (0, 0)

    def kernels(self, weight: npt.ArrayLike) -> Floats:
        """`weight` `(F, C / groups, kh, kw)` as it slides: flipped where the layer says so."""
        weights = np.asarray(weight, np.float32)
        return weights[..., ::-1, ::-1].copy() if self.flipped else weights

    def torch_weight(self, weight: npt.ArrayLike) -> Floats:
        """`weight` `(F, C / groups, kh, kw)` as torch wants it: `(C, F / groups, kh, kw)` where transposed."""
        kernels = self.kernels(weight)
        if not self.transposed:
            return kernels
        filters, channels, kh, kw = kernels.shape
        grouped = kernels.reshape(self.groups, filters // self.groups, channels, kh, kw)
        return np.ascontiguousarray(
            grouped.transpose(0, 2, 1, 3, 4).reshape(-1, filters // self.groups, kh, kw)
        )

    def output(self, x: npt.ArrayLike, weight: npt.ArrayLike, bias: npt.ArrayLike | None = None) -> Floats:
        """Image `(C, H, W)`, weights `(F, C / groups, kh, kw)`, biases `(F,)` to `(F, H_out, W_out)` float32.

        Raises ValueError naming the argument that is wrong.
        """
        if self.transposed:
            return conv_transpose2d(
                x,
                self.torch_weight(weight),
                bias,
                stride=self.stride,
                padding=self._pair(),
                output_padding=self.output_padding,
                dilation=self.dilation,
                groups=self.groups,
            )
        return conv2d(
            x,
            self.kernels(weight),
            bias,
            stride=self.stride,
            padding=self.padding,
            padding_mode=self.padding_mode,
            dilation=self.dilation,
            groups=self.groups,
        )

    def size_text(self, size: Pair, kernel_size: Pair) -> tuple[str, str]:
        """The arithmetic of the output's size, for (rows, columns), each ending in it.

        Raises ValueError where the kernel does not fit.
        """
        rows, columns = self.axes(size, kernel_size)
        if not self.transposed:
            return rows.formula, columns.formula
        down, across = (
            f"({n} − 1)·{axis.stride} − 2·{axis.before} + {axis.dilation}·({axis.kernel} − 1) + {extra} + 1"
            f" = {axis.size}"
            for n, axis, extra in zip(size, (rows, columns), self.output_padding)
        )
        return down, across

    def view(
        self, x: npt.ArrayLike, weight: npt.ArrayLike, bias: npt.ArrayLike, out_channel: int
    ) -> ConvolutionView:
        """Filter `out_channel` at work on `x` `(C, H, W)`: every array its picture needs.

        Raises ValueError naming the argument that is wrong.
        """
        image = np.asarray(x, np.float32)
        weights, biases = np.asarray(weight, np.float32), np.asarray(bias, np.float32)
        channels = weights.shape[1]
        first = out_channel // (len(weights) // self.groups) * channels
        read = range(first, first + channels)
        alone = replace(self, groups=1)
        one = weights[out_channel : out_channel + 1]
        sums = [alone.output(image[c : c + 1], one[:, k : k + 1])[0] for k, c in enumerate(read)]
        output = self.output(image, weights, biases)[out_channel]
        kernel = self.kernels(one)[0]
        rows, columns = self.axes((image.shape[1], image.shape[2]), (kernel.shape[1], kernel.shape[2]))
        shared = (np.stack(sums), output, float(biases[out_channel]), read)
        if self.transposed:
            stuffed = stuff(image[first : read.stop], self.stride)
            down, across = (
                turned(axis, n, extra)
                for axis, n, extra in zip((rows, columns), stuffed.shape[1:], self.output_padding)
            )
            return ConvolutionView(
                padded(stuffed, down, across),
                (down.before, across.before),
                (down.size, across.size),
                kernel[:, ::-1, ::-1].copy(),
                *shared,
                (1, 1),
                np.zeros((down.size, across.size), np.bool_),
            )
        unread = unread_pixels(
            image.shape[1:],
            kernel.shape[1:],
            stride=self.stride,
            padding=self.padding,
            padding_mode=self.padding_mode,
            dilation=self.dilation,
        )
        return ConvolutionView(
            padded(image[first : read.stop], rows, columns),
            (rows.before, columns.before),
            (rows.size, columns.size),
            kernel,
            *shared,
            self.stride,
            unread,
        )

    def trace(
        self,
        x: npt.ArrayLike,
        weight: npt.ArrayLike,
        bias: npt.ArrayLike,
        row: int,
        col: int,
        out_channel: int,
    ) -> ConvTrace:
        """The terms of one output cell; ValueError names the argument that is wrong."""
        weights = self.torch_weight(weight)
        if self.transposed:
            return trace_transpose(
                x,
                weights,
                bias,
                row,
                col,
                out_channel,
                stride=self.stride,
                padding=self._pair(),
                output_padding=self.output_padding,
                dilation=self.dilation,
                groups=self.groups,
            )
        return trace(
            x,
            weights,
            bias,
            row,
            col,
            out_channel,
            stride=self.stride,
            padding=self.padding,
            padding_mode=self.padding_mode,
            dilation=self.dilation,
            groups=self.groups,
        )

    def _pair(self) -> Pair:
        if isinstance(self.padding, str):
            allowed = "a pair of integers where the convolution is transposed"
            raise ValueError(not_allowed("padding", repr(self.padding), allowed))
        return self.padding

    def axes(self, size: Pair, kernel_size: Pair) -> tuple[Axis, Axis]:
        """How the window slides, (rows, columns); if transposed, that of the convolution it runs backwards."""
        if self.transposed:
            return transposed_axes(
                size, kernel_size, self.stride, self._pair(), self.output_padding, self.dilation
            )
        return axes(
            size, kernel_size, self.stride, self.padding, self.dilation, padding_mode=self.padding_mode
        )

    def parameters(self, channels: int, filters: int, kernel_size: Pair) -> int:
        """Weights and biases: filters × (channels / groups × rows × columns + 1)."""
        return filters * (channels // self.groups * kernel_size[0] * kernel_size[1] + 1)

    def parameters_text(self, channels: int, filters: int, kernel_size: Pair) -> str:
        """The arithmetic of `parameters` with these values, ending in the count."""
        read = f"{channels} / {self.groups}" if self.groups > 1 else f"{channels}"
        return (
            f"{filters} × ({read} × {kernel_size[0]} × {kernel_size[1]} + 1)"
            f" = {self.parameters(channels, filters, kernel_size):,}"
        )


def possible_groups(channels: int, filters: int) -> list[int]:
    """The numbers of groups that divide both the input channels and the filters."""
    return [groups for groups in range(1, channels + 1) if gcd(channels, filters) % groups == 0]


def stuff(image: Floats, stride: Pair) -> Floats:
    """`image` `(C, H, W)` with stride − 1 zeros between its pixels: `(C, (H − 1)·sh + 1, (W − 1)·sw + 1)`."""
    channels, height, width = image.shape
    stuffed = np.zeros((channels, (height - 1) * stride[0] + 1, (width - 1) * stride[1] + 1), np.float32)
    stuffed[:, :: stride[0], :: stride[1]] = image
    return stuffed


def turned(backwards: Axis, size: int, extra: int) -> Axis:
    """The axis along which the turned kernel slides over the stuffed image of `size`, with `extra` output padding.

    `backwards` is that of the convolution that is run backwards: what its padding leaves of the border of
    dilation·(kernel − 1) zeros stays around the image; where that is less than none, pixels are cut off.
    """
    border = backwards.extent - 1 - backwards.before
    return Axis(size, backwards.kernel, 1, border, border + extra, backwards.dilation)
