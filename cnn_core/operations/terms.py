"""What one value of a layer is made of, whatever the layer: which cells it read, times what, plus what.

Nearly everything in a network is a weighted sum of cells: a convolution and a linear layer with their weights and bias,
a mean with 1 / count, batch norm in evaluation with one weight and one shift a channel, a maximum with weight 1 for the
winner and 0 for the others. Only an activation function and softmax are none. Sums are formed in float64 and in the
order of the terms, a convolution's as `convolution_trace` forms them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cnn_core.arrays import Doubles, Floats, Integers, Mask, Reals
from cnn_core.operations import convolution_trace, pooling_trace

Operation = Literal["weighted sum", "mean", "maximum", "normalization", "copy", "function", "softmax"]
Cell = tuple[int, ...]
"""(channel, row, column) of maps, (unit,) of a vector."""


@dataclass(frozen=True, eq=False)
class Terms:
    """One value as its T terms; `cells` (T, 3) or (T, 1) says what each read.

    Where `weights` (T,) are given, `terms` are weights · inputs and `value` is their sum + `bias`. Of a function there
    is one term, which is the value. Of softmax they are exp(input − largest input), and the value is term `own` divided
    by the sum of all. A cell with −1 for its row or column lies in the padding, and its input is 0. `numbers` are what
    else the arithmetic names: a batch norm's mean, variance, gamma, beta and epsilon. `source` (T,) says which input
    each term read where there are several.
    """

    operation: Operation
    cells: Integers
    inputs: Doubles
    terms: Doubles
    value: float
    weights: Doubles | None = None
    bias: float = 0.0
    own: int = 0
    numbers: Mapping[str, float] = field(default_factory=dict)
    source: Integers | None = None

    def __len__(self) -> int:
        return len(self.cells)

    @property
    def inside(self) -> Mask:
        """(T,): False where a term met no cell but padding."""
        return np.asarray((self.cells >= 0).all(axis=1))

    def cell(self, term: int) -> Cell:
        """The cell that a term read."""
        return tuple(self.cells[term].tolist())

    def largest(self) -> Integers:
        """The terms that met a cell, by magnitude, the largest first; of a maximum the winner, of softmax its own."""
        size = np.abs(self.terms)
        if self.operation == "maximum" and self.weights is not None:
            size = self.weights
        elif self.operation == "softmax":
            size = np.where(np.arange(len(self)) == self.own, np.inf, size)
        order = np.argsort(-size, kind="stable")
        return order[self.inside[order]].astype(np.int64)

    def printed(self, digits: int = 2) -> convolution_trace.PrintedTrace | None:
        """The terms rounded to `digits` decimals, the rounding a term of its own; None where they are not summed."""
        if self.weights is None:
            return None
        return convolution_trace.printed(self.terms, self.bias, self.value, digits)


def weighted_sum(
    inputs: Reals,
    weights: Reals,
    cells: Integers,
    bias: float = 0.0,
    *,
    operation: Operation = "weighted sum",
    numbers: Mapping[str, float] | None = None,
) -> Terms:
    """Σ weights · inputs + bias, for inputs and weights (T,), summed in their order."""
    read, times = inputs.astype(np.float64), weights.astype(np.float64)
    products = times * read
    value = float(np.cumsum(products)[-1] + bias)
    return Terms(operation, cells, read, products, value, times, bias, numbers=numbers or {})


def convolution(
    x: Floats,
    weight: Floats,
    bias: Floats | None,
    cell: Cell,
    *,
    stride: int,
    padding: int | str,
    dilation: int = 1,
    groups: int = 1,
) -> Terms:
    """The terms of `cell` of `conv2d`, channel by channel, row by row; arguments as there."""
    channel, row, column = cell
    found = convolution_trace.trace(
        x,
        weight,
        bias,
        row,
        column,
        channel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    cells = _cells(np.asarray(found.channels), found.rows, found.columns)
    return Terms(
        "weighted sum",
        cells,
        found.window.ravel().astype(np.float64),
        found.products.ravel(),
        found.value,
        found.kernel.ravel().astype(np.float64),
        found.bias,
    )


def max_pooling(x: Floats, cell: Cell, kernel_size: int, stride: int, padding: int) -> Terms:
    """The window of `cell` of `max_pool2d`; the weight is 1 where it won, and padding is no part of it."""
    channel, row, column = cell
    found = pooling_trace.trace(x, row, column, channel, kernel_size, stride, padding)
    kept = found.inside.ravel()
    cells = _cells(np.array([channel]), found.rows, found.columns)[kept]
    won = (cells[:, 1:] == found.winner).all(axis=1)
    return weighted_sum(found.window.ravel()[kept], won.astype(np.float64), cells, operation="maximum")


def average_pooling(x: Floats, cell: Cell, kernel_size: int, stride: int, padding: int) -> Terms:
    """The window of `cell` of `avg_pool2d`; padding zeros count."""
    channel, row, column = cell
    found = pooling_trace.trace(x, row, column, channel, kernel_size, stride, padding)
    cells = _cells(np.array([channel]), found.rows, found.columns)
    return mean(found.window.ravel(), cells, found.count)


def global_average(x: Floats, cell: Cell) -> Terms:
    """The whole map `cell[0]` of maps `(C, H, W)`."""
    _, rows, columns = x.shape
    cells = _cells(np.array(cell[:1]), np.arange(rows), np.arange(columns))
    return mean(x[cell[0]].ravel(), cells, rows * columns)


def mean(inputs: Reals, cells: Integers, count: int) -> Terms:
    """The sum of `inputs` (T,) by `count`, as the weights 1 / count."""
    weights = np.full(len(inputs), 1 / count)
    return weighted_sum(inputs, weights, cells, operation="mean", numbers={"count": count})


def normalization(
    x: Floats, cell: Cell, mean: float, variance: float, gamma: float, beta: float, epsilon: float
) -> Terms:
    """γ (x − mean) / √(variance + ε) + β, as one weight and one shift: x · γ/√(…) + (β − mean · γ/√(…))."""
    scale = gamma / np.sqrt(variance + epsilon)
    numbers = {"mean": mean, "variance": variance, "gamma": gamma, "beta": beta, "epsilon": epsilon}
    return weighted_sum(
        np.array([x[cell]]),
        np.array([scale]),
        np.array([cell], np.int64),
        beta - mean * float(scale),
        operation="normalization",
        numbers=numbers,
    )


def copy(x: Floats, cell: Cell) -> Terms:
    """One cell as it is."""
    return weighted_sum(np.array([x[cell]]), np.ones(1), np.array([cell], np.int64), operation="copy")


def function(x: Floats, cell: Cell, of: Callable[[Doubles], Reals]) -> Terms:
    """A function of one cell."""
    read = np.array([x[cell]], np.float64)
    value = of(read).astype(np.float64)
    return Terms("function", np.array([cell], np.int64), read, value, float(value[0]))


def softmax(x: Floats, cell: Cell) -> Terms:
    """exp(x_k) / Σ exp(x_j) over the channels, at one place of maps or of a vector."""
    place = cell[1:]
    read = np.moveaxis(x, 0, -1)[place].astype(np.float64)
    terms = np.exp(read - read.max())
    cells = np.array([(channel, *place) for channel in range(len(read))], np.int64)
    return Terms("softmax", cells, read, terms, float(terms[cell[0]] / np.cumsum(terms)[-1]), own=cell[0])


def sum_of(inputs: tuple[Floats, ...], cell: Cell) -> Terms:
    """The same cell of several inputs, added up; `source` says which input each term is of."""
    read = np.array([x[cell] for x in inputs], np.float64)
    cells, count = np.array([cell] * len(read), np.int64), len(read)
    value = float(np.cumsum(read)[-1])
    return Terms("weighted sum", cells, read, read, value, np.ones(count), source=np.arange(count))


def _cells(channels: Integers, rows: Integers, columns: Integers) -> Integers:
    """All of (channel, row, column), channel by channel, row by row: (T, 3)."""
    grid = np.meshgrid(channels, rows, columns, indexing="ij")
    return np.stack(grid, axis=-1).reshape(-1, 3).astype(np.int64)
