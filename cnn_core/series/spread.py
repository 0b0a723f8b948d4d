"""Is 99.1 better than 99.0? Means, intervals and differences of a few scores.

Over seeds: Student's t, which is honest about how little three runs tell; differences are taken seed by seed, since a
seed's first weights and batches are the same in all variants. Of one run a side: how often each is right where the
other is wrong on the same test images (McNemar 1947), exactly.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LEVEL = 0.95
_Z = 1.959963984540054  # of the normal distribution, two-sided, at `LEVEL`


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


@dataclass(frozen=True)
class Disagreement:
    """Two runs on the same images: how many only the first, and only the second, has right; of how many."""

    first: int
    second: int
    images: int

    @property
    def chance(self) -> float:
        """How often so uneven a split, or a more uneven one, comes up where each side is as likely: exact."""
        from scipy.special import bdtr

        n = self.first + self.second
        return 1.0 if n == 0 else min(1.0, 2 * float(bdtr(min(self.first, self.second), n, 0.5)))

    @property
    def difference(self) -> Interval:
        """Of the shares of right answers, second minus first."""
        n, gain = self.images, self.second - self.first
        half = _Z * math.sqrt(max(0.0, self.first + self.second - gain**2 / n)) / n
        return Interval(gain / n, gain / n - half, gain / n + half)


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


def of_share(share: float, images: int) -> Interval:
    """A share of right answers on so many images, and where that on all such images lies (Wilson 1927)."""
    z2 = _Z**2
    middle = (share + z2 / (2 * images)) / (1 + z2 / images)
    half = _Z * math.sqrt(share * (1 - share) / images + z2 / (4 * images**2)) / (1 + z2 / images)
    return Interval(share, middle - half, middle + half)


def of_difference(first: Mapping[int, float], second: Mapping[int, float]) -> Interval | None:
    """The mean difference, second minus first, of scores by seed, over the seeds that both have; None below two."""
    common = sorted(first.keys() & second.keys())
    if len(common) < 2:
        return None
    return of_mean([second[seed] - first[seed] for seed in common])


def disagreement(first: npt.NDArray[np.bool_], second: npt.NDArray[np.bool_]) -> Disagreement:
    """Of two runs' right answers `(N,)` on the same images."""
    return Disagreement(int((first & ~second).sum()), int((second & ~first).sum()), len(first))
