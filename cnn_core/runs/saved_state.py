"""What a run needs to go on where it was: the trainer's state, and what is known of its epochs, in one file."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from safetensors import SafetensorError, safe_open

from cnn_core import files
from cnn_core.checkpoints import CheckpointError, load_weights
from cnn_core.runs.events import Epoch
from cnn_core.runs.records import RESUME
from cnn_core.training.trainer import Trainer
from cnn_core.typed_json import Count, checked, parse


class Sums(TypedDict):
    """What the batches of the present epoch add up to: `loss` in nats, images `correct`, `images`, `seconds`."""

    loss: float
    correct: float
    images: Count
    seconds: float


class State(TypedDict):
    """What is saved beside the trainer's own state.

    `best` is the quality of the best weights so far, `epochs` what their events say or will say, `trained` the seconds
    of training and validating so far, `stopping` whether the run was told to stop, so that nothing is left to do but to
    score it, and `reason` why, as a sentence; empty where its owner wanted it.
    """

    best: list[float] | None
    sums: Sums
    epochs: list[Epoch]
    trained: float
    stopping: bool
    reason: str


def beginning() -> State:
    """The state of a run that has not trained."""
    return {"best": None, "sums": nothing(), "epochs": [], "trained": 0.0, "stopping": False, "reason": ""}


def nothing() -> Sums:
    """The sums at the beginning of an epoch."""
    return {"loss": 0.0, "correct": 0.0, "images": 0, "seconds": 0.0}


def save(path: Path, trainer: Trainer, state: State) -> None:
    """Write the state of the run in `path`, all or nothing."""
    scalars = json.dumps({**trainer.scalars(), **state})
    files.write_tensors(path / RESUME, trainer.tensors(), {"scalars": scalars})


def restore(path: Path, trainer: Trainer, told: Sequence[Epoch]) -> State | None:
    """Put the trainer of the run in `path` where it was; None where nothing is saved.

    States of old do not hold the epochs, whose events `told` are then all there is, nor how long they trained. Raises
    `CheckpointError` where the file is damaged.
    """
    file = path / RESUME
    if not files.is_file(file):
        return None
    tensors = load_weights(file)
    try:
        with safe_open(file, framework="pt") as header:
            scalars = parse(header.metadata()["scalars"].encode())
        if not isinstance(scalars, dict):
            raise TypeError("its scalars are no object")
        trained = sum(epoch["seconds"] for epoch in told)
        known = {**beginning(), "epochs": list(told), "trained": trained, **scalars}
        # Only these: the trainer's own would be saved again, and then be out of date.
        state = checked({name: known[name] for name in State.__annotations__}, State)
        trainer.restore(tensors, scalars)
    except (SafetensorError, KeyError, TypeError, RuntimeError, ValueError) as error:
        raise CheckpointError(f"the saved state of this run is damaged ({error}); train it again.") from error
    return state
