"""Layers that keep the shape: activations, softmax, batch normalization, dropout."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from cnn_core.arrays import Doubles, Floats, Reals
from cnn_core.networks.layers.base import ONE_CELL, Layer, Shape, Sign, Window
from cnn_core.networks.layers.settings import setting
from cnn_core.operations import activation_functions, terms

if TYPE_CHECKING:
    from torch import nn

EPSILON = 1e-5  # torch's, in batch norm


@dataclass(frozen=True)
class InPlace(Layer):
    """A layer whose output at a place depends on the input at this place; the shape stays."""

    @override
    def window(self) -> Window:
        return ONE_CELL

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        made: nn.Module = getattr(nn, self.torch_names[0])()
        return made

    @override
    def torch_source(self, shape: Shape) -> str:
        return f"nn.{self.torch_names[0]}()"


@dataclass(frozen=True)
class Activation(InPlace):
    """A function of each value alone; without one between them, two linear layers collapse into one."""

    is_activation: ClassVar[bool] = True
    sign: ClassVar[Sign] = "keeps"

    def function(self, x: Doubles) -> Reals:
        """The function, of values of any shape."""
        return activation_functions.NONLINEARITIES[self.prefix].function(x)

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        return terms.function(x, cell, self.function)

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return (f'layers.Activation("{self.word}")',)


@dataclass(frozen=True)
class ReLU(Activation):
    """`max(0, x)`; never in place, which would break attribution."""

    title: ClassVar[str] = "ReLU"
    prefix: ClassVar[str] = "relu"
    word: ClassVar[str] = "relu"
    can_die: ClassVar[bool] = True
    torch_names: ClassVar[tuple[str, ...]] = ("ReLU",)
    sign: ClassVar[Sign] = "never negative"

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return ("layers.ReLU()",)


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """`x` where positive, else `negative_slope · x`."""

    title: ClassVar[str] = "LeakyReLU"
    prefix: ClassVar[str] = "leaky_relu"
    word: ClassVar[str] = "leakyrelu"
    torch_names: ClassVar[tuple[str, ...]] = ("LeakyReLU",)

    negative_slope: float = setting(0.0, 1.0, label="Slope below zero", default=0.01)

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.LeakyReLU(self.negative_slope)

    @override
    def function(self, x: Doubles) -> Reals:
        return activation_functions.leaky_relu(x, self.negative_slope)

    @override
    def torch_source(self, shape: Shape) -> str:
        return f"nn.LeakyReLU({self.negative_slope})"

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return (f"layers.LeakyReLU(negative_slope={self.negative_slope})",)

    @override
    def settings_text(self) -> str:
        return f"slope {self.negative_slope:g}"


@dataclass(frozen=True)
class GELU(Activation):
    """`x · Φ(x)`, Φ the normal distribution function."""

    title: ClassVar[str] = "GELU"
    prefix: ClassVar[str] = "gelu"
    word: ClassVar[str] = "gelu"
    torch_names: ClassVar[tuple[str, ...]] = ("GELU",)


@dataclass(frozen=True)
class SiLU(Activation):
    """`x · sigmoid(x)`, also called swish."""

    title: ClassVar[str] = "SiLU"
    prefix: ClassVar[str] = "silu"
    word: ClassVar[str] = "silu"
    torch_names: ClassVar[tuple[str, ...]] = ("SiLU",)


@dataclass(frozen=True)
class Tanh(Activation):
    """Hyperbolic tangent, −1..1."""

    title: ClassVar[str] = "Tanh"
    prefix: ClassVar[str] = "tanh"
    word: ClassVar[str] = "tanh"
    torch_names: ClassVar[tuple[str, ...]] = ("Tanh",)


@dataclass(frozen=True)
class Sigmoid(Activation):
    """`1 / (1 + exp(−x))`, 0..1."""

    title: ClassVar[str] = "Sigmoid"
    prefix: ClassVar[str] = "sigmoid"
    word: ClassVar[str] = "sigmoid"
    torch_names: ClassVar[tuple[str, ...]] = ("Sigmoid",)
    sign: ClassVar[Sign] = "never negative"


@dataclass(frozen=True)
class Softmax(InPlace):
    """Probabilities over the features; known so that it can be explained."""

    title: ClassVar[str] = "Softmax"
    prefix: ClassVar[str] = "softmax"
    word: ClassVar[str] = "softmax"
    torch_names: ClassVar[tuple[str, ...]] = ("Softmax",)
    sign: ClassVar[Sign] = "never negative"
    is_activation: ClassVar[bool] = True
    refused: ClassVar[str] = (
        "Cross-entropy applies the softmax itself: it takes logits. A softmax before it squeezes them into "
        "0 to 1, so that even a perfect network keeps a large loss and learns slowly."
    )

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Softmax(dim=1)

    @override
    def groups_on(self, shape: Shape) -> int:
        return 1

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        return terms.softmax(x, cell)

    @override
    def torch_source(self, shape: Shape) -> str:
        return "nn.Softmax(dim=1)"

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return ("layers.Softmax()",)


@dataclass(frozen=True)
class BatchNorm(InPlace):
    """Normalizes each channel (or feature) over the batch, then scales and shifts it by learned numbers."""

    title: ClassVar[str] = "BatchNorm"
    prefix: ClassVar[str] = "batch_norm"
    word: ClassVar[str] = "bn"
    torch_names: ClassVar[tuple[str, ...]] = ("BatchNorm2d", "BatchNorm1d")
    sign: ClassVar[Sign] = "any"
    normalizes: ClassVar[bool] = True
    needs_whole_batch: ClassVar[bool] = True

    @override
    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        return ((shape[0],), (shape[0],))

    @override
    def macs(self, shape: Shape) -> int:
        return math.prod(shape)

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.BatchNorm2d(shape[0]) if len(shape) == 3 else nn.BatchNorm1d(shape[0])

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        names = ("running_mean", "running_var", "weight", "bias")
        mean, variance, gamma, beta = (float(tensors[name][cell[0]]) for name in names)
        return terms.normalization(x, cell, mean, variance, gamma, beta, EPSILON)

    @override
    def torch_source(self, shape: Shape) -> str:
        return f"nn.BatchNorm{'2d' if len(shape) == 3 else '1d'}({shape[0]})"

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return ("layers.BatchNormalization(momentum=0.9, epsilon=1e-5)",)  # as in torch


@dataclass(frozen=True)
class Dropout(InPlace):
    """While training, sets each value to 0 with probability `p` and scales the rest by `1 / (1 − p)`."""

    title: ClassVar[str] = "Dropout"
    prefix: ClassVar[str] = "dropout"
    word: ClassVar[str] = "dropout"
    torch_names: ClassVar[tuple[str, ...]] = ("Dropout",)
    sign: ClassVar[Sign] = "keeps"
    needs_whole_batch: ClassVar[bool] = True  # its random numbers must come in one order

    p: float = setting(0.0, 0.95, label="Probability of a zero", default=0.5)

    @property
    @override
    def drop_rate(self) -> float:
        return self.p

    @override
    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Dropout(self.p)

    @override
    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: terms.Cell) -> terms.Terms:
        return terms.copy(x, cell)

    @override
    def torch_source(self, shape: Shape) -> str:
        return f"nn.Dropout({self.p})"

    @override
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        return (f"layers.Dropout({self.p})",)

    @override
    def settings_text(self) -> str:
        return f"p = {self.p:g}"
