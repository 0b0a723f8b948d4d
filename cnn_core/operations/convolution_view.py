"""A convolution with all its settings as one value: its result, its arithmetic in words, its line of PyTorch.

`View` is what a picture of one filter at work needs: the padded input, the kernel that slides, each channel's part.
A transposed convolution is viewed as the convolution that it is: over the input with zeros between its pixels and
around them, with the kernel turned by half a turn (Dumoulin and Visin 2016, section 4).
"""

from dataclasses import dataclass
from math import gcd

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Mask, Pair, not_allowed
from cnn_core.operations.convolution import conv2d, conv_transpose2d, transposed_axes, unread_pixels
from cnn_core.operations.convolution_trace import ConvTrace, trace, trace_transpose
from cnn_core.operations.windows import Axis, axes, spread


@dataclass(frozen=True)
class View:
    """One filter of a layer over one image."""

    padded: Floats  # (C / groups, Hp, Wp): what the windows read
    offset: Pair  # where the image's first pixel lies in it
    image_size: (
        Pair  # of the image within `padded`; with zeros between its pixels where the layer is transposed
    )
    kernel: Floats  # (C / groups, kh, kw): what slides
    channel_sums: Floats  # (C / groups, H_out, W_out): each channel's part of the output
    output: Floats  # (H_out, W_out)
    bias: float
    channels: range  # the input channels that this filter reads
    stride: Pair
    unread: Mask  # (H, W) as `image_size`


@dataclass(frozen=True)
class ConvolutionLayer:
    """Settings of a convolution, as `torch.nn.functional` takes them; pairs are (rows, columns).

    `flipped` turns the kernels by half a turn first, which makes the correlation of the frameworks a convolution.
    `transposed` runs the shapes backwards; its padding is a pair and its padding mode "zeros".
    """

    stride: Pair = (1, 1)
    padding: Pair | str = (0, 0)
    padding_mode: str = "zeros"
    dilation: Pair = (1, 1)
    groups: int = 1
    flipped: bool = False
    transposed: bool = False

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
            f"({n} − 1)·{axis.stride} − 2·{axis.before} + {axis.dilation}·({axis.kernel} − 1) + 1 = {axis.size}"
            for n, axis in zip(size, (rows, columns))
        )
        return down, across

    def view(self, x: npt.ArrayLike, weight: npt.ArrayLike, bias: npt.ArrayLike, out_channel: int) -> View:
        """Filter `out_channel` at work on `x` `(C, H, W)`: every array its picture needs.

        Raises ValueError naming the argument that is wrong.
        """
        image = np.asarray(x, np.float32)
        weights, biases = np.asarray(weight, np.float32), np.asarray(bias, np.float32)
        channels = weights.shape[1]
        first = out_channel // (len(weights) // self.groups) * channels
        read = range(first, first + channels)
        alone = ConvolutionLayer(**{**self.__dict__, "groups": 1})
        one = weights[out_channel : out_channel + 1]
        sums = [alone.output(image[c : c + 1], one[:, k : k + 1])[0] for k, c in enumerate(read)]
        output = self.output(image, weights, biases)[out_channel]
        kernel = self.kernels(one)[0]
        rows, columns = self.axes((image.shape[1], image.shape[2]), (kernel.shape[1], kernel.shape[2]))
        shared = (np.stack(sums), output, float(biases[out_channel]), read)
        if self.transposed:
            stuffed = stuff(image[first : read.stop], self.stride)
            padded, offset = surround(stuffed, (rows, columns))
            turned = kernel[:, ::-1, ::-1].copy()
            size = (stuffed.shape[1], stuffed.shape[2])
            return View(padded, offset, size, turned, *shared, (1, 1), np.zeros(size, np.bool_))
        padded = np.asarray(spread(image[first : read.stop], rows, columns), np.float32)
        unread = unread_pixels(
            (image.shape[1], image.shape[2]),
            kernel.shape[1:],
            stride=self.stride,
            padding=self.padding,
            padding_mode=self.padding_mode,
            dilation=self.dilation,
        )
        size = (image.shape[1], image.shape[2])
        return View(padded, (rows.before, columns.before), size, kernel, *shared, self.stride, unread)

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
        """How the window slides, (rows, columns); of a transposed layer, the convolution it runs backwards."""
        if self.transposed:
            return transposed_axes(size, kernel_size, self.stride, self._pair(), 0, self.dilation)
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


def surround(stuffed: Floats, around: tuple[Axis, Axis]) -> tuple[Floats, Pair]:
    """`stuffed` with the zeros (or the cut, where there is less than none) that the turned kernel slides over.

    Returns the padded array and where the stuffed image's first pixel lies in it. Raises ValueError where the
    padding cuts into the image, which leaves nothing to frame.
    """
    spans = [axis.extent - 1 - axis.before for axis in around]
    if min(spans) < 0:
        raise ValueError(
            "padding of a transposed convolution can be shown up to dilation·(kernel_size − 1), where it cuts off"
            f" the whole border; it is {around[0].before} rows, {around[1].before} columns"
        )
    return np.pad(stuffed, ((0, 0), (spans[0],) * 2, (spans[1],) * 2)), (spans[0], spans[1])
