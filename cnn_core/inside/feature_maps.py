"""One image through a network: the maps of every layer, before and after its activation, with their numbers.

A feature map is one filter's answer to one image. Negative values are kept: the activation, not the picture,
decides what becomes of them.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cnn_core.arrays import Floats
from cnn_core.inside.forward import forward_all
from cnn_core.networks.layers import Layer

if TYPE_CHECKING:
    from torch import nn


class Signs(NamedTuple):
    """How many values are below zero, exactly zero, and above."""

    negative: int
    zero: int
    positive: int


@dataclass(frozen=True, eq=False)
class Maps:
    """One layer's answer to one image as maps: `values` (M, H, W) float32; a vector's values are maps of 1 × 1.

    `layer` is the layer's type, None for a module that no type makes. `can_be_negative` is False where no image could
    make a value negative, as after a ReLU.
    """

    name: str
    kind: str
    layer: type[Layer] | None
    values: Floats
    is_vector: bool
    can_be_negative: bool

    @property
    def is_activation(self) -> bool:
        """Whether an activation function made them."""
        return self.layer is not None and self.layer.is_activation

    @property
    def are_answers_of_filters(self) -> bool:
        """Whether they are the maps of a convolution's filters as they come, before any activation."""
        return not self.is_vector and self.layer is not None and self.layer.mixes

    @property
    def shape_text(self) -> str:
        """The shape as PyTorch counts it, "32 × 26 × 26", or "64 values" of a vector."""
        count, height, width = self.values.shape
        return f"{count} values" if self.is_vector else f"{count} × {height} × {width}"

    @property
    def unit(self) -> str:
        """What one of `values` is called: "map", or "unit" of a vector."""
        return "unit" if self.is_vector else "map"

    def signs(self, index: int) -> Signs:
        """The signs of one map's values, or of all of a vector's."""
        values = self.values if self.is_vector else self.values[index]
        return Signs(int((values < 0).sum()), int((values == 0).sum()), int((values > 0).sum()))

    def zero_everywhere(self) -> list[int]:
        """The maps without a single value other than 0."""
        return [int(index) for index in np.flatnonzero(~self.values.any(axis=(1, 2)))]

    def table(self) -> dict[str, list[float]]:
        """Each map in numbers, as the columns of a table; shares are in 0..1."""
        if self.is_vector:
            return {self.unit: list(range(len(self.values))), "value": self.values[:, 0, 0].tolist()}
        return {
            self.unit: list(range(len(self.values))),
            "smallest": self.values.min(axis=(1, 2)).tolist(),
            "mean": self.values.mean(axis=(1, 2)).tolist(),
            "largest": self.values.max(axis=(1, 2)).tolist(),
            "share negative": (self.values < 0).mean(axis=(1, 2)).tolist(),
            "share zero": (self.values == 0).mean(axis=(1, 2)).tolist(),
        }


def maps_of(model: "nn.Sequential", image: Floats) -> list[Maps]:
    """What every layer makes of one image float32 (C, H, W) in 0..1, in order. Raises as `forward_all` does."""
    layers = []
    can_be_negative = False  # pixels are not
    for answer in forward_all(model, image[None]):
        values = answer.output[0]
        sign = "any" if answer.layer is None else answer.layer.sign
        can_be_negative = sign == "any" or (sign == "keeps" and can_be_negative)
        as_maps = values if values.ndim == 3 else values.reshape(-1, 1, 1)
        layers.append(
            Maps(answer.name, answer.kind, answer.layer, as_maps, values.ndim == 1, can_be_negative)
        )
    return layers


def before_and_after(layers: list[Maps], index: int) -> tuple[Maps, Maps | None]:
    """The layer at `index` beside its activation: (what goes in, what comes out); None where no activation follows.

    Choosing the activation or the layer right before it gives the same pair.
    """
    if layers[index].is_activation and index > 0:
        return layers[index - 1], layers[index]
    after = layers[index + 1] if index + 1 < len(layers) else None
    return layers[index], after if after is not None and after.is_activation else None
