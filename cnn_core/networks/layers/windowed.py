"""Layers that read maps through a window: convolution, pooling, global average pooling. See `layers`."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from cnn_core.networks.layers.base import Layer, LayerError, Shape, setting

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class _Window(Layer):
    """What convolution and pooling share: a square window that moves over maps."""

    needs_maps: ClassVar[bool] = True

    def window(self) -> tuple[int, int, int]:
        """`(extent, step, padding)` in cells: dilation counted, padding of both sides added up."""
        raise NotImplementedError

    def _slide(self, shape: Shape) -> Shape:
        extent, _, padding = self.window()
        _, height, width = shape
        if extent > min(height, width) + padding:
            padded = " padded" if padding else ""
            raise LayerError(
                f"{self.title}: the {extent}×{extent} window does not fit into the{padded} "
                f"{height + padding}×{width + padding} map."
            )
        return self._outputs(height), self._outputs(width)

    def _outputs(self, size: int) -> int:
        extent, step, padding = self.window()
        return (size + padding - extent) // step + 1

    def size_text(self, size: int) -> str:
        """How the output size along an axis comes from the input's `size`: `⌊(13 + 0 − 3) / 2⌋ + 1 = 6`."""
        extent, step, padding = self.window()
        return f"⌊({size} + {padding} − {extent}) / {step}⌋ + 1 = {self._outputs(size)}"


@dataclass(frozen=True)
class Conv2d(_Window):
    """Two-dimensional convolution (correlation, as in torch), square kernel, `padding` zeros at each side."""

    prefix: ClassVar[str] = "conv"
    title: ClassVar[str] = "Conv2d"

    out_channels: int = setting(1, 1024)
    kernel_size: int = setting(1, 15, default=3)
    stride: int = setting(1, 16, default=1)
    padding: int | Literal["same"] = setting(0, 64, default=0)
    dilation: int = setting(1, 8, default=1)
    groups: int = setting(1, 1024, default=1)
    bias: bool = True

    def window(self) -> tuple[int, int, int]:
        extent = self.dilation * (self.kernel_size - 1) + 1
        return extent, self.stride, extent - 1 if self.padding == "same" else 2 * self.padding

    def check(self, shape: Shape) -> None:
        super().check(shape)
        if self.padding == "same" and self.stride > 1:
            raise LayerError(f'Conv2d: padding="same" works only with stride 1, the stride is {self.stride}.')
        for name, channels in (("input", shape[0]), ("output", self.out_channels)):
            if channels % self.groups:
                raise LayerError(
                    f"Conv2d: {channels} {name} channels cannot be shared out to {self.groups} groups."
                )

    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        return (self.out_channels, *self._slide(shape))

    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        weight = (self.kernel_size, self.kernel_size, shape[0] // self.groups, self.out_channels)
        return (weight, (self.out_channels,)) if self.bias else (weight,)

    def macs(self, shape: Shape) -> int:
        return math.prod(self.parameter_factors(shape)[0]) * math.prod(self.output_shape(shape)[1:])

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Conv2d(
            shape[0],
            self.out_channels,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
            bias=self.bias,
        )

    def settings_text(self) -> str:
        extras = [f"{self.out_channels} filters", f"{self.kernel_size}×{self.kernel_size}"]
        extras += [f"stride {self.stride}"] * (self.stride != 1)
        extras += [f"padding {self.padding}"] * (self.padding != 0)
        extras += [f"dilation {self.dilation}"] * (self.dilation != 1)
        extras += [f"{self.groups} groups"] * (self.groups != 1)
        extras += ["no bias"] * (not self.bias)
        return ", ".join(extras)


@dataclass(frozen=True)
class _Pool(_Window):
    """Settings of both poolings: `stride=None` moves by a whole window; sizes are floored."""

    prefix: ClassVar[str] = "pool"

    kernel_size: int = setting(1, 64, default=2)
    stride: int | None = setting(1, 64, default=None)
    padding: int = setting(0, 32, default=0)

    def window(self) -> tuple[int, int, int]:
        return self.kernel_size, self.stride or self.kernel_size, 2 * self.padding

    def check(self, shape: Shape) -> None:
        super().check(shape)
        if 2 * self.padding > self.kernel_size:
            raise LayerError(
                f"{self.title}: padding is {self.padding}, "
                f"allowed is at most half the window, {self.kernel_size // 2}."
            )

    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        return (shape[0], *self._slide(shape))

    def settings_text(self) -> str:
        extras = [f"{self.kernel_size}×{self.kernel_size}"]
        extras += [f"stride {self.stride}"] * (self.stride not in (None, self.kernel_size))
        extras += [f"padding {self.padding}"] * (self.padding != 0)
        return ", ".join(extras)


@dataclass(frozen=True)
class MaxPool2d(_Pool):
    """The largest value of each window."""

    title: ClassVar[str] = "MaxPool2d"

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.MaxPool2d(self.kernel_size, self.stride, self.padding)


@dataclass(frozen=True)
class AvgPool2d(_Pool):
    """The mean of each window; padding zeros count, as in torch."""

    title: ClassVar[str] = "AvgPool2d"

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.AvgPool2d(self.kernel_size, self.stride, self.padding)


@dataclass(frozen=True)
class GlobalAvgPool(Layer):
    """The mean of each map: `(C, H, W)` to `(C, 1, 1)`, as torch's AdaptiveAvgPool2d; a Flatten follows."""

    prefix: ClassVar[str] = "global_pool"
    title: ClassVar[str] = "GlobalAvgPool"
    needs_maps: ClassVar[bool] = True

    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        return (shape[0], 1, 1)

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.AdaptiveAvgPool2d(1)
