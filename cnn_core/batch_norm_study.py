"""Batch norm on real activations: how its statistics run along, and what an image's companions do to it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cnn_core.regularization import RunningStatistics, batch_norm

if TYPE_CHECKING:
    from torch import nn

Array = npt.NDArray[np.floating]

DRAWS = 30  # batches that an image stands in, to see what its companions change


@dataclass(frozen=True)
class RunningHistory:
    """One channel's statistics, batch after batch: the batch's own `(B,)`, and the running ones after it `(B,)`."""

    batch_mean: Array
    batch_var: Array
    running_mean: Array
    running_var: Array
    final: RunningStatistics


def _as_channel(pool: Array) -> Array:
    """`(N,)` or `(N, H, W)`, one channel's values, with an axis for that channel."""
    return pool[:, None]


def layer_names(model: "nn.Sequential") -> list[str]:
    """The layers after which batch norm could stand: every convolution, and every linear layer but the last."""
    from torch import nn

    children = list(model.named_children())
    return [name for name, layer in children[:-1] if isinstance(layer, nn.Conv2d | nn.Linear)]


def layer_channel(model: "nn.Sequential", layer: str, channel: int, images: Array) -> Array:
    """What `layer` answers in one channel to `images` `(N, C, H, W)` in 0..1: `(N, H, W)`, or `(N,)` of a linear layer.

    The model must be in eval mode and is left as it was; the layers behind `layer` do not run. Raises
    `ValueError` for a layer that the model doesn't have or a channel out of range.
    """
    import torch

    names = [name for name, _ in model.named_children()]
    if layer not in names:
        raise ValueError(f"layer is {layer!r}; this model has {', '.join(names)}")
    front = model[: names.index(layer) + 1]  # shares the layers, changes nothing
    parts = []
    with torch.inference_mode():
        for start in range(0, len(images), 128):
            output = front(torch.from_numpy(np.asarray(images[start : start + 128], np.float32)))
            if not 0 <= channel < output.shape[1]:
                raise ValueError(f"channel is {channel}; {layer} has 0..{output.shape[1] - 1}")
            parts.append(output[:, channel].float().numpy())
    return np.concatenate(parts)


def draw_batch(pool_size: int, batch_size: int, seed: int) -> npt.NDArray[np.int64]:
    """Which images of a pool stand in a batch: `(batch_size,)` different numbers below `pool_size`.

    Raises `ValueError` for a batch of none, or larger than the pool.
    """
    if not 1 <= batch_size <= pool_size:
        raise ValueError(f"batch_size is {batch_size}; with {pool_size} images it must be in 1..{pool_size}")
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
