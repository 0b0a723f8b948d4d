"""Batch normalization in NumPy, how its statistics run along, and what an image's companions do to it.

Everything is returned, nothing is kept on a model.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Integers, Reals, not_allowed

DRAWS = 30
"""Batches that an image stands in, to see what its companions change."""


@dataclass(frozen=True)
class RunningStatistics:
    """What batch norm keeps for evaluation: a mean and a variance `(C,)`, and how many batches it saw."""

    mean: Reals
    var: Reals
    batches: int = 0

    @classmethod
    def fresh(cls, channels: int) -> "RunningStatistics":
        """The state before training: mean 0, variance 1."""
        return cls(np.zeros(channels), np.ones(channels))


@dataclass(frozen=True)
class BatchNormResult:
    """The output, the mean and (biased) variance `(C,)` it was made with, and the new running statistics."""

    output: Reals
    mean: Reals
    var: Reals
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
        raise ValueError(not_allowed("x", f"of shape {x.shape}", "(N, C) or (N, C, H, W)"))
    channels = x.shape[1]
    if running.mean.shape != (channels,):
        raise ValueError(not_allowed("running", f"of {running.mean.size} channels", f"x's {channels}"))
    if not 0 <= momentum <= 1:
        raise ValueError(not_allowed("momentum", momentum, "0 to 1"))
    axes = (0,) if x.ndim == 2 else (0, 2, 3)
    mean, var, after = running.mean, running.var, running
    if training:
        values = x.size // channels
        if values < 2:
            found = f"of shape {x.shape}, {values} value per channel"
            raise ValueError(not_allowed("x", found, "2 or more in training, for one value has no variance"))
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


@dataclass(frozen=True)
class RunningHistory:
    """One channel's statistics, batch after batch: the batch's own `(B,)`, and the running ones after it `(B,)`."""

    batch_mean: Reals
    batch_var: Reals
    running_mean: Reals
    running_var: Reals
    final: RunningStatistics


def _as_channel(pool: Reals) -> Reals:
    """`(N,)` or `(N, H, W)`, one channel's values, with an axis for that channel."""
    return pool[:, None]


def draw_batch(pool_size: int, batch_size: int, seed: int) -> Integers:
    """Which images of a pool stand in a batch: `(batch_size,)` different numbers below `pool_size`.

    Raises `ValueError` for a batch of none, or larger than the pool.
    """
    if not 1 <= batch_size <= pool_size:
        raise ValueError(not_allowed("batch_size", batch_size, f"1 to {pool_size}, the images there are"))
    return np.random.default_rng(seed).permutation(pool_size)[:batch_size]


def running_history(pool: npt.ArrayLike, batch_size: int, batches: int, seed: int = 0) -> RunningHistory:
    """Let batch norm see `batches` batches of `batch_size` drawn from `pool`, from mean 0 and variance 1 on.

    `pool` `(N,)` or `(N, H, W)`: one channel's values for N images. Raises `ValueError` as `batch_norm` does
    in training, and where the pool is too small.
    """
    values = np.asarray(pool)
    running = RunningStatistics.fresh(1)
    rows = []
    for step in range(batches):
        batch = values[draw_batch(len(values), batch_size, seed + step)]
        result = batch_norm(_as_channel(batch), running)
        running = result.running
        rows.append((result.mean[0], result.var[0], running.mean[0], running.var[0]))
    batch_mean, batch_var, running_mean, running_var = np.array(rows).reshape(-1, 4).T
    return RunningHistory(batch_mean, batch_var, running_mean, running_var, running)


def companion_spread(
    pool: npt.ArrayLike,
    batch_sizes: tuple[int, ...],
    running: RunningStatistics | None = None,
) -> dict[int, float]:
    """How far one image's normalized values move with the other images of its batch.

    In training mode; or, given `running` statistics of one channel, in evaluation mode with those.

    Image 0 of `pool` (`(N,)` or `(N, H, W)`) stands in `DRAWS` batches with others drawn at random. For each
    batch size: the standard deviation over the draws, averaged over the image's cells; NaN where a batch has
    a single value, which training refuses. Raises `ValueError` where the pool is too small.
    """
    values = np.asarray(pool)
    training = running is None
    statistics = RunningStatistics.fresh(1) if running is None else running
    spread = {}
    for size in batch_sizes:
        outputs = []
        for draw in range(DRAWS):
            others = 1 + draw_batch(len(values) - 1, size, seed=draw)[: size - 1]
            batch = values[np.concatenate([[0], others])]
            if training and batch.size < 2:
                outputs.append(np.full(values[0].shape, np.nan))
            else:
                result = batch_norm(_as_channel(batch), statistics, training=training)
                outputs.append(result.output[0, 0])
        spread[size] = float(np.std(outputs, axis=0).mean())
    return spread
