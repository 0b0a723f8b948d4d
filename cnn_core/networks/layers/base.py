"""Layer specifications: what every layer of a network can say about itself, and the two that make vectors.

A specification is a frozen dataclass without weights. Shapes leave out the batch: `(C, H, W)` for maps,
`(F,)` for a vector of features. Sentences of `LayerError` name the setting, its value and what is allowed.
Torch is imported only where a module is made.
"""

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]


class LayerError(ValueError):
    """A layer that cannot work: on this input shape, or with these settings at all."""


def setting(low: float, high: float, **default: Any) -> Any:
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
