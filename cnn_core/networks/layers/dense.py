"""The layers that make vectors and mix them: Flatten, Linear."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from typing_extensions import override

from cnn_core.arrays import Floats
from cnn_core.networks.layers.base import ONE_CELL, Layer, LayerError, Repair, Shape, Sign, Window, shape_text
from cnn_core.networks.layers.settings import setting, switch
from cnn_core.networks.layers.source import call
from cnn_core.operations import terms

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Flatten(Layer):
    """Maps to one vector, `(C, H, W)` to `(C·H·W,)`, channel after channel, row after row."""

    title: ClassVar[str] = "Flatten"
    prefix: ClassVar[str] = "flatten"
    word: ClassVar[str] = "flatten"
    torch_names: ClassVar[tuple[str, ...]] = ("Flatten",)
    sign: ClassVar[Sign] = "keeps"
    flattens: ClassVar[bool] = True

    @override
    def window(self) -> Window:
        return ONE_CELL

    @override
    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) == 1:
            raise LayerError(
                f"Flatten has nothing to do: its input is already a vector of {shape[0]:,} values."
            )
        return (math.prod(shape),)

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Flatten()

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        return terms.copy(x, tuple(int(index) for index in np.unravel_index(cell[0], x.shape)))

    @override
    def torch_source(self, shape: Shape) -> str:
        return "nn.Flatten()"

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return ("layers.Flatten()",)  # pixel after pixel; torch goes channel after channel

    @override
    def repair(self, shape: Shape) -> Repair:
        reason = "A Flatten or a Linear before it has already made a vector of the maps; once is enough."
        return Repair(reason, (), "Remove this Flatten")

    @override
    def shape_words(self, shape: Shape) -> str:
        return f"{shape_text(shape)} values in a row = {math.prod(shape):,}"


@dataclass(frozen=True)
class Linear(Layer):
    """Every output is a weighted sum of every input, plus a bias; input `(F,)`.

    `in_features` is F where somebody wrote it down, as a notebook has to; None takes what comes.
    """

    title: ClassVar[str] = "Linear"
    prefix: ClassVar[str] = "linear"
    word: ClassVar[str] = "linear"
    torch_names: ClassVar[tuple[str, ...]] = ("Linear",)
    sign: ClassVar[Sign] = "any"
    needs_vector: ClassVar[bool] = True
    mixes: ClassVar[bool] = True

    out_features: int = setting(1, 8192, label="Units", new=64)
    bias: bool = switch("Bias", letter="nobias", rare=True, default=True)
    in_features: int | None = setting(
        1, 1_000_000, label="Inputs", letter="i", unset="automatic", default=None
    )

    @property
    @override
    def units(self) -> int:
        return self.out_features

    @override
    def window(self) -> None:
        return None

    @override
    def output_shape(self, shape: Shape) -> Shape:
        self.check(shape)
        if self.in_features is not None and self.in_features != shape[0]:
            said = _refusal((1, *shape), self.in_features, self.out_features, self.bias)
            raise LayerError(f"PyTorch says “{said}”.")
        return (self.out_features,)

    @override
    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        weight = (shape[0], self.out_features)
        return (weight, (self.out_features,)) if self.bias else (weight,)

    @override
    def macs(self, shape: Shape) -> int:
        return shape[0] * self.out_features

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Linear(shape[0], self.out_features, bias=self.bias)

    @override
    def groups_on(self, shape: Shape) -> int:
        return 1

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        bias = float(tensors["bias"][cell]) if self.bias else 0.0
        return terms.weighted_sum(x, tensors["weight"][cell], np.arange(len(x))[:, None], bias)

    @override
    def torch_source(self, shape: Shape) -> str:
        return call("nn.Linear", shape[0], self.out_features, bias=(self.bias, True))

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return (call("layers.Dense", self.out_features, use_bias=(self.bias, True)),)

    @override
    def repair(self, shape: Shape) -> Repair:
        count = math.prod(shape)
        if len(shape) == 1:
            reason = (
                f"{count:,} values come in, and each unit has weights for {self.in_features:,}. mat1 is the input, "
                "mat2 the weights: the two inner numbers must be equal."
            )
            return Repair(reason, (replace(self, in_features=count),), f"Set in_features to {count}")
        said = _refusal((1, *shape), self.in_features or count, self.out_features, self.bias)
        reason = (
            f"Linear multiplies a vector by a matrix. Flatten writes the {shape_text(shape)} values one after the "
            f"other, as {count:,} features" + (f"; without it PyTorch says “{said}”." if said else ".")
        )
        return Repair(reason, (Flatten(), self), "Insert Flatten before it")

    @override
    def fitted(self, shape: Shape) -> Layer:
        return self if self.in_features is None else replace(self, in_features=math.prod(shape))

    @override
    def halved(self) -> Layer | None:
        return replace(self, out_features=self.out_features // 2) if self.out_features > 1 else None

    @override
    def settings_text(self) -> str:
        inputs = "" if self.in_features is None else f", {self.in_features} inputs"
        return f"{self.out_features} units{inputs}" + (", no bias" if not self.bias else "")


@lru_cache(maxsize=256)
def _refusal(shape: Shape, in_features: int, out_features: int, bias: bool) -> str:
    """What torch says where a batch of `shape` meets weights (out, in) that do not fit; "" where they do.

    The weights are one number spread over all places: they take no memory, however many somebody types.
    """
    import torch

    weight = torch.zeros(()).expand(out_features, in_features)
    try:
        torch.nn.functional.linear(torch.zeros(shape), weight, torch.zeros(out_features) if bias else None)
    except RuntimeError as error:
        return str(error)
    return ""
