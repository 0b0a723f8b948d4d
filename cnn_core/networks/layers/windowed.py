"""What layers share that read maps through a square window: convolution, pooling, blocks of them."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from cnn_core.networks.layers.base import Layer, LayerError, Shape, Window


@dataclass(frozen=True)
class Windowed(Layer):
    """A square window that moves over maps; sizes are rounded down. Subclasses say which."""

    needs_maps: ClassVar[bool] = True
    each_map: ClassVar[str] = "one map a filter"  # what the maps that come out are

    @abstractmethod
    @override
    def window(self) -> Window:
        """Its extent, step and padding, whatever the maps."""

    def slide(self, shape: Shape) -> Shape:
        """Height and width after the window has moved over maps `(C, H, W)`; raises `LayerError` where it can't."""
        extent, _, padding, _ = self.window()
        _, height, width = shape
        if extent > min(height, width) + padding:
            padded = " padded" if padding else ""
            raise LayerError(
                f"{self.title}: the {extent}×{extent} window does not fit into the{padded} "
                f"{height + padding}×{width + padding} map."
            )
        return self.outputs(height), self.outputs(width)

    def outputs(self, size: int) -> int:
        """How many places the window has along an axis of `size` cells."""
        extent, step, padding, _ = self.window()
        return (size + padding - extent) // step + 1

    @override
    def size_text(self, size: int) -> str:
        extent, step, padding, _ = self.window()
        return f"⌊({size} + {padding} − {extent}) / {step}⌋ + 1 = {self.outputs(size)}"

    @override
    def shape_words(self, shape: Shape) -> str:
        return f"{self.each_map}; height {self.size_text(shape[1])}"
