"""A network as data: its layers, shapes and costs.

Networks take float32 images in 0..1, `(N, C, H, W)`, and return logits, `(N, classes)`: nothing is normalized
outside the network, and no softmax is in it. What is wrong with one is in `repairs`, its torch module in `building`,
its JSON in `json_form`.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

from cnn_core.arrays import not_allowed
from cnn_core.networks.layers.base import Layer
from cnn_core.networks.shapes import Failure, LayerInfo, names, walk

MAX_SIDE = 256
MAX_CHANNELS = 16
MAX_CLASSES = 1000


class ArchitectureError(ValueError):
    """A network that cannot be described or built; the text is a sentence for the page."""


@dataclass(frozen=True)
class Architecture:
    """A stack of layers on images of `input_shape` `(C, H, W)` that ends in one logit for each of `classes`.

    Any stack can be described; `repairs.problems` says what cannot work. Raises `ArchitectureError` only where the
    description is out of bounds: more than 64 layers, sides above 256, 16 channels or 1,000 classes.
    """

    input_shape: tuple[int, int, int]
    layers: tuple[Layer, ...]
    classes: int

    MAX_LAYERS: ClassVar[int] = 64

    def __post_init__(self) -> None:
        if len(self.input_shape) != 3:
            allowed = "(channels, height, width)"
            raise ArchitectureError(not_allowed("input_shape", self.input_shape, allowed))
        limits = (("channels", MAX_CHANNELS), ("height", MAX_SIDE), ("width", MAX_SIDE))
        for (name, high), value in zip(limits, self.input_shape):
            if not 1 <= value <= high:
                raise ArchitectureError(not_allowed(f"input_shape: {name}", value, f"1 to {high}"))
        if not 2 <= self.classes <= MAX_CLASSES:
            raise ArchitectureError(not_allowed("classes", self.classes, f"2 to {MAX_CLASSES:,}"))
        if len(self.layers) > self.MAX_LAYERS:
            found = f"{len(self.layers)} layers long"
            raise ArchitectureError(not_allowed("The network", found, f"{self.MAX_LAYERS} at most"))

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each layer, such as conv1, relu1, pool1; the children of the built network have them too."""
        return names(self.layers)

    @property
    def parameters(self) -> int:
        """Weights and biases of all layers that `summary` reaches."""
        return sum(info.parameters for info in self.summary())

    @property
    def macs(self) -> int:
        """Multiply-adds for one image."""
        return sum(info.macs for info in self.summary())

    @property
    def activation_values(self) -> int:
        """Values that all layers put out for one image; training keeps them for the backward pass."""
        return sum(info.values for info in self.summary())

    def with_layers(self, layers: tuple[Layer, ...]) -> "Architecture":
        """The same input and classes under other layers."""
        return replace(self, layers=layers)

    def summary(self) -> tuple[LayerInfo, ...]:
        """One `LayerInfo` for each layer, up to the first that cannot work (see `problems`)."""
        return walk(self.input_shape, self.layers)[0]

    def failure(self) -> Failure | None:
        """The first layer that cannot work as `(index, shape it gets, sentence)`, or None."""
        return walk(self.input_shape, self.layers)[1]
