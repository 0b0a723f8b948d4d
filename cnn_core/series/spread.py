"""Is 99.1 better than 99.0? Means, intervals and differences of a few scores.

Over seeds: Student's t, which is honest about how little three runs tell; differences are taken seed by seed, since a
seed's first weights and batches are the same in all variants. For one run a side see `judge.significance`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """A value, and between which two it lies at `LEVEL`."""

    value: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half its width."""
        return (self.high - self.low) / 2

    @property
    def excludes_zero(self) -> bool:
        """Whether 0 lies outside: the sign is told apart from chance."""
        return self.low > 0 or self.high < 0


def t_quantile(freedom: int) -> float:
    """Student's t at `LEVEL`, two-sided, with so many degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + LEVEL) / 2))


def deviation(values: npt.ArrayLike) -> float:
    """The standard deviation of a sample of two or more."""
    return float(np.std(np.asarray(values, np.float64), ddof=1))


def of_mean(values: npt.ArrayLike) -> Interval:
    """The mean of two or more values, and where the mean of infinitely many lies. Raises `ValueError` for fewer."""
    sample = np.asarray(values, np.float64)
    if sample.size < 2:
        raise ValueError(f"values has {sample.size}; allowed is two or more.")
    mean = float(sample.mean())
    half = t_quantile(sample.size - 1) * deviation(sample) / math.sqrt(sample.size)
    return Interval(mean, mean - half, mean + half)


def of_difference(first: Mapping[int, float], second: Mapping[int, float]) -> Interval | None:
    """The mean difference, second minus first, of scores by seed, over the seeds that both have; None below two."""
    common = sorted(first.keys() & second.keys())
    if len(common) < 2:
        return None
    return of_mean([second[seed] - first[seed] for seed in common])
