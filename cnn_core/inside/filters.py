"""The filters of a network's convolutions: their weights, their size as arithmetic, the ones that do nothing; and the
weights of its linear layers.

A filter is one kernel for every input channel and one bias; its output is one feature map.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnn_core.arrays import Floats, not_allowed
from cnn_core.inside.forward import convolutions, linears
from cnn_core.operations.kernel_similarity import chain
from cnn_core.pictures import symmetric_limit

if TYPE_CHECKING:
    from torch import nn

NEAR_ZERO = 0.05  # of the layer's median norm


@dataclass(frozen=True, eq=False)
class FilterBank:
    """A convolution's weights: `weight` (O, C / groups, kh, kw) float32, `bias` (O,) or None, `groups`."""

    name: str
    weight: Floats
    bias: Floats | None
    groups: int = 1

    @property
    def filters(self) -> int:
        """The number of filters O, which is the number of feature maps the layer gives."""
        return int(self.weight.shape[0])

    @property
    def channels(self) -> int:
        """The input channels that one filter reads."""
        return int(self.weight.shape[1])

    @property
    def weights_per_filter(self) -> int:
        """The weights of one filter, its bias not counted: kh × kw × input channels."""
        return int(self.weight[0].size)

    def weight_guesses(self) -> list[int]:
        """Answers to "how many weights has one filter", smallest first: the right one, the kernel's cells
        alone (channels forgotten), the kernel's cells for every filter, and the whole layer's."""
        cells = int(self.weight[0, 0].size)
        return sorted({cells, self.weights_per_filter, cells * self.filters, int(self.weight.size)})

    @property
    def parameters(self) -> int:
        """Weights and biases together."""
        return int(self.weight.size) + (0 if self.bias is None else int(self.bias.size))

    @property
    def norms(self) -> Floats:
        """Each filter's Euclidean norm over its channels and cells, (O,)."""
        return np.asarray(np.sqrt(np.square(self.weight).sum(axis=(1, 2, 3))), dtype=np.float32)

    def input_channel(self, filter_index: int, kernel_index: int) -> int:
        """Which channel of the layer's input a kernel reads: with groups, a filter reads only its group's."""
        return filter_index // (self.filters // self.groups) * self.channels + kernel_index

    def near_zero(self) -> list[int]:
        """Filters whose norm is below 5 % of the layer's median: whatever they are shown, they answer about
        their bias. All of them where the median is 0."""
        norms = self.norms
        threshold = max(NEAR_ZERO * float(np.median(norms)), float(np.finfo(np.float32).tiny))
        return [int(index) for index in np.flatnonzero(norms < threshold)]

    def order(self, by: str) -> list[int]:
        """Filters by "norm" (largest first, those of one norm by their index), by "index", or by "similarity": from the
        one of the largest norm on to the most like of those left, by the cosine of all their weights.

        Raises ValueError for another `by`.
        """
        by_norm = [int(index) for index in np.argsort(-self.norms, kind="stable")]
        orders = {
            "norm": lambda: by_norm,
            "index": lambda: list(range(self.filters)),
            "similarity": lambda: chain(self.weight.reshape(self.filters, -1), by_norm[0]),
        }
        if by not in orders:
            raise ValueError(not_allowed("by", repr(by), f"one of {', '.join(orders)}"))
        return orders[by]()

    def kernels(self, order: list[int]) -> Floats:
        """The kernels of these filters, (len(order) × channels, kh, kw): all channels of the first filter, then
        of the next."""
        return self.weight[order].reshape(-1, *self.weight.shape[2:])

    def largest_of_filters(self) -> Floats:
        """Each filter's largest magnitude, (O,), the limit of its own scale; 1 where all of it is 0."""
        largest = np.abs(self.weight).max(axis=(1, 2, 3))
        return np.where(largest > 0, largest, 1).astype(np.float32)

    def table(self, order: list[int]) -> dict[str, list[float]]:
        """What each filter is in numbers, as the columns of a table."""
        flat = self.weight[order].reshape(len(order), -1)
        columns: dict[str, list[float]] = {"filter": list(order)}
        columns["norm"] = self.norms[order].tolist()
        if self.bias is not None:
            columns["bias"] = self.bias[order].tolist()
        columns["smallest weight"] = flat.min(axis=1).tolist()
        columns["largest weight"] = flat.max(axis=1).tolist()
        return columns

    def parameters_text(self) -> str:
        """The parameter count with its arithmetic, "64 × (3 × 3 × 32 + 1) = 18,496"."""
        _, channels, height, width = self.weight.shape
        one = f"{height} × {width} × {channels}"
        if self.bias is not None:
            one = f"({one} + 1)"
        return f"{self.filters} × {one} = {self.parameters:,}"


@dataclass(frozen=True, eq=False)
class WeightMatrix:
    """A linear layer's weights: `weight` (outputs, inputs) float32, as torch has them, `bias` (outputs,) or None."""

    name: str
    weight: Floats
    bias: Floats | None

    def folded(self, most: int) -> tuple[Floats, int]:
        """The matrix in at most about `most` cells, and how many inputs side by side are one of its columns.

        Of those inputs the strongest weight stands, with its sign: a mean would let large weights cancel.
        """
        outputs, inputs = self.weight.shape
        width = -(-outputs * inputs // most)
        if width == 1:
            return self.weight, 1
        columns = -(-inputs // width)
        padded = np.zeros((outputs, columns * width), np.float32)
        padded[:, :inputs] = self.weight
        parts = padded.reshape(outputs, columns, width)
        strongest = np.abs(parts).argmax(axis=2, keepdims=True)
        return np.take_along_axis(parts, strongest, axis=2)[..., 0], width

    def parameters_text(self) -> str:
        """The parameter count with its arithmetic, "10 × (64 + 1) = 650"."""
        outputs, inputs = self.weight.shape
        one = f"{inputs:,}" if self.bias is None else f"({inputs:,} + 1)"
        return f"{outputs:,} × {one} = {outputs * (inputs + (self.bias is not None)):,}"

    def table(self) -> dict[str, list[float]]:
        """What each output is in numbers, as the columns of a table."""
        columns: dict[str, list[float]] = {"output": list(range(len(self.weight)))}
        columns["norm"] = np.linalg.norm(self.weight, axis=1).tolist()
        if self.bias is not None:
            columns["bias"] = self.bias.tolist()
        columns["smallest weight"] = self.weight.min(axis=1).tolist()
        columns["largest weight"] = self.weight.max(axis=1).tolist()
        return columns


def weight_matrices(model: "nn.Module") -> list[WeightMatrix]:
    """The linear layers of a model in order, with copies of their weights."""
    return [
        WeightMatrix(
            name=name,
            weight=layer.weight.detach().float().cpu().numpy().copy(),
            bias=None if layer.bias is None else layer.bias.detach().float().cpu().numpy().copy(),
        )
        for name, layer in linears(model)
    ]


def largest_weight(banks: list[FilterBank]) -> float:
    """The largest magnitude among the weights of several convolutions, the limit of their common scale."""
    return symmetric_limit(*(bank.weight for bank in banks))


def filter_banks(model: "nn.Module") -> list[FilterBank]:
    """The convolutions of a model in order, those inside blocks too, with copies of their weights."""
    return [
        FilterBank(
            name=name,
            weight=layer.weight.detach().float().cpu().numpy().copy(),
            bias=None if layer.bias is None else layer.bias.detach().float().cpu().numpy().copy(),
            groups=layer.groups,
        )
        for name, layer in convolutions(model)
    ]
