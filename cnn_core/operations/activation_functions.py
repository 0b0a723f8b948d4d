"""The activation functions a convolutional network uses, each with its derivative, in NumPy.

Everything works element by element on arrays of any shape. Floating inputs keep their dtype; other
inputs become float32.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Reals

LEAKY_SLOPE = 0.01
"""What leaky ReLU multiplies a negative input by; PyTorch's default."""


def _floating(x: npt.ArrayLike) -> Reals:
    array = np.asarray(x)
    return array if np.issubdtype(array.dtype, np.floating) else array.astype(np.float32)


def relu(x: npt.ArrayLike) -> Reals:
    """`max(x, 0)`: any shape in, the same shape out, values of 0 and more."""
    return np.maximum(_floating(x), 0)


def relu_derivative(x: npt.ArrayLike) -> Reals:
    """1 where `x > 0`, else 0; at 0 itself, where there is no slope, 0 is taken, as PyTorch does."""
    x = _floating(x)
    return (x > 0).astype(x.dtype)


def leaky_relu(x: npt.ArrayLike, slope: float = LEAKY_SLOPE) -> Reals:
    """`x` where it is positive, `slope * x` elsewhere; any shape in, the same shape out."""
    x = _floating(x)
    return np.where(x > 0, x, x * x.dtype.type(slope))


def leaky_relu_derivative(x: npt.ArrayLike) -> Reals:
    """1 where `x > 0`, else `LEAKY_SLOPE`."""
    x = _floating(x)
    return np.where(x > 0, x.dtype.type(1), x.dtype.type(LEAKY_SLOPE))


def sigmoid(x: npt.ArrayLike) -> Reals:
    """`1 / (1 + exp(-x))`: any shape in, the same shape out, values in 0..1; never overflows."""
    x = _floating(x)
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small))


def sigmoid_derivative(x: npt.ArrayLike) -> Reals:
    """`s (1 - s)` with `s = sigmoid(x)`: 0.25 at most, reached at 0."""
    s = sigmoid(x)
    return s * (1 - s)


def tanh(x: npt.ArrayLike) -> Reals:
    """Hyperbolic tangent: any shape in, the same shape out, values in -1..1."""
    return np.tanh(_floating(x))


def tanh_derivative(x: npt.ArrayLike) -> Reals:
    """`1 - tanh(x)²`: 1 at most, reached at 0."""
    return 1 - np.tanh(_floating(x)) ** 2


def silu(x: npt.ArrayLike) -> Reals:
    """`x * sigmoid(x)`, also called swish (Elfwing et al. 2017); -0.2785 at the least."""
    x = _floating(x)
    return x * sigmoid(x)


def silu_derivative(x: npt.ArrayLike) -> Reals:
    """`s (1 + x (1 - s))` with `s = sigmoid(x)`; negative left of -1.278."""
    x = _floating(x)
    s = sigmoid(x)
    return s * (1 + x * (1 - s))


_erf = np.frompyfunc(math.erf, 1, 1)


def _normal_cdf(x: Reals) -> Reals:
    erf = np.asarray(_erf(x / math.sqrt(2))).astype(x.dtype)
    half: Reals = (1 + erf) / 2
    return half


def gelu(x: npt.ArrayLike) -> Reals:
    """`x Φ(x)`, Φ the normal cumulative distribution (Hendrycks and Gimpel 2016), exact, not by tanh."""
    x = _floating(x)
    return x * _normal_cdf(x)


def gelu_derivative(x: npt.ArrayLike) -> Reals:
    """`Φ(x) + x φ(x)`, φ the normal density; negative left of -0.7518."""
    x = _floating(x)
    return _normal_cdf(x) + x * np.exp(-(x**2) / 2) / x.dtype.type(math.sqrt(2 * math.pi))


@dataclass(frozen=True)
class Nonlinearity:
    """An activation function: its name, its formula in LaTeX, its PyTorch module, itself and its slope.

    `never_negative` says that none of its values is below 0.
    """

    name: str
    title: str
    formula: str
    module: str
    function: Callable[[npt.ArrayLike], Reals]
    derivative: Callable[[npt.ArrayLike], Reals]
    never_negative: bool = False


NONLINEARITIES: dict[str, Nonlinearity] = {
    entry.name: entry
    for entry in (
        Nonlinearity("relu", "ReLU", r"\max(x, 0)", "nn.ReLU()", relu, relu_derivative, True),
        Nonlinearity(
            "leaky_relu",
            "Leaky ReLU",
            r"\max(x, 0) + 0.01 \min(x, 0)",
            "nn.LeakyReLU(0.01)",
            leaky_relu,
            leaky_relu_derivative,
        ),
        Nonlinearity("gelu", "GELU", r"x\,\Phi(x)", "nn.GELU()", gelu, gelu_derivative),
        Nonlinearity("silu", "SiLU", r"\frac{x}{1 + e^{-x}}", "nn.SiLU()", silu, silu_derivative),
        Nonlinearity(
            "tanh", "tanh", r"\frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}", "nn.Tanh()", tanh, tanh_derivative
        ),
        Nonlinearity(
            "sigmoid", "Sigmoid", r"\frac{1}{1 + e^{-x}}", "nn.Sigmoid()", sigmoid, sigmoid_derivative, True
        ),
    )
}
"""Every activation by its name, in the order in which pages list them."""
