"""The filters of a network's convolutions: their weights, their size as arithmetic, the ones that do nothing.

A filter is one kernel for every input channel and one bias; its output is one feature map.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnn_core.arrays import Floats, not_allowed
from cnn_core.inside.forward import convolutions
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
        """Filters by "number", by "norm" (largest first) or by "bias" (largest first).

        Raises ValueError for another `by`.
        """
        bias = np.zeros(self.filters, np.float32) if self.bias is None else self.bias
        keys: dict[str, Floats] = {"number": np.zeros_like(bias), "norm": -self.norms, "bias": -bias}
        if by not in keys:
            raise ValueError(not_allowed("by", repr(by), f"one of {', '.join(keys)}"))
        return [int(index) for index in np.argsort(keys[by], kind="stable")]

    def kernels(self, order: list[int], by_channel: bool = False) -> Floats:
        """The kernels of these filters, (len(order) × channels, kh, kw): all channels of the first filter, then
        of the next; `by_channel`, channel 0 of all filters, then channel 1."""
        chosen = self.weight[order]
        return (chosen.swapaxes(0, 1) if by_channel else chosen).reshape(-1, *self.weight.shape[2:])

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
