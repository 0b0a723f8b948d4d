"""What a kernel is like: the nearest of those that have a name, the frequencies it answers to, an order by likeness."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, Pair, is_whole, not_allowed
from cnn_core.operations.kernels import KERNELS, make

ANGLES = tuple(range(0, 180, 15))  # of the Gabor kernels compared with, in degrees


@dataclass(frozen=True)
class Likeness:
    """A kernel of `KERNELS` by its name, and the cosine of the angle between it and another, −1..1.

    A negative cosine is likeness to the kernel with its signs turned. `angle` is the Gabor kernel's, 0 for others.
    """

    name: str
    similarity: float
    angle: int = 0

    @property
    def title(self) -> str:
        """Its title."""
        return KERNELS[self.name].title


def cosine_similarity(a: npt.ArrayLike, b: npt.ArrayLike) -> float:
    """⟨a, b⟩ / (‖a‖ ‖b‖) of two arrays of one shape, −1..1; 0 where one of them is all zeros.

    Raises ValueError where the shapes differ.
    """
    one, other = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if one.shape != other.shape:
        raise ValueError(not_allowed("b", f"of shape {other.shape}", f"a's shape {one.shape}"))
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.clip(np.vdot(one, other) / lengths, -1, 1)) if lengths else 0.0


@lru_cache(maxsize=64)
def _named(size: Pair) -> tuple[tuple[str, int, Doubles], ...]:
    """Every kernel that has a name at this size, but the random one, which is like nothing."""
    found = []
    for name, family in KERNELS.items():
        if name != "random" and family.problem(size) is None:
            for angle in ANGLES if name == "gabor" else (0,):
                found.append((name, angle, make(name, size, angle=angle).astype(np.float64)))
    return tuple(found)


def named_likenesses(kernel: npt.ArrayLike) -> list[Likeness]:
    """How like a kernel `(kh, kw)` each named one of its size is, the most like first, with its best angle.

    By the magnitude of the cosine, equal ones in the order of `KERNELS`; size plays no part, as a kernel times 2 finds
    what it found. None for a kernel of zeros, or of one weight, which is like every other. Raises ValueError for sides
    that no named kernel has.
    """
    weights = np.asarray(kernel, np.float64)
    if weights.ndim != 2 or not all(1 <= side <= 7 for side in weights.shape):
        raise ValueError(not_allowed("kernel", f"of shape {weights.shape}", "(1 to 7, 1 to 7)"))
    if not weights.any() or weights.size == 1:
        return []
    best: dict[str, Likeness] = {}
    for name, angle, named in _named((weights.shape[0], weights.shape[1])):
        found = Likeness(name, cosine_similarity(weights, named), angle)
        if name not in best or abs(found.similarity) > abs(best[name].similarity) + 1e-12:
            best[name] = found
    return sorted(best.values(), key=lambda found: -round(abs(found.similarity), 12))


def nearest_named(kernel: npt.ArrayLike) -> Likeness | None:
    """The first of `named_likenesses`; None where there is none."""
    return next(iter(named_likenesses(kernel)), None)


def frequency_response(kernel: npt.ArrayLike, size: int = 32) -> Doubles:
    """How strongly a kernel `(kh, kw)` answers to waves of each frequency: `(size, size)`, 0 and more.

    The magnitude of the two-dimensional discrete Fourier transform of the kernel among zeros. Row and column
    `size // 2` are frequency 0 (a flat area: the magnitude of the weights' sum), one further is a wave of `size`
    pixels, down or across, and of an even size the first row and column are the finest, of two pixels; see
    `frequencies`. The kernel's sign and place leave no trace. Raises ValueError where the kernel is larger than `size`.
    """
    weights = np.asarray(kernel, np.float64)
    if not is_whole(size) or size < 2:
        raise ValueError(not_allowed("size", repr(size), "an integer of 2 or more"))
    if weights.ndim != 2 or max(weights.shape) > size:
        raise ValueError(
            not_allowed("kernel", f"of shape {weights.shape}", f"({size} at most, {size} at most)")
        )
    response: Doubles = np.abs(np.fft.fftshift(np.fft.fft2(weights, (size, size))))
    return response


def frequencies(size: int = 32) -> Doubles:
    """The frequency of each row or column of `frequency_response`, in waves a pixel: −0.5 to below 0.5."""
    waves: Doubles = np.fft.fftshift(np.fft.fftfreq(size))
    return waves


def chain(vectors: npt.ArrayLike, start: int = 0) -> list[int]:
    """An order `(N,)` of vectors `(N, D)` that begins at `start` and goes on to the most like of those that are left.

    Like is what has the largest cosine; of equal ones the first. Raises ValueError where there is no such start.
    """
    rows = np.asarray(vectors, np.float64)
    if rows.ndim != 2 or not 0 <= start < len(rows):
        raise ValueError(not_allowed("start", start, f"a row of vectors of shape {rows.shape}"))
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units = rows / np.where(lengths > 0, lengths, 1)
    order, left = [start], np.ones(len(rows), bool)
    left[start] = False
    while left.any():
        similar = np.where(left, np.round(units @ units[order[-1]], 12), -np.inf)
        order.append(int(similar.argmax()))
        left[order[-1]] = False
    return order
