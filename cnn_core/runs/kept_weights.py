"""What a run needs on disk, and which epochs' weights it keeps there: the first, the best, the last and a spaced few.

While it trains, a run holds its best weights, the weights of those epochs and one more, its saved state, and for a
moment the next saved state beside it. Other files are small, or kept small: see `OTHER_BYTES`.
"""

import math
from collections.abc import Sequence
from pathlib import Path

from cnn_core import files
from cnn_core.limits import MEGABYTE
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import records
from cnn_core.runs.events import Epoch
from cnn_core.training.settings import TrainSettings

MOST_EPOCHS = 12
# Spec, card, scores; `events.jsonl`, which is told less often as it grows; `worker.log`.
OTHER_BYTES = 8 * MEGABYTE
_HEADER_BYTES = 20_000  # names and shapes in a file of tensors, and the random state


def weights_bytes(architecture: Architecture) -> int:
    """A file with the network's weights: float32, and batch norm's means and variances beside its parameters."""
    running = sum(info.parameters for info in architecture.summary() if info.layer.normalizes)
    return 4 * (architecture.parameters + running) + _HEADER_BYTES


def state_bytes(architecture: Architecture, settings: TrainSettings) -> int:
    """The saved state: the weights and what the optimizer remembers of each, two values with Adam, one with SGD."""
    moments = 1 if settings.optimizer in ("sgd", "rmsprop") else 2
    return (1 + moments) * weights_bytes(architecture)


def run_bytes(architecture: Architecture, settings: TrainSettings, epochs: int) -> int:
    """The most that a run's folder holds while it trains and keeps the weights of so many epochs."""
    files = (epochs + 2) * weights_bytes(architecture) + 2 * state_bytes(architecture, settings)
    return files + OTHER_BYTES


def most_epochs(architecture: Architecture, settings: TrainSettings, allowed: int) -> int:
    """How many epochs' weights a run may keep so that its folder stays within so many bytes.

    `MOST_EPOCHS` at most; 0 where the folder does not even hold one.
    """
    one = run_bytes(architecture, settings, 1)
    if one > allowed:
        return 0
    more = (allowed - one) // weights_bytes(architecture)
    return min(1 + more, MOST_EPOCHS, settings.epochs)


def kept(done: int, best: int, most: int) -> set[int]:
    """Which epochs (counted from 0) of `done` keep their weights: `best`, the last, and others evenly spaced from the
    first on, `most` at most.

    The space between them doubles as they become more, so that none is needed that was not kept before.
    """
    if done == 0:
        return set()
    if most < 3:
        return {best, done - 1} if most == 2 else {best}
    space = 1
    while math.ceil(done / space) > most - 2:
        space *= 2
    return {best, done - 1, *range(0, done, space)}


def remove_others(path: Path, done: Sequence[Epoch], most: int) -> None:
    """Remove the weights that the run in `path`, with these epochs done and written down, is not to keep."""
    best = max((epoch["epoch"] for epoch in done if epoch["best"]), default=len(done) - 1)
    wanted = kept(len(done), best, most)
    for epoch in set(range(len(done))) - wanted:
        file = records.epoch_weights(path, epoch)
        if file.exists():
            files.remove(file)
