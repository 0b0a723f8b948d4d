"""Why a network needs a nonlinearity: two convolutions in a row are one convolution with a larger kernel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Reals, not_allowed
from cnn_core.operations.convolution import conv2d


def compose_kernels(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    first_bias: npt.ArrayLike | None = None,
    second_bias: npt.ArrayLike | None = None,
) -> tuple[Reals, Reals]:
    """The one convolution that equals `first` followed by `second`, both with stride 1 and no padding.

    `first` `(M, C, h1, w1)` with bias `(M,)`, `second` `(O, M, h2, w2)` with bias `(O,)`; no bias means 0.
    Returns the weight `(O, C, h1 + h2 - 1, w1 + w2 - 1)` and bias `(O,)`, float64: shift by shift,
    `K[a + b] += second[a] first[b]`, summed over the M channels in between.
    Raises `ValueError` if a kernel isn't four-dimensional or the channels in between don't agree.
    """
    w1, w2 = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    for name, weight in (("first", w1), ("second", w2)):
        if weight.ndim != 4:
            allowed = "(out_channels, in_channels, height, width)"
            raise ValueError(not_allowed(name, f"of shape {weight.shape}", allowed))
    if w1.shape[0] != w2.shape[1]:
        found = f"a kernel that reads {w2.shape[1]} channels"
        raise ValueError(not_allowed("second", found, f"the {w1.shape[0]} that first gives"))
    b1 = np.zeros(w1.shape[0]) if first_bias is None else np.asarray(first_bias, dtype=np.float64)
    b2 = np.zeros(w2.shape[0]) if second_bias is None else np.asarray(second_bias, dtype=np.float64)
    h1, width1 = w1.shape[2:]
    h2, width2 = w2.shape[2:]
    weight = np.zeros((w2.shape[0], w1.shape[1], h1 + h2 - 1, width1 + width2 - 1))
    for row in range(h2):
        for col in range(width2):
            # (O, M) @ (M, C, h1, w1) -> (O, C, h1, w1), laid down where this weight of `second` looks
            weight[:, :, row : row + h1, col : col + width1] += np.tensordot(w2[:, :, row, col], w1, axes=1)
    bias = b2 + w2.sum(axis=(2, 3)) @ b1
    return weight, bias


def composition_terms(first: Sequence[float], second: Sequence[float]) -> list[list[tuple[float, float]]]:
    """The same in one row, term by term: for each weight of the one kernel, the pairs whose products it sums.

    `first` and `second` hold one row of weights each, at least one. Entry `c` lists `(second[a], first[c - a])`.
    """
    terms: list[list[tuple[float, float]]] = [[] for _ in range(len(first) + len(second) - 1)]
    for a, later in enumerate(second):
        for b, earlier in enumerate(first):
            terms[a + b].append((later, earlier))
    return terms


@dataclass(frozen=True)
class Collapse:
    """One image through two convolutions, with and without ReLU between them, and through their one equal."""

    weight: Reals  # (O, C, h, w) of the one convolution
    bias: Reals  # (O,)
    between: Reals  # (M, H'', W''): what the first convolution gives
    two_steps: Reals  # (O, H', W')
    one_step: Reals  # (O, H', W')
    with_relu: Reals  # (O, H', W')

    @property
    def difference(self) -> float:
        """Largest absolute difference between two steps and one step: rounding, nothing else."""
        return float(np.abs(self.two_steps - self.one_step).max())

    @property
    def relu_difference(self) -> float:
        """Largest absolute difference to the same two convolutions with ReLU between them."""
        return float(np.abs(self.two_steps - self.with_relu).max())


def collapse(image: npt.ArrayLike, first: npt.ArrayLike, second: npt.ArrayLike) -> Collapse:
    """Compute both ways: `image` `(C, H, W)`, kernels as in `compose_kernels`, without bias.

    Raises `ValueError` where `conv2d` or `compose_kernels` does.
    """
    x = np.asarray(image, dtype=np.float32)
    w1, w2 = np.asarray(first, dtype=np.float32), np.asarray(second, dtype=np.float32)
    weight, bias = compose_kernels(w1, w2)
    between = conv2d(x, w1)
    return Collapse(
        weight=weight,
        bias=bias,
        between=between,
        two_steps=conv2d(between, w2),
        one_step=conv2d(x, weight.astype(np.float32), bias.astype(np.float32)),
        with_relu=conv2d(np.maximum(between, 0), w2),
    )
