"""The layers that sum up maps: maximum or mean of each window, mean of the whole map."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from cnn_core.arrays import Floats
from cnn_core.networks.layers.base import Layer, LayerError, Repair, Shape, Sign, Window
from cnn_core.networks.layers.settings import setting
from cnn_core.networks.layers.source import call, keras_padding
from cnn_core.networks.layers.windowed import Windowed
from cnn_core.operations import terms

if TYPE_CHECKING:
    from torch import nn

REPEAT_EDGES = '''
def repeat_edges(height, width, channels, padding):
    """Repeats the cells at the edge: no window's maximum changes, as with torch's padding of minus infinity."""
    maps = keras.Input((height, width, channels))
    top = layers.Cropping2D(((0, height - 1), (0, 0)))(maps)
    bottom = layers.Cropping2D(((height - 1, 0), (0, 0)))(maps)
    rows = layers.Concatenate(axis=1)([top] * padding + [maps] + [bottom] * padding)
    left = layers.Cropping2D(((0, 0), (0, width - 1)))(rows)
    right = layers.Cropping2D(((0, 0), (width - 1, 0)))(rows)
    return keras.Model(maps, layers.Concatenate(axis=2)([left] * padding + [rows] + [right] * padding))
'''


@dataclass(frozen=True)
class Pool(Windowed):
    """Settings of both poolings: `stride=None` moves by a whole window; sizes are floored."""

    prefix: ClassVar[str] = "pool"
    sign: ClassVar[Sign] = "keeps"
    pools: ClassVar[bool] = True
    each_map: ClassVar[str] = "each map on its own"

    kernel_size: int = setting(1, 64, label="Window size", default=2)
    stride: int | None = setting(1, 64, label="Stride", letter="s", follows="kernel_size", default=None)
    padding: int = setting(0, 32, label="Padding", letter="p", default=0)

    @property
    def step(self) -> int:
        """How far the window moves, in cells."""
        return self.kernel_size if self.stride is None else self.stride

    @override
    def window(self) -> Window:
        return Window(self.kernel_size, self.step, 2 * self.padding)

    @override
    def check(self, shape: Shape) -> None:
        super().check(shape)
        if 2 * self.padding > self.kernel_size:
            raise LayerError(
                f"{self.title}: padding is {self.padding}, "
                f"allowed is at most half the window, {self.kernel_size // 2}."
            )

    @override
    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        return (shape[0], *self.slide(shape))

    @override
    def torch_source(self, shape: Shape) -> str:
        name = f"nn.{self.torch_names[0]}"
        return call(name, self.kernel_size, stride=(self.step, self.kernel_size), padding=(self.padding, 0))

    @override
    def repair(self, shape: Shape) -> Repair:
        smallest = min(shape[1:])
        if 2 * self.padding > self.kernel_size:
            padding = self.kernel_size // 2
            reason = "With more padding a window could lie on nothing but padding."
            return Repair(reason, (replace(self, padding=padding),), f"Set padding to {padding}")
        if smallest == 1:
            reason = (
                "The maps have shrunk to a single row or column; pooling would leave none, a size of zero."
            )
            return Repair(reason, (), f"Remove this {self.title}")
        reason = f"The map here is {shape[1]}×{shape[2]}; a larger window would leave none, a size of zero."
        text = f"Set kernel_size to {smallest}" + (" and padding to 0" if self.padding else "")
        return Repair(reason, (replace(self, kernel_size=smallest, padding=0),), text)

    @override
    def settings_text(self) -> str:
        parts = [f"{self.kernel_size}×{self.kernel_size}"]
        if self.step != self.kernel_size:
            parts.append(f"stride {self.step}")
        if self.padding:
            parts.append(f"padding {self.padding}")
        return ", ".join(parts)


@dataclass(frozen=True)
class MaxPool2d(Pool):
    """The largest value of each window."""

    title: ClassVar[str] = "MaxPool2d"
    word: ClassVar[str] = "pool"
    torch_names: ClassVar[tuple[str, ...]] = ("MaxPool2d",)

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.MaxPool2d(self.kernel_size, self.stride, self.padding)

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        return terms.max_pooling(x, cell, self.kernel_size, self.step, self.padding)

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        channels, height, width = shape
        repeated = f"repeat_edges({height}, {width}, {channels}, padding={self.padding})"
        made = call("layers.MaxPooling2D", self.kernel_size, strides=(self.step, self.kernel_size))
        return (repeated, made) if self.padding else (made,)

    @override
    def keras_definitions(self) -> str:
        return REPEAT_EDGES if self.padding else ""


@dataclass(frozen=True)
class AvgPool2d(Pool):
    """The mean of each window; padding zeros count, as in torch."""

    title: ClassVar[str] = "AvgPool2d"
    word: ClassVar[str] = "avgpool"
    torch_names: ClassVar[tuple[str, ...]] = ("AvgPool2d",)

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.AvgPool2d(self.kernel_size, self.stride, self.padding)

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        return terms.average_pooling(x, cell, self.kernel_size, self.step, self.padding)

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        made = call("layers.AveragePooling2D", self.kernel_size, strides=(self.step, self.kernel_size))
        return (*keras_padding(self.padding), made)


@dataclass(frozen=True)
class GlobalAvgPool(Layer):
    """The mean of each map: `(C, H, W)` to `(C, 1, 1)`, as torch's AdaptiveAvgPool2d; a Flatten follows."""

    title: ClassVar[str] = "GlobalAvgPool"
    prefix: ClassVar[str] = "global_pool"
    word: ClassVar[str] = "gap"
    torch_names: ClassVar[tuple[str, ...]] = ("AdaptiveAvgPool2d",)
    sign: ClassVar[Sign] = "keeps"
    needs_maps: ClassVar[bool] = True
    pools: ClassVar[bool] = True

    @override
    def window(self) -> None:
        return None

    @override
    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        return (shape[0], 1, 1)

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.AdaptiveAvgPool2d(1)

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        return terms.global_average(x, cell)

    @override
    def torch_source(self, shape: Shape) -> str:
        return "nn.AdaptiveAvgPool2d(1)"

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return ("layers.GlobalAveragePooling2D(keepdims=True)",)
