"""The depthwise-separable convolution: a k×k kernel for each channel alone, then a 1×1 convolution that mixes channels.

Howard and others, MobileNets (2017), section 3.1: k²·C·O weights become k²·C + C·O. There batch norm and ReLU stand
behind each of both; here, as in Keras, nothing stands between them, and what follows is a layer of its own.
"""

import functools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from cnn_core.networks.layers.base import Part, Shape
from cnn_core.networks.layers.convolution import Conv2d, Padded
from cnn_core.networks.layers.settings import switch
from cnn_core.networks.layers.source import call, class_source, keras_padding, keras_same

if TYPE_CHECKING:
    from torch import nn

# The class leaves as exported source, which has no annotations.
# ruff: noqa: ANN001, ANN204


@functools.cache
def _torch_class() -> "type[nn.Module]":
    from torch import nn

    class SeparableConv2d(nn.Sequential):
        """A kernel for each channel alone, then weighted sums over the channels."""

        def __init__(self, channels, filters, kernel_size, stride=1, padding=0, bias=True):  # type: ignore[no-untyped-def]
            super().__init__()
            self.depthwise = nn.Conv2d(
                channels, channels, kernel_size, stride, padding, groups=channels, bias=False
            )
            self.pointwise = nn.Conv2d(channels, filters, 1, bias=bias)

    return SeparableConv2d


@dataclass(frozen=True)
class SeparableConv2d(Padded):
    """A depthwise convolution, one square kernel a channel, and a pointwise one, 1×1, that mixes them to filters."""

    title: ClassVar[str] = "SeparableConv2d"
    prefix: ClassVar[str] = "separable"
    word: ClassVar[str] = "separable"
    torch_names: ClassVar[tuple[str, ...]] = ("SeparableConv2d",)
    convolutions: ClassVar[int] = 2

    bias: bool = switch("Bias", letter="nobias", rare=True, default=True)

    @override
    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        depthwise = (self.kernel_size, self.kernel_size, shape[0])
        pointwise = (shape[0], self.out_channels)
        return (depthwise, pointwise, (self.out_channels,)) if self.bias else (depthwise, pointwise)

    @override
    def macs(self, shape: Shape) -> int:
        depthwise, pointwise, *_ = self.parameter_factors(shape)
        return (math.prod(depthwise) + math.prod(pointwise)) * math.prod(self.output_shape(shape)[1:])

    @override
    def values(self, shape: Shape) -> int:
        filters, *sides = self.output_shape(shape)
        return (shape[0] + filters) * math.prod(sides)

    @override
    def module(self, shape: Shape) -> "nn.Module":
        return _torch_class()(
            shape[0], self.out_channels, self.kernel_size, self.stride, self.padding, self.bias
        )

    @override
    def parts(self, shape: Shape) -> tuple[Part, ...]:
        each = Conv2d(shape[0], self.kernel_size, self.stride, self.padding, groups=shape[0], bias=False)
        mixed = Conv2d(self.out_channels, 1, bias=self.bias)
        return (Part("depthwise", each, ("",)), Part("pointwise", mixed, ("depthwise",)))

    @override
    def torch_source(self, shape: Shape) -> str:
        return call(
            "SeparableConv2d",
            *(shape[0], self.out_channels),
            kernel_size=(self.kernel_size, None),
            stride=(self.stride, 1),
            padding=(self.padding, 0),
            bias=(self.bias, True),
        )

    @override
    def torch_definitions(self) -> str:
        return class_source(_torch_class)

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        made = call(
            "layers.SeparableConv2D",
            *(self.out_channels, self.kernel_size),
            strides=(self.stride, 1),
            padding=keras_same(self.padding),
            use_bias=(self.bias, True),
        )
        return (*keras_padding(self.padding), made)

    @override
    def settings_text(self) -> str:
        return super().settings_text() + ("" if self.bias else ", no bias")
