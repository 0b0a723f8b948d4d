"""Is one network better than another, or is it chance: McNemar's test on the same test images, and an interval.

McNemar, Note on the sampling error of the difference between correlated proportions (1947), in its exact form:
images that both read rightly, or neither, tell nothing of who is better. Of the others, were both equally good, each
would fall to either like a coin's toss.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike

from cnn_core.arrays import Doubles, Integers, not_allowed

Z_95 = (
    1.959963984540054  # standard deviations around the middle of a normal distribution that hold 95 % of it
)
CLEAR, USUAL = 0.001, 0.05  # p-values below which a difference is hardly, and not easily, taken for chance
DEVIATIONS = 4.5  # from the middle: what lies further out of a coin's tosses is not drawn


@dataclass(frozen=True)
class Paired:
    """Of as many test images as there are, how many both networks read rightly, only one of them, and neither."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def images(self) -> int:
        """All of them."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def differing(self) -> int:
        """Those that exactly one of the two reads rightly: the tosses of the coin."""
        return self.only_first + self.only_second

    @property
    def p_value(self) -> float:
        """How likely a fair coin falls at least as unevenly (both sides counted), 0..1; 1 without any toss."""
        return mcnemar(self.only_first, self.only_second)


def paired(labels: ArrayLike, first: ArrayLike, second: ArrayLike) -> Paired:
    """Compare two networks' answers (N,) to the same images with these labels (N,). ValueError for other shapes."""
    true, one, other = np.asarray(labels), np.asarray(first), np.asarray(second)
    if true.ndim != 1 or not true.shape == one.shape == other.shape:
        found = f"of shapes {true.shape}, {one.shape} and {other.shape}"
        raise ValueError(not_allowed("labels, first and second", found, "(N,) for all three"))
    right, too = one == true, other == true
    return Paired(
        both=int((right & too).sum()),
        only_first=int((right & ~too).sum()),
        only_second=int((~right & too).sum()),
        neither=int((~right & ~too).sum()),
    )


def mcnemar(only_first: int, only_second: int) -> float:
    """The exact p-value, both sides counted, of McNemar's test for images that only one of two reads rightly."""
    from scipy.special import bdtr

    tosses, less = only_first + only_second, min(only_first, only_second)
    return min(1.0, 2 * float(bdtr(less, tosses, 0.5))) if tosses else 1.0


def coin_tosses(tosses: int) -> tuple[Integers, Doubles]:
    """Numbers of heads (M,) around the middle of so many tosses of a fair coin, and how likely each is (M,).

    What is left out lies `DEVIATIONS` standard deviations or more from the middle.
    """
    from scipy.special import bdtr

    reach = DEVIATIONS * sqrt(tosses) / 2
    heads = np.arange(max(0, int(tosses / 2 - reach)), min(tosses, int(tosses / 2 + reach) + 1) + 1)
    up_to = bdtr(np.arange(heads[0] - 1, heads[-1] + 1, dtype=np.float64).clip(0), tosses, 0.5)
    if heads[0] == 0:
        up_to[0] = 0.0  # fewer than no heads
    return heads, np.diff(up_to)


def wilson(right: int, images: int) -> tuple[float, float]:
    """The 95 % interval of an accuracy, in 0..1, by how many of so many images were read rightly: what it may be on
    other images of the kind (Wilson, Probable inference, 1927). All of 0..1 without any image."""
    if not images:
        return 0.0, 1.0
    share, z = right / images, Z_95
    middle = (share + z * z / (2 * images)) / (1 + z * z / images)
    half = z / (1 + z * z / images) * sqrt(share * (1 - share) / images + z * z / (4 * images * images))
    return max(0.0, middle - half), min(1.0, middle + half)
