"""What an activation function does: its curve and slope, and what becomes of a feature map that goes through it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Reals, not_allowed
from cnn_core.operations.activation_functions import Nonlinearity

DEPTH = 10
"""Through how many layers `Effect.left_after_depth` follows a gradient."""


@dataclass(frozen=True)
class Curve:
    """A function sampled on a line: `x`, `y` and `slope` of one length."""

    x: Reals
    y: Reals
    slope: Reals


def sample_curve(nonlinearity: Nonlinearity, limit: float, points: int = 201) -> Curve:
    """Function and derivative on `points` even steps from -limit to limit. Raises `ValueError` unless limit > 0."""
    if not limit > 0:
        raise ValueError(not_allowed("limit", limit, "more than 0"))
    x = np.linspace(-limit, limit, points)
    return Curve(x, nonlinearity.function(x), nonlinearity.derivative(x))


@dataclass(frozen=True)
class Statistics:
    """An array in numbers; shares are in 0..1."""

    minimum: float
    maximum: float
    mean: float
    zero_share: float
    negative_share: float


def statistics(values: npt.ArrayLike) -> Statistics:
    """Summary of an array of any shape. Raises `ValueError` if it has no values."""
    numbers = np.asarray(values)
    if numbers.size == 0:
        raise ValueError(not_allowed("values", f"of shape {numbers.shape}", "at least one value"))
    return Statistics(
        minimum=float(numbers.min()),
        maximum=float(numbers.max()),
        mean=float(numbers.mean()),
        zero_share=float(np.mean(numbers == 0)),
        negative_share=float(np.mean(numbers < 0)),
    )


@dataclass(frozen=True)
class Effect:
    """A map after an activation, in numbers, and what the activation lets through of a gradient.

    `mean_slope` and `largest_slope` are the derivative's mean and maximum over the map's cells;
    `left_after_depth` is the largest to the power of `DEPTH`: what is left of a gradient that passes as many
    layers at their steepest cell, weights aside.
    """

    output: Reals
    statistics: Statistics
    mean_slope: float
    largest_slope: float
    left_after_depth: float


def effect(feature_map: npt.ArrayLike, nonlinearity: Nonlinearity) -> Effect:
    """Apply an activation to a feature map of any shape with at least one value."""
    output = nonlinearity.function(feature_map)
    slope = nonlinearity.derivative(feature_map)
    largest = float(slope.max())
    return Effect(output, statistics(output), float(slope.mean()), largest, largest**DEPTH)


def most_negative_cell(feature_map: npt.ArrayLike) -> tuple[int, int]:
    """Row and column of the smallest value of a map `(H, W)`: the cell on which activations differ most."""
    values = np.asarray(feature_map)
    row, col = np.unravel_index(int(values.argmin()), values.shape)
    return int(row), int(col)
