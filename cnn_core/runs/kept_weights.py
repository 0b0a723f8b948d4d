"""What a run needs on disk, and which epochs' weights it keeps there: the first, the best, the last and a spaced few.

Of its first epoch, in which most is learned, it keeps the weights after a few batches too, where the disk has room
beside the epochs: untrained, then about twice as many batches each time.

While it trains, a run holds its best weights, the weights of those epochs and one more, those of the first batches, its
saved state, and for a moment the next saved state beside it. Other files are small, or kept small: see `OTHER_BYTES`.
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

MOST_EPOCHS, MOST_STEPS = 12, 12
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


def run_bytes(architecture: Architecture, settings: TrainSettings, epochs: int, steps: int = 0) -> int:
    """The most that a run's folder holds while it trains and keeps the weights of so many epochs, and first steps."""
    files = (epochs + steps + 2) * weights_bytes(architecture) + 2 * state_bytes(architecture, settings)
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


def most_steps(architecture: Architecture, settings: TrainSettings, allowed: int) -> int:
    """After how many of the first batches a run may keep its weights, beside those of `most_epochs`, within so many
    bytes."""
    epochs = max(1, most_epochs(architecture, settings, allowed))
    room = allowed - run_bytes(architecture, settings, epochs)
    return min(max(0, room // weights_bytes(architecture)), MOST_STEPS)


def first_steps(steps_per_epoch: int, most: int = MOST_STEPS) -> tuple[int, ...]:
    """After how many batches of the first epoch weights are kept: 0, 1, 2, 5, 10, 20, 50 and so on below
    `steps_per_epoch`, at most `most` of them, evenly spread and the untrained network among them."""
    found, power = [0], 1
    while power < steps_per_epoch:
        found += [digit * power for digit in (1, 2, 5) if digit * power < steps_per_epoch]
        power *= 10
    if len(found) <= most:
        return tuple(found)
    return tuple(found[round(place * (len(found) - 1) / max(1, most - 1))] for place in range(most))


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


def remove_steps_after(path: Path, step: int) -> None:
    """Remove what the run in `path` kept beyond so many batches of its first epoch: it does them again."""
    for file in (path / records.STEPS).glob("*.safetensors"):
        if file.stem.isdecimal() and int(file.stem) > step:
            files.remove(file)


def remove_others(path: Path, done: Sequence[Epoch], most: int) -> None:
    """Remove the weights that the run in `path`, with these epochs done and written down, is not to keep."""
    best = max((epoch["epoch"] for epoch in done if epoch["best"]), default=len(done) - 1)
    wanted = kept(len(done), best, most)
    for epoch in set(range(len(done))) - wanted:
        file = records.epoch_weights(path, epoch)
        if file.exists():
            files.remove(file)
