"""Dropout and batch normalization in plain NumPy: everything is returned, nothing is kept on a model."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cnn_core.losses import softmax

Array = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]


def _check_p(p: float) -> None:
    if not 0 <= p < 1:
        raise ValueError(f"p is {p}; the share of values to drop must be at least 0 and less than 1")


def dropout_mask(shape: tuple[int, ...], p: float, rng: np.random.Generator) -> Mask:
    """A fresh mask of `shape`, False where a value is dropped. Raises `ValueError` unless 0 <= p < 1."""
    _check_p(p)
    return rng.random(shape) >= p


def dropout(x: npt.ArrayLike, mask: Mask | None, p: float) -> Array:
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
        raise ValueError(f"mask has shape {mask.shape}; it must be that of x, {x.shape}")
    dropped: Array = np.where(mask, x / x.dtype.type(1 - p), x.dtype.type(0))
    return dropped


def predictions_under_masks(
    features: npt.ArrayLike, weight: npt.ArrayLike, bias: npt.ArrayLike, p: float, draws: int, seed: int
) -> npt.NDArray[np.float64]:
    """Class probabilities of one image under `draws` dropout masks on the last layer's input.

    `features` `(F,)`, the last linear layer's `weight` `(K, F)` and `bias` `(K,)`. Returns `(draws, K)`.
    Raises `ValueError` unless 0 <= p < 1 and draws >= 1.
    """
    if draws < 1:
        raise ValueError(f"draws is {draws}; at least 1 mask is needed")
    x = np.broadcast_to(np.asarray(features, dtype=np.float64), (draws, np.size(features)))
    mask = dropout_mask(x.shape, p, np.random.default_rng(seed))
    logits = dropout(x, mask, p) @ np.asarray(weight, dtype=np.float64).T + np.asarray(bias)
    return softmax(logits)


@dataclass(frozen=True)
class RunningStatistics:
    """What batch norm keeps for evaluation: a mean and a variance `(C,)`, and how many batches it saw."""

    mean: Array
    var: Array
    batches: int = 0

    @classmethod
    def fresh(cls, channels: int) -> "RunningStatistics":
        """The state before training: mean 0, variance 1."""
        return cls(np.zeros(channels), np.ones(channels))


@dataclass(frozen=True)
class BatchNormResult:
    """The output, the mean and (biased) variance `(C,)` it was made with, and the new running statistics."""

    output: Array
    mean: Array
    var: Array
    running: RunningStatistics = field(repr=False)


def batch_norm(
    x: npt.ArrayLike,
    running: RunningStatistics,
    *,
    gamma: npt.ArrayLike = 1.0,
    beta: npt.ArrayLike = 0.0,
    training: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> BatchNormResult:
    """`gamma (x - mean) / sqrt(var + eps) + beta`, channel by channel, as `nn.BatchNorm1d/2d`.

    `x` `(N, C)` or `(N, C, H, W)`; `gamma` and `beta` a number or `(C,)`. In training, mean and variance
    are the batch's own (over N, H and W), and the running statistics move towards them by `momentum`,
    the variance in its unbiased form, as PyTorch does. In evaluation the running statistics are used
    and stay as they are. The input is not changed.
    Source: Ioffe and Szegedy 2015. Raises `ValueError` for other shapes, for running statistics of
    another number of channels, for a momentum outside 0..1, and in training for a batch with one
    value per channel, which has no variance.
    """
    x = np.asarray(x)
    if x.ndim not in (2, 4):
        raise ValueError(f"x has shape {x.shape}; it must be (N, C) or (N, C, H, W)")
    channels = x.shape[1]
    if running.mean.shape != (channels,):
        raise ValueError(f"running has {running.mean.size} channels; x has {channels}, they must agree")
    if not 0 <= momentum <= 1:
        raise ValueError(f"momentum is {momentum}; it must be in 0..1")
    axes = (0,) if x.ndim == 2 else (0, 2, 3)
    mean, var, after = running.mean, running.var, running
    if training:
        values = x.size // channels
        if values < 2:
            raise ValueError(
                f"x has {values} value per channel (shape {x.shape}); training needs more than 1, "
                "for one value has no variance"
            )
        mean, var = x.mean(axis=axes, dtype=np.float64), x.var(axis=axes, dtype=np.float64)
        after = RunningStatistics(
            mean=(1 - momentum) * running.mean + momentum * mean,
            var=(1 - momentum) * running.var + momentum * var * values / (values - 1),
            batches=running.batches + 1,
        )
    shape = (1, channels) + (1,) * (x.ndim - 2)
    scale = (np.broadcast_to(gamma, channels) / np.sqrt(var + eps)).reshape(shape)
    offset = np.broadcast_to(beta, channels).reshape(shape)
    output = (x - mean.reshape(shape)) * scale + offset
    return BatchNormResult(output.astype(x.dtype), mean, var, after)
