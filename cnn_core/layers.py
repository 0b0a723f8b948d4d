"""Layer specifications: what every layer of a network can say about itself, and the two that make vectors.

A specification is a frozen dataclass without weights. Shapes leave out the batch: `(C, H, W)` for maps,
`(F,)` for a vector of features. Sentences of `LayerError` name the setting, its value and what is allowed.
Torch is imported only where a module is made.
"""

import math
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]


class LayerError(ValueError):
    """A layer that cannot work: on this input shape, or with these settings at all."""


def within(low: float, high: float, **default: Any) -> Any:
    """A dataclass field whose value has to lie in `low..high` (checked by `Layer.wrong_settings`)."""
    return field(metadata={"low": low, "high": high}, **default)


@dataclass(frozen=True)
class Layer:
    """What every layer can say about itself. Elementwise layers need no more than a module."""

    prefix: ClassVar[str] = "layer"  # names are prefix and number, as in conv1
    title: ClassVar[str] = "Layer"
    needs_maps: ClassVar[bool] = False

    def wrong_settings(self) -> dict[str, tuple[Any, float, float]]:
        """Settings out of range: `{name: (value, low, high)}`; empty where all is well."""
        wrong = {}
        for setting in fields(self):
            value = getattr(self, setting.name)
            if "low" in setting.metadata and value is not None and not isinstance(value, str):
                low, high = setting.metadata["low"], setting.metadata["high"]
                if not low <= value <= high:
                    wrong[setting.name] = (value, low, high)
        return wrong

    def check(self, shape: Shape) -> None:
        """Raises `LayerError` where a setting is out of range or the layer needs maps and gets a vector."""
        for name, (value, low, high) in self.wrong_settings().items():
            raise LayerError(f"{self.title}: {name} is {value:g}, allowed is {low:g} to {high:g}.")
        if self.needs_maps and len(shape) != 3:
            raise LayerError(
                f"{self.title} needs maps of rows and columns, but gets a vector of {shape[0]:,} values."
            )

    def output_shape(self, shape: Shape) -> Shape:
        """Shape after this layer; raises `LayerError` where it cannot work."""
        self.check(shape)
        return shape

    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        """For each weight or bias tensor, the numbers whose product is how many values it has."""
        return ()

    def macs(self, shape: Shape) -> int:
        """Multiply-adds for one image."""
        return 0

    def module(self, shape: Shape) -> "nn.Module":
        """The torch module for input of this shape, freshly initialized."""
        raise NotImplementedError

    def settings_text(self) -> str:
        """The settings that matter, short enough for a picture; may be empty."""
        return ""


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

    out_features: int = within(1, 8192)
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
