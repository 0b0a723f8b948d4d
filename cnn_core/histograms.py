"""Histograms on a scale that several of them share, so that they can be laid over each other."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, not_allowed


@dataclass(frozen=True)
class Histogram:
    """Bins `(B,)` by `left` and `right` edge, and the share of all values in each, 0..1, which sum to 1."""

    left: Doubles
    right: Doubles
    share: Doubles


def histogram(values: npt.ArrayLike, limits: tuple[float, float], bins: int = 40) -> Histogram:
    """Values of any shape in `bins` even bins between `limits`; what lies beyond counts in the outermost bin.

    Raises `ValueError` where there are no values, the limits don't rise, or bins is less than 1.
    """
    numbers = np.asarray(values, dtype=np.float64).ravel()
    low, high = limits
    if numbers.size == 0:
        raise ValueError(not_allowed("values", "empty", "one value or more"))
    if not low < high:
        raise ValueError(not_allowed("limits", limits, "two numbers, the second greater than the first"))
    if bins < 1:
        raise ValueError(not_allowed("bins", bins, "1 or more"))
    counts, edges = np.histogram(numbers.clip(low, high), bins=bins, range=(low, high))
    return Histogram(edges[:-1], edges[1:], counts / numbers.size)
