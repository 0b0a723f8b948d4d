"""A network as data: its layers, shapes and costs, its problems, its torch module, its JSON.

Networks take float32 images in 0..1, `(N, C, H, W)`, and return logits, `(N, classes)`: nothing is normalized
outside the network, and no softmax is in it. Torch is not imported until a network is built.
"""

from collections import OrderedDict
from dataclasses import dataclass, fields, replace
from math import prod, sqrt
from typing import TYPE_CHECKING, Any, ClassVar

from cnn_core.elementwise import (
    GELU,
    BatchNorm,
    Dropout,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from cnn_core.layers import Flatten, Layer, Linear
from cnn_core.shapes import Failure, LayerInfo, names, walk
from cnn_core.windowed import AvgPool2d, Conv2d, GlobalAvgPool, MaxPool2d

if TYPE_CHECKING:
    from torch import nn

    from cnn_core.repairs import Problem

LAYER_TYPES: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        *(Conv2d, MaxPool2d, AvgPool2d, GlobalAvgPool, BatchNorm, Dropout, Flatten, Linear),
        *(ReLU, LeakyReLU, GELU, SiLU, Tanh, Sigmoid, Softmax),
    )
}

__all__ = [
    "GELU",
    "LAYER_TYPES",
    "Architecture",
    "ArchitectureError",
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "Dropout",
    "Flatten",
    "GlobalAvgPool",
    "LayerInfo",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
]

MAX_SIDE = 256
MAX_CHANNELS = 16
MAX_CLASSES = 1000


class ArchitectureError(ValueError):
    """A network that cannot be described or built; the text is a sentence for the page."""


@dataclass(frozen=True)
class Architecture:
    """A stack of layers on images of `input_shape` `(C, H, W)` that ends in one logit for each of `classes`.

    Any stack can be described; `problems()` says what cannot work. Raises `ArchitectureError` only where the
    description is out of bounds: more than 64 layers, sides above 256, 16 channels or 1,000 classes.
    """

    input_shape: tuple[int, int, int]
    layers: tuple[Layer, ...]
    classes: int

    MAX_LAYERS: ClassVar[int] = 64

    def __post_init__(self) -> None:
        if len(self.input_shape) != 3:
            raise ArchitectureError(
                f"input_shape is {self.input_shape}, it has to be (channels, height, width)."
            )
        limits = (("channels", MAX_CHANNELS), ("height", MAX_SIDE), ("width", MAX_SIDE))
        for (name, high), value in zip(limits, self.input_shape):
            if not 1 <= value <= high:
                raise ArchitectureError(f"input_shape: {name} is {value}, allowed is 1 to {high}.")
        if not 2 <= self.classes <= MAX_CLASSES:
            raise ArchitectureError(f"classes is {self.classes}, allowed is 2 to {MAX_CLASSES:,}.")
        if len(self.layers) > self.MAX_LAYERS:
            raise ArchitectureError(
                f"The network has {len(self.layers)} layers, allowed are {self.MAX_LAYERS}."
            )

    @property
    def names(self) -> tuple[str, ...]:
        """A name for each layer, such as conv1, relu1, pool1; the children of `build()` have them too."""
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
    def activations(self) -> int:
        """Values that all layers put out for one image; training keeps them for the backward pass."""
        return sum(prod(info.output_shape) for info in self.summary())

    def with_layers(self, layers: tuple[Layer, ...]) -> "Architecture":
        """The same input and classes under other layers."""
        return replace(self, layers=layers)

    def summary(self) -> tuple[LayerInfo, ...]:
        """One `LayerInfo` for each layer, up to the first that cannot work (see `problems`)."""
        return walk(self.input_shape, self.layers)[0]

    def failure(self) -> Failure | None:
        """The first layer that cannot work as `(index, shape it gets, sentence)`, or None."""
        return walk(self.input_shape, self.layers)[1]

    def problems(self) -> "tuple[Problem, ...]":
        """Everything that keeps this network from being trained, in the order of the layers."""
        from cnn_core import repairs

        return repairs.problems(self)

    def build(self, seed: int | None = None) -> "nn.Sequential":
        """The network in torch, children named as in `summary`, with torch's default initialization.

        With a `seed` the weights are those of `torch.manual_seed(seed)` before the same constructors,
        whatever else uses torch's global generator meanwhile.

        Raises `ArchitectureError` where there are `problems()`.
        """
        from torch import nn

        problems = self.problems()
        if problems:
            raise ArchitectureError(" ".join(problem.message for problem in problems))
        model = nn.Sequential(
            OrderedDict((info.name, info.layer.module(info.input_shape)) for info in self.summary())
        )
        if seed is not None:
            _initialize(model, seed)
        return model

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready description; `from_dict` reads it back to an equal architecture."""
        layers = []
        for layer in self.layers:
            settings = {setting.name: getattr(layer, setting.name) for setting in fields(layer)}
            layers.append({"type": type(layer).__name__, **settings})
        return {"input_shape": list(self.input_shape), "classes": self.classes, "layers": layers}

    @staticmethod
    def from_dict(description: object) -> "Architecture":
        """Reads what `to_dict` wrote, or a stranger's JSON: unknown keys, types and huge sizes are refused.

        Raises `ArchitectureError` with a sentence; never builds anything.
        """
        from cnn_core.descriptions import read_architecture

        return read_architecture(description)


def _initialize(model: "nn.Sequential", seed: int) -> None:
    """Torch's default initialization of Conv2d and Linear, in the same order, from a generator of its own."""
    import torch
    from torch import nn

    generator = torch.Generator().manual_seed(seed)
    for module in model:
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_uniform_(module.weight, a=sqrt(5), generator=generator)
            if module.bias is not None:
                bound = 1 / sqrt(module.weight[0].numel())
                nn.init.uniform_(module.bias, -bound, bound, generator=generator)
