"""How a layer's numbers are spread: its parameters by tensor, its activations over a batch of images."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cnn_core.arrays import Floats
from cnn_core.histograms import Histogram, histogram
from cnn_core.inside.forward import forward_all
from cnn_core.pictures import symmetric_limit

if TYPE_CHECKING:
    from torch import nn

BINS = 41  # odd, so that 0 lies in the middle of one
MOST_VALUES = 16_000_000  # activations held at a time: 64 MB


@dataclass(frozen=True, eq=False)
class Spread:
    """Some numbers: how many, their mean and standard deviation, the share that is exactly 0.

    `limit` is the largest magnitude; `bins` has the values that are not 0 between −limit and limit, as shares of all
    values, and is None where there are none. Numbers that are NaN or infinite are in `broken` and nowhere else.
    """

    count: int
    mean: float
    std: float
    zeros: float
    limit: float
    bins: Histogram | None
    broken: int


def spread(values: NDArray[np.floating]) -> Spread:
    """The spread of values of any shape."""
    flat = np.asarray(values, np.float64).ravel()
    finite = flat[np.isfinite(flat)]
    broken = flat.size - finite.size
    if not finite.size:
        return Spread(flat.size, float("nan"), float("nan"), 0.0, 1.0, None, broken)
    other = finite[finite != 0]
    limit = symmetric_limit(finite)
    bins = None
    if other.size:
        found = histogram(other, (-limit, limit), BINS)
        bins = Histogram(found.left, found.right, found.share * other.size / finite.size)
    return Spread(
        flat.size,
        float(finite.mean()),
        float(finite.std()),
        1 - other.size / finite.size,
        limit,
        bins,
        broken,
    )


def parameters(model: "nn.Sequential", layer: str) -> dict[str, Spread]:
    """The parameters of the stop `layer` by their names in it ("weight", "conv1.weight"), in order."""
    return {
        name: spread(parameter.detach().float().cpu().numpy())
        for name, parameter in model.get_submodule(layer).named_parameters()
    }


def activations(model: "nn.Sequential", images: Floats) -> Mapping[str, Spread]:
    """Every stop's output for `images` `(N, C, H, W)` in 0..1, by its name. Raises as `forward_all`."""
    return {answer.name: spread(answer.output) for answer in forward_all(model, images)}


def images_at_once(values: int, most: int) -> int:
    """How many images, `most` or fewer but one at least, so that `values` an image stay within bounds."""
    return max(1, min(most, MOST_VALUES // max(1, values)))
