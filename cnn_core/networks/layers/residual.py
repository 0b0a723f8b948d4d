"""The residual block: two convolutions learn what to add to their input, which passes them by.

He, Zhang, Ren, Sun: Deep residual learning for image recognition (2015), figure 2 and section 3.3, option B: batch
norm right after each convolution, ReLU between them and after the sum. Where the block changes the shape, a 1×1
convolution with batch norm changes what passes by likewise.
"""

import functools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from cnn_core.networks.layers.base import Layer, Part, Shape, Sign, Window
from cnn_core.networks.layers.convolution import Conv2d
from cnn_core.networks.layers.elementwise import BatchNorm, ReLU
from cnn_core.networks.layers.settings import setting
from cnn_core.networks.layers.source import call, class_source
from cnn_core.networks.layers.windowed import Windowed

if TYPE_CHECKING:
    from torch import nn

KERAS = '''
def residual_block(height, width, channels, filters, stride=1):
    """Two convolutions, and past them the input; a 1x1 convolution where the block changes the shape."""
    def norm(name):
        return layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name=name)

    maps = keras.Input((height, width, channels))
    x = layers.ZeroPadding2D(1)(maps)
    x = layers.Conv2D(filters, 3, strides=stride, use_bias=False, name="conv1")(x)
    x = layers.ReLU()(norm("batch_norm1")(x))
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False, name="conv2")(x)
    x = norm("batch_norm2")(x)
    shortcut = maps
    if stride > 1 or filters != channels:
        shortcut = layers.Conv2D(filters, 1, strides=stride, use_bias=False, name="projection")(maps)
        shortcut = norm("projection_norm")(shortcut)
    return keras.Model(maps, layers.ReLU()(layers.Add()([x, shortcut])))
'''

# The class leaves as exported source, which has no annotations.
# ruff: noqa: ANN001, ANN202, ANN204


@functools.cache
def _torch_class() -> "type[nn.Module]":
    from torch import nn

    class ResidualBlock(nn.Module):
        """Two convolutions, and past them the input; a 1x1 convolution where the block changes the shape."""

        def __init__(self, channels, filters, stride=1):  # type: ignore[no-untyped-def]
            super().__init__()
            self.conv1 = nn.Conv2d(channels, filters, 3, stride, padding=1, bias=False)
            self.batch_norm1 = nn.BatchNorm2d(filters)
            self.relu1 = nn.ReLU()
            self.conv2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
            self.batch_norm2 = nn.BatchNorm2d(filters)
            self.shortcut = nn.Sequential()
            if stride > 1 or filters != channels:
                self.shortcut.projection = nn.Conv2d(channels, filters, 1, stride, bias=False)
                self.shortcut.projection_norm = nn.BatchNorm2d(filters)
            self.relu2 = nn.ReLU()

        def forward(self, x):  # type: ignore[no-untyped-def, explicit-override]
            learned = self.relu1(self.batch_norm1(self.conv1(x)))
            learned = self.batch_norm2(self.conv2(learned))
            return self.relu2(learned + self.shortcut(x))

    return ResidualBlock


@dataclass(frozen=True)
class Residual(Windowed):
    """`relu(f(x) + x)`, f two 3×3 convolutions with batch norm and a ReLU between; maps keep their size at stride 1."""

    title: ClassVar[str] = "Residual block"
    prefix: ClassVar[str] = "residual"
    word: ClassVar[str] = "residual"
    torch_names: ClassVar[tuple[str, ...]] = ("ResidualBlock",)
    sign: ClassVar[Sign] = "never negative"
    normalizes: ClassVar[bool] = True
    needs_whole_batch: ClassVar[bool] = True
    convolutions: ClassVar[int] = 2

    out_channels: int = setting(1, 1024, label="Filters", new=32)
    stride: int = setting(1, 4, label="Stride", letter="s", default=1)

    @override
    def window(self) -> Window:
        """Of both convolutions together: 3 cells, then 3 of those that lie a stride apart; each is padded by 1."""
        return Window(3 + 2 * self.stride, self.stride, 2 + 2 * self.stride)

    def projects(self, shape: Shape) -> bool:
        """Whether the input, to be added, needs a 1×1 convolution."""
        return self.stride > 1 or self.out_channels != shape[0]

    @override
    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        return (self.out_channels, *self.slide(shape))

    @override
    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        filters = self.out_channels
        norm = ((filters,), (filters,))
        first, second = (3, 3, shape[0], filters), (3, 3, filters, filters)
        projection = ((shape[0], filters), *norm) if self.projects(shape) else ()
        return (first, *norm, second, *norm, *projection)

    @override
    def macs(self, shape: Shape) -> int:
        filters, *sides = self.output_shape(shape)
        kernels = 9 * shape[0] * filters + 9 * filters**2 + 2 * filters
        if self.projects(shape):
            kernels += shape[0] * filters + filters
        return kernels * math.prod(sides)

    @override
    def values(self, shape: Shape) -> int:
        return (8 if self.projects(shape) else 6) * math.prod(self.output_shape(shape))

    @override
    def module(self, shape: Shape) -> "nn.Module":
        return _torch_class()(shape[0], self.out_channels, self.stride)

    @override
    def parts(self, shape: Shape) -> tuple[Part, ...]:
        filters, stride, passed = self.out_channels, self.stride, ""
        projection: tuple[Part, ...] = ()
        if self.projects(shape):
            passed = "shortcut.projection_norm"
            projection = (
                Part("shortcut.projection", Conv2d(filters, 1, stride, bias=False), ("",)),
                Part(passed, BatchNorm(), ("shortcut.projection",)),
            )
        return (
            Part("conv1", Conv2d(filters, 3, stride, padding=1, bias=False), ("",)),
            Part("batch_norm1", BatchNorm(), ("conv1",)),
            Part("relu1", ReLU(), ("batch_norm1",)),
            Part("conv2", Conv2d(filters, 3, padding=1, bias=False), ("relu1",)),
            Part("batch_norm2", BatchNorm(), ("conv2",)),
            *projection,
            Part("sum", None, ("batch_norm2", passed)),
            Part("relu2", ReLU(), ("sum",)),
        )

    @override
    def torch_source(self, shape: Shape) -> str:
        return call("ResidualBlock", shape[0], self.out_channels, stride=(self.stride, 1))

    @override
    def torch_definitions(self) -> str:
        return class_source(_torch_class)

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        channels, height, width = shape
        return (call("residual_block", height, width, channels, self.out_channels, stride=(self.stride, 1)),)

    @override
    def keras_definitions(self) -> str:
        return KERAS

    @override
    def halved(self) -> Layer | None:
        return replace(self, out_channels=self.out_channels // 2) if self.out_channels > 1 else None

    @override
    def size_text(self, size: int) -> str:
        """That of its first convolution, the only one that changes the size."""
        return f"⌊({size} + 2 − 3) / {self.stride}⌋ + 1 = {self.outputs(size)}"

    @override
    def settings_text(self) -> str:
        return f"{self.out_channels} filters, 2 × 3×3" + (
            f", stride {self.stride}" if self.stride > 1 else ""
        )
