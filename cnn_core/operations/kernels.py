"""Kernels that have a name: what each of them answers to, at any size where it makes sense.

A kernel is `(kh, kw)` float32 and is meant for correlation, as the frameworks compute it: a positive weight
answers to a bright pixel under it. Sizes are 1 to 7, odd, even or rectangular. The 3×3 of each family is the
textbook's; larger ones are scaled so that their absolute weights sum to what the 3×3's do: answers compare.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, Floats, Pair, not_allowed

LARGEST = 7


@dataclass(frozen=True)
class NamedKernel:
    """A family of kernels: its title, one line on what it does, and the (rows, columns) it needs at least."""

    title: str
    line: str
    least: Pair
    build: Callable[[Pair, float, int], Doubles]
    only: Pair | None = None  # the one size it has

    def problem(self, size: Pair) -> str | None:
        """Why there is no kernel of this family at `size` (rows, columns); None where there is one."""
        if self.only is not None and size != self.only:
            return f"{self.title} has {self.only[0]}×{self.only[1]} weights, not {size[0]}×{size[1]}"
        if size[0] < self.least[0] or size[1] < self.least[1]:
            return (
                f"{self.title} needs {self.least[0]}×{self.least[1]} weights or more, not {size[0]}×{size[1]}"
            )
        return None


def make(name: str, size: int | Pair = 3, *, angle: float = 0.0, seed: int = 0) -> Floats:
    """The kernel `name` of `KERNELS` at `size` (an integer or rows, columns; 1 to 7), float32 `(kh, kw)`.

    `angle` in degrees turns the Gabor kernel (0: it answers to vertical stripes); `seed` draws the random
    one. Raises ValueError where the name is unknown, the size out of range, or the family has no such size.
    """
    if name not in KERNELS:
        raise ValueError(not_allowed("name", repr(name), f"one of {', '.join(KERNELS)}"))
    rows, columns = (size, size) if isinstance(size, int) else size
    if not (1 <= rows <= LARGEST and 1 <= columns <= LARGEST):
        raise ValueError(not_allowed("size", f"{rows}×{columns}", f"1 to {LARGEST} rows and columns"))
    problem = KERNELS[name].problem((rows, columns))
    if problem:
        raise ValueError(f"size does not suit: {problem}.")
    return KERNELS[name].build((rows, columns), angle, seed).astype(np.float32)


def normalize(kernel: npt.ArrayLike) -> Floats:
    """The kernel `(kh, kw)` divided by the sum of its weights, so that a flat area keeps its brightness.

    Where the weights sum to 0 (an edge detector), divided by the sum of their absolute values: the answer
    then stays within the image's range. Raises ValueError where all weights are 0.
    """
    weights = np.asarray(kernel, np.float64)
    total = weights.sum()
    if abs(total) < 1e-6 * np.abs(weights).sum():
        total = np.abs(weights).sum()
    if total == 0:
        raise ValueError(not_allowed("kernel", "all zeros", "one with a weight other than 0 to normalize by"))
    normal: Floats = (weights / total).astype(np.float32)
    return normal


def rotate(kernel: npt.ArrayLike, quarter_turns: int = 1) -> Floats:
    """The kernel `(kh, kw)` turned clockwise by quarter turns; an odd number swaps rows and columns."""
    return np.ascontiguousarray(np.rot90(np.asarray(kernel, np.float32), -quarter_turns))


def flip(kernel: npt.ArrayLike, axis: str = "both") -> Floats:
    """The kernel `(kh, kw)` mirrored along its "rows", its "columns" or both.

    Both is what turns correlation into convolution. Raises ValueError where `axis` is none of these.
    """
    axes = {"rows": (0,), "columns": (1,), "both": (0, 1)}
    if axis not in axes:
        raise ValueError(not_allowed("axis", repr(axis), f"one of {', '.join(axes)}"))
    return np.ascontiguousarray(np.flip(np.asarray(kernel, np.float32), axes[axis]))


def binomial(taps: int) -> Doubles:
    """Pascal's triangle, row `taps`: the bell of 1, 1 1, 1 2 1, 1 3 3 1, ..."""
    return np.array([comb(taps - 1, i) for i in range(taps)], np.float64)


def slope(taps: int) -> Doubles:
    """A smoothed first difference: −1 1, −1 0 1, −1 −1 1 1, −1 −2 0 2 1, ..."""
    return np.convolve(binomial(taps - 1), [-1.0, 1.0])


def curvature(taps: int) -> Doubles:
    """A smoothed second difference: 1 −2 1, 1 −1 −1 1, ..."""
    return np.convolve(binomial(taps - 2), [1.0, -2.0, 1.0])


def scaled(weights: Doubles, total: float) -> Doubles:
    """`weights` with absolute values that sum to `total`."""
    share: Doubles = weights * (total / np.abs(weights).sum())
    return share


def identity(size: Pair) -> Doubles:
    """1 at the centre (the upper left of the middle four where the size is even), 0 elsewhere."""
    weights = np.zeros(size)
    weights[(size[0] - 1) // 2, (size[1] - 1) // 2] = 1
    return weights


def gaussian(size: Pair) -> Doubles:
    """The binomial bell in both directions, sum 1."""
    weights = np.outer(binomial(size[0]), binomial(size[1]))
    bell: Doubles = weights / weights.sum()
    return bell


def laplacian(size: Pair) -> Doubles:
    """Second differences across and down, each smoothed the other way; 3×3: 1 around −4."""
    rows, columns = size
    narrow = [np.pad(binomial(taps - 2), 1) for taps in size]  # one tap for 3, so that the 3×3 is the cross
    return scaled(np.outer(curvature(rows), narrow[1]) + np.outer(narrow[0], curvature(columns)), 8)


def emboss(size: Pair) -> Doubles:
    """A ramp from the upper left to the lower right over the pixel itself."""
    rows, columns = (np.arange(taps) - (taps - 1) / 2 for taps in size)
    return scaled(rows[:, None] + columns[None, :], 8) + identity(size)


def gabor(size: Pair, angle: float) -> Doubles:
    """A wave under a bell, with sum 0 (Daugman 1985); the wavelength is the kernel's larger side plus one."""
    rows, columns = (np.arange(taps) - (taps - 1) / 2 for taps in size)
    y, x = np.meshgrid(rows, columns, indexing="ij")
    turn = np.deg2rad(angle)
    across, along = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    longest = max(size)
    bell = np.exp(-(across**2 + (0.5 * along) ** 2) / (2 * (longest / 3.5) ** 2))
    wave = bell * np.cos(2 * np.pi * across / (longest + 1))
    return scaled(wave - bell * (wave.sum() / bell.sum()), 4)


def random(size: Pair, seed: int) -> Doubles:
    """Uniform within ±1/√(number of weights), as PyTorch starts a filter of one input channel."""
    bound = 1 / np.sqrt(size[0] * size[1])
    return np.random.default_rng(seed).uniform(-bound, bound, size)


KERNELS: dict[str, NamedKernel] = {
    "identity": NamedKernel(
        "Identity", "Copies each pixel: the output is the input.", (1, 1), lambda s, a, r: identity(s)
    ),
    "box-blur": NamedKernel(
        "Box blur",
        "Averages the window, every pixel alike: detail goes, blocks remain.",
        (1, 1),
        lambda s, a, r: np.full(s, 1 / (s[0] * s[1])),
    ),
    "gaussian-blur": NamedKernel(
        "Gaussian blur",
        "Averages the window, the centre counting most: a softer blur without blocks.",
        (1, 1),
        lambda s, a, r: gaussian(s),
    ),
    "sharpen": NamedKernel(
        "Sharpen",
        "The pixel plus its difference from its neighbours: edges gain contrast, flat areas stay.",
        (3, 3),
        lambda s, a, r: identity(s) - laplacian(s),
    ),
    "sobel-x": NamedKernel(
        "Sobel x",
        "Right minus left: positive where it gets brighter to the right, so it finds vertical edges.",
        (2, 2),
        lambda s, a, r: scaled(np.outer(binomial(s[0]), slope(s[1])), 8),
    ),
    "sobel-y": NamedKernel(
        "Sobel y",
        "Below minus above: positive where it gets brighter downwards, so it finds horizontal edges.",
        (2, 2),
        lambda s, a, r: scaled(np.outer(slope(s[0]), binomial(s[1])), 8),
    ),
    "scharr-x": NamedKernel(
        "Scharr x",
        "Sobel x with weights that answer more evenly to edges at a slant.",
        (3, 3),
        lambda s, a, r: np.outer([3.0, 10.0, 3.0], [-1.0, 0.0, 1.0]),
        only=(3, 3),
    ),
    "scharr-y": NamedKernel(
        "Scharr y",
        "Sobel y with weights that answer more evenly to edges at a slant.",
        (3, 3),
        lambda s, a, r: np.outer([-1.0, 0.0, 1.0], [3.0, 10.0, 3.0]),
        only=(3, 3),
    ),
    "laplacian": NamedKernel(
        "Laplacian",
        "Neighbours minus the pixel: answers to spots and edges of any direction, and to noise.",
        (3, 3),
        lambda s, a, r: laplacian(s),
    ),
    "emboss": NamedKernel(
        "Emboss",
        "The pixel plus a ramp across it: edges stand out as if lit from one side.",
        (2, 2),
        lambda s, a, r: emboss(s),
    ),
    "gabor": NamedKernel(
        "Gabor",
        "A wave at an angle under a bell: answers to stripes of one direction and width.",
        (3, 3),
        lambda s, a, r: gabor(s, a),
    ),
    "random": NamedKernel(
        "Random",
        "Drawn by chance from a seed: what a filter is before training.",
        (1, 1),
        lambda s, a, r: random(s, r),
    ),
}
