"""Layers that keep the shape: activations, batch normalization, dropout, softmax. See `layers`."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from cnn_core.networks.layers.base import Layer, Shape, setting

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Activation(Layer):
    """A function of each value alone; without one between them, two linear layers collapse into one."""

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        made: nn.Module = getattr(nn, self.title)()
        return made


@dataclass(frozen=True)
class ReLU(Activation):
    """`max(0, x)`; never in place, which would break attribution."""

    prefix: ClassVar[str] = "relu"
    title: ClassVar[str] = "ReLU"


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """`x` where positive, else `negative_slope · x`."""

    prefix: ClassVar[str] = "leaky_relu"
    title: ClassVar[str] = "LeakyReLU"

    negative_slope: float = setting(0.0, 1.0, default=0.01)

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.LeakyReLU(self.negative_slope)

    def settings_text(self) -> str:
        return f"slope {self.negative_slope:g}"


@dataclass(frozen=True)
class GELU(Activation):
    """`x · Φ(x)`, Φ the normal distribution function."""

    prefix: ClassVar[str] = "gelu"
    title: ClassVar[str] = "GELU"


@dataclass(frozen=True)
class SiLU(Activation):
    """`x · sigmoid(x)`, also called swish."""

    prefix: ClassVar[str] = "silu"
    title: ClassVar[str] = "SiLU"


@dataclass(frozen=True)
class Tanh(Activation):
    """Hyperbolic tangent, −1..1."""

    prefix: ClassVar[str] = "tanh"
    title: ClassVar[str] = "Tanh"


@dataclass(frozen=True)
class Sigmoid(Activation):
    """`1 / (1 + exp(−x))`, 0..1."""

    prefix: ClassVar[str] = "sigmoid"
    title: ClassVar[str] = "Sigmoid"


@dataclass(frozen=True)
class Softmax(Layer):
    """Probabilities over the features; known so that it can be explained; `problems` refuses it."""

    prefix: ClassVar[str] = "softmax"
    title: ClassVar[str] = "Softmax"

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Softmax(dim=1)


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Normalizes each channel (or feature) over the batch, then scales and shifts it by learned numbers."""

    prefix: ClassVar[str] = "batch_norm"
    title: ClassVar[str] = "BatchNorm"

    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        return ((shape[0],), (shape[0],))

    def macs(self, shape: Shape) -> int:
        return math.prod(shape)

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.BatchNorm2d(shape[0]) if len(shape) == 3 else nn.BatchNorm1d(shape[0])


@dataclass(frozen=True)
class Dropout(Layer):
    """While training, sets each value to 0 with probability `p` and scales the rest by `1 / (1 − p)`."""

    prefix: ClassVar[str] = "dropout"
    title: ClassVar[str] = "Dropout"

    p: float = setting(0.0, 0.95, default=0.5)

    def module(self, shape: Shape) -> "nn.Module":
        from torch import nn

        return nn.Dropout(self.p)

    def settings_text(self) -> str:
        return f"p = {self.p:g}"
