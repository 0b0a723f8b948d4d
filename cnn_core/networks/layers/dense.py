"""The layers that make vectors and mix them: Flatten, Linear. See `base`."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnn_core.networks.layers.base import Layer, LayerError, Shape, setting

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Flatten(Layer):
    """Maps to one vector, `(C, H, W)` to `(C·H·W,)`, channel after channel, row after row."""

    prefix: ClassVar[str] = "flatten"
    title: ClassVar[str] = "Flatten"

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) == 1:
            raise LayerError(
                f"Flatten has nothing to do: its input is already a vector of {shape[0]:,} values."
            )
        return (math.prod(shape),)

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Flatten()


@dataclass(frozen=True)
class Linear(Layer):
    """Every output is a weighted sum of every input, plus a bias; input `(F,)`."""

    prefix: ClassVar[str] = "linear"
    title: ClassVar[str] = "Linear"

    out_features: int = setting(1, 8192)
    bias: bool = True

    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        if len(shape) != 1:
            size = "×".join(str(n) for n in shape)
            raise LayerError(f"Linear needs a vector, but gets maps of shape {size}.")
        return (self.out_features,)

    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        weight = (shape[0], self.out_features)
        return (weight, (self.out_features,)) if self.bias else (weight,)

    def macs(self, shape: Shape) -> int:
        return shape[0] * self.out_features

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Linear(shape[0], self.out_features, bias=self.bias)

    def settings_text(self) -> str:
        return f"{self.out_features} units" + (", no bias" if not self.bias else "")
