"""Dropout in NumPy, and what it does to the features that a network's last layer gets.

Everything is returned, nothing is kept on a model.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, Floats, Mask, Reals, not_allowed
from cnn_core.operations.losses import softmax


def _check_p(p: float) -> None:
    if not 0 <= p < 1:
        raise ValueError(not_allowed("p", p, "0 to less than 1, the share of values to drop"))


def dropout_mask(shape: tuple[int, ...], p: float, rng: np.random.Generator) -> Mask:
    """A fresh mask of `shape`, False where a value is dropped. Raises `ValueError` unless 0 <= p < 1."""
    _check_p(p)
    return rng.random(shape) >= p


def dropout(x: npt.ArrayLike, mask: Mask | None, p: float) -> Reals:
    """Inverted dropout (Srivastava et al. 2014), as `nn.Dropout` does it.

    With a `mask` shaped like `x` (training): dropped values become 0, the kept ones are divided by
    `1 - p`, so that the expected value stays that of `x`. With `mask=None` (evaluation): `x` itself.
    Raises `ValueError` unless 0 <= p < 1, or if the mask's shape isn't that of `x`.
    """
    _check_p(p)
    x = np.asarray(x)
    if mask is None:
        return x
    if mask.shape != x.shape:
        raise ValueError(not_allowed("mask", f"of shape {mask.shape}", f"that of x, {x.shape}"))
    dropped: Reals = np.where(mask, x / x.dtype.type(1 - p), x.dtype.type(0))
    return dropped


def predictions_under_masks(
    features: npt.ArrayLike, weight: npt.ArrayLike, bias: npt.ArrayLike, p: float, draws: int, seed: int
) -> Doubles:
    """Class probabilities of one image under `draws` dropout masks on the last layer's input.

    `features` `(F,)`, the last linear layer's `weight` `(K, F)` and `bias` `(K,)`. Returns `(draws, K)`.
    Raises `ValueError` unless 0 <= p < 1 and draws >= 1.
    """
    if draws < 1:
        raise ValueError(not_allowed("draws", draws, "1 or more"))
    x = np.broadcast_to(np.asarray(features, dtype=np.float64), (draws, np.size(features)))
    mask = dropout_mask(x.shape, p, np.random.default_rng(seed))
    logits = dropout(x, mask, p) @ np.asarray(weight, dtype=np.float64).T + np.asarray(bias)
    return softmax(logits)


@dataclass(frozen=True)
class Head:
    """A network's last linear layer, `weight` `(K, F)` and `bias` `(K,)`, and the `features` `(F,)` it gets."""

    features: Floats
    weight: Floats
    bias: Floats


def as_grid(features: npt.ArrayLike) -> npt.NDArray[np.generic]:
    """`(F,)` as `(rows, F / rows)`, as square as whole rows allow: 64 as 8×8, 128 as 8×16, a prime in one row."""
    values = np.asarray(features)
    rows = next(r for r in range(int(values.size**0.5), 0, -1) if values.size % r == 0)
    return values.reshape(rows, -1)


@dataclass(frozen=True)
class OneMask:
    """The features under one mask: `mask` and `scaled` `(F,)`, what the last layer then says, and what without it."""

    mask: Mask
    scaled: Floats
    probabilities: Doubles
    without: Doubles

    @property
    def kept(self) -> int:
        """How many features the mask lets through."""
        return int(self.mask.sum())


def one_mask(head: Head, p: float, seed: int, training: bool = True) -> OneMask:
    """Dropout with rate `p`, 0 <= p < 1, on a head's features by the mask of `seed`; none in evaluation."""
    mask = dropout_mask(head.features.shape, p, np.random.default_rng(seed))
    if not training:
        mask = np.ones_like(mask)
    scaled = dropout(head.features, mask if training else None, p)
    return OneMask(mask, scaled.astype(np.float32), _says(head, scaled), _says(head, head.features))


def _says(head: Head, features: Reals) -> Doubles:
    return softmax(head.weight @ features + head.bias)


@dataclass(frozen=True)
class PredictionSpread:
    """Probabilities of each class under many masks: all draws `(M, K)`, and by class their mean and quantiles."""

    draws: Doubles
    mean: Doubles
    low: Doubles  # a twentieth of the masks lies below
    high: Doubles  # and a twentieth above
    other_answer: float  # share of masks, 0..1, under which another class wins than without dropout


def prediction_spread(head: Head, p: float, masks: int, seed: int) -> PredictionSpread:
    """How far one image's prediction moves under `masks` masks. Raises `ValueError` for p or masks out of range."""
    draws = predictions_under_masks(head.features, head.weight, head.bias, p, masks, seed)
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    answer = _says(head, head.features).argmax()
    return PredictionSpread(
        draws, draws.mean(axis=0), low, high, float(np.mean(draws.argmax(axis=1) != answer))
    )
