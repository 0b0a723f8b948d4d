"""The convolution layer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

from typing_extensions import override

from cnn_core.arrays import Floats
from cnn_core.networks.layers.base import Layer, LayerError, Repair, Shape, Sign, Window
from cnn_core.networks.layers.settings import setting, switch
from cnn_core.networks.layers.source import call, keras_padding, keras_same
from cnn_core.networks.layers.windowed import Windowed
from cnn_core.operations import terms

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Padded(Windowed):
    """A convolution whose `padding` is zeros at each side, or "same": as many as keep the size at stride 1."""

    mixes: ClassVar[bool] = True
    sign: ClassVar[Sign] = "any"

    out_channels: int = setting(1, 1024, label="Filters", new=32)
    kernel_size: int = setting(1, 15, label="Window size", letter="k", default=3)
    stride: int = setting(1, 16, label="Stride", letter="s", default=1)
    padding: int | Literal["same"] = setting(0, 64, label="Padding", letter="p", words=("same",), default=0)

    @property
    def extent(self) -> int:
        """The window's side in cells."""
        return self.kernel_size

    @override
    def window(self) -> Window:
        padding = self.extent - 1 if self.padding == "same" else 2 * self.padding
        return Window(self.extent, self.stride, padding)

    @override
    def check(self, shape: Shape) -> None:
        super().check(shape)
        if self.padding == "same" and self.stride > 1:
            raise LayerError(
                f'{self.title}: padding="same" works only with stride 1, the stride is {self.stride}.'
            )

    @override
    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        return (self.out_channels, *self.slide(shape))

    @override
    def repair(self, shape: Shape) -> Repair:
        _, height, width = shape
        if self.padding == "same" and self.stride > 1:
            # What "same" adds at the upper left, so that an even window gives no row too many.
            padding = (self.extent - 1) // 2
            reason = (
                "With a stride the output is smaller than the input, whatever the padding: torch refuses."
            )
            return Repair(reason, (replace(self, padding=padding),), f"Set padding to {padding}")
        reason = f"The map here is {height}×{width}: a window has to lie inside it, padding included."
        if self.stride == 1:
            return Repair(reason, (replace(self, padding="same"),), "Set padding to same")
        return self._shrunk(reason, min(self.kernel_size, min(height, width) + self.window().padding))

    def _shrunk(self, reason: str, kernel: int) -> Repair:
        return Repair(reason, (replace(self, kernel_size=kernel),), f"Set kernel_size to {kernel}")

    @override
    def halved(self) -> Layer | None:
        return replace(self, out_channels=self.out_channels // 2) if self.out_channels > 1 else None

    @override
    def settings_text(self) -> str:
        parts = [f"{self.out_channels} filters", f"{self.kernel_size}×{self.kernel_size}"]
        if self.stride != 1:
            parts.append(f"stride {self.stride}")
        if self.padding != 0:
            parts.append(f"padding {self.padding}")
        return ", ".join(parts)


@dataclass(frozen=True)
class Conv2d(Padded):
    """Two-dimensional convolution (correlation, as in torch), square kernel, `padding` zeros at each side."""

    title: ClassVar[str] = "Conv2d"
    prefix: ClassVar[str] = "conv"
    word: ClassVar[str] = "conv"
    torch_names: ClassVar[tuple[str, ...]] = ("Conv2d",)
    convolutions: ClassVar[int] = 1

    dilation: int = setting(1, 8, label="Dilation", letter="d", rare=True, default=1)
    groups: int = setting(1, 1024, label="Groups", letter="g", rare=True, default=1)
    bias: bool = switch("Bias", letter="nobias", rare=True, default=True)

    @property
    @override
    def extent(self) -> int:
        return self.dilation * (self.kernel_size - 1) + 1

    @override
    def check(self, shape: Shape) -> None:
        super().check(shape)
        for name, channels in (("input", shape[0]), ("output", self.out_channels)):
            if channels % self.groups:
                raise LayerError(
                    f"Conv2d: {channels} {name} channels cannot be shared out to {self.groups} groups."
                )

    @override
    def window(self) -> Window:
        return super().window()._replace(dilation=self.dilation)

    @override
    def groups_on(self, shape: Shape) -> int:
        return self.groups

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        settings = {"stride": self.stride, "dilation": self.dilation, "groups": self.groups}
        return terms.convolution(
            x, tensors["weight"], tensors.get("bias"), cell, padding=self.padding, **settings
        )

    @override
    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        weight = (self.kernel_size, self.kernel_size, shape[0] // self.groups, self.out_channels)
        return (weight, (self.out_channels,)) if self.bias else (weight,)

    @override
    def macs(self, shape: Shape) -> int:
        return math.prod(self.parameter_factors(shape)[0]) * math.prod(self.output_shape(shape)[1:])

    @override
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

    @override
    def torch_source(self, shape: Shape) -> str:
        return call(
            "nn.Conv2d",
            *(shape[0], self.out_channels),
            kernel_size=(self.kernel_size, None),
            stride=(self.stride, 1),
            padding=(self.padding, 0),
            dilation=(self.dilation, 1),
            groups=(self.groups, 1),
            bias=(self.bias, True),
        )

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        both = self.stride > 1 and self.dilation > 1
        made = call(
            "layers.Conv2D",
            *(self.out_channels, self.kernel_size),
            strides=(1 if both else self.stride, 1),
            padding=keras_same(self.padding),
            dilation_rate=(self.dilation, 1),
            groups=(self.groups, 1),
            use_bias=(self.bias, True),
        )
        # Keras refuses a stride with dilation: all places are computed, then some of them kept.
        kept = (f"layers.MaxPooling2D(1, strides={self.stride})",) if both else ()
        return (*keras_padding(self.padding), made, *kept)

    @override
    def repair(self, shape: Shape) -> Repair:
        same_and_stride = self.padding == "same" and self.stride > 1
        if not same_and_stride and (shape[0] % self.groups or self.out_channels % self.groups):
            reason = "Each group takes an equal share of the input channels and makes an equal share of the output."
            shared = math.gcd(shape[0], self.out_channels)
            groups = max(n for n in range(1, min(shared, self.groups) + 1) if shared % n == 0)
            return Repair(reason, (replace(self, groups=groups),), f"Set groups to {groups}")
        return super().repair(shape)

    @override
    def _shrunk(self, reason: str, kernel: int) -> Repair:
        settings = {"kernel_size": kernel, "dilation": 1}
        changed = {name: value for name, value in settings.items() if getattr(self, name) != value}
        text = "Set " + " and ".join(f"{name} to {value}" for name, value in changed.items())
        return Repair(reason, (replace(self, kernel_size=kernel, dilation=1),), text)

    @override
    def fitted(self, shape: Shape) -> Layer:
        return replace(self, groups=math.gcd(self.groups, shape[0], self.out_channels))

    @override
    def settings_text(self) -> str:
        parts = [super().settings_text()]
        if self.dilation != 1:
            parts.append(f"dilation {self.dilation}")
        if self.groups != 1:
            parts.append(f"{self.groups} groups")
        if not self.bias:
            parts.append("no bias")
        return ", ".join(parts)
