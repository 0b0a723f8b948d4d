"""What is told of a run's batches: an event now and then for those since the last one, and the sums of the epoch."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch

from cnn_core.runs import records
from cnn_core.runs.errors import check_numbers
from cnn_core.runs.events import Batch, Event
from cnn_core.runs.saved_state import State
from cnn_core.training.compute import peak_memory
from cnn_core.training.trainer import Step, Trainer

SECONDS_BETWEEN_EVENTS = 0.25
LAYERS_EVERY = 4  # events: each layer's numbers are several times as long as the rest
# Of events: each time they have grown by so many, the seconds between them double.
RARER_AFTER_BYTES = 2_000_000


class BatchLog:
    """Tells the batches of the run in `path` and adds them to its `state`; `between` are the seconds between events."""

    def __init__(self, path: Path, trainer: Trainer, state: State, tell: Callable[[Event], None]) -> None:
        self._events, self._trainer, self._state, self._tell = path / records.EVENTS, trainer, state, tell
        self._untold: list[Step] = []  # batches since the last event
        self._since = time.perf_counter()
        self._first = True  # whether no batch was told since the run went on
        self._told = 0  # events since then
        self.between = self._seconds_between()

    @property
    def trained(self) -> float:
        """Seconds of training and validating until now, over all resumes."""
        return self._state["trained"] + time.perf_counter() - self._since

    def begin_epoch(self) -> None:
        """The seconds of the next batches count from now."""
        self._since = time.perf_counter()

    def add(self, step: Step) -> None:
        """Take a batch that was done; tell it if it is the first of all, the last of its epoch, or it is time.

        The first batch of a later epoch is told with those after it: alone it would stand out among means of many.
        """
        self._untold.append(step)
        late = time.perf_counter() - self._since >= self.between
        if self._first or late or self._trainer.step == self._trainer.steps_per_epoch:
            self.tell()
            self._first = False

    def tell(self) -> None:
        """Write down the batches since the last event, and count them into the epoch. Raises `Diverged`."""
        if not self._untold:
            return
        trainer, sums = self._trainer, self._state["sums"]
        # One by one and in float64, so that the epoch's sums don't depend on when events are written.
        losses = torch.stack([step.loss for step in self._untold]).tolist()
        correct = torch.stack([step.correct for step in self._untold]).tolist()
        images = sum(step.images for step in self._untold)
        loss = sum(losses) / images
        if not math.isfinite(loss):
            self._name_the_batch(losses)
        seconds = time.perf_counter() - self._since
        event: Batch = {
            "type": "batch",
            "epoch": trainer.epoch,
            "step": trainer.step,
            "loss": loss,
            "accuracy": sum(correct) / images,
            "images_per_second": images / seconds,
            "learning_rate": trainer.learning_rate,
        }
        if trainer.vitals is not None:
            event["gradient_norm"] = trainer.vitals["gradient_norm"]
            event["update_ratio"] = trainer.vitals["update_ratio"]
            if self._told % LAYERS_EVERY == 0:
                event["gradient_norms"] = _short(trainer.vitals["gradient_norms"])
                event["update_ratios"] = _short(trainer.vitals["update_ratios"])
        if (memory := peak_memory(trainer.device)) is not None:
            event["memory"] = memory
        self._tell(event)
        self._told += 1
        for value, right in zip(losses, correct):
            sums["loss"] += value
            sums["correct"] += right
        sums["images"] += images
        sums["seconds"] += seconds
        self._state["trained"] += seconds
        self.between = self._seconds_between()
        self._untold, self._since = [], time.perf_counter()
        trainer.look = True

    def _name_the_batch(self, losses: Sequence[float]) -> None:
        """Raise `Diverged` that names the first batch of these whose loss is no number."""
        first = next((i for i, loss in enumerate(losses) if not math.isfinite(loss)), len(losses) - 1)
        step = self._trainer.step - len(losses) + first + 1
        where = f"step {step} of epoch {self._trainer.epoch + 1}"
        rate = self._trainer.settings.learning_rate
        check_numbers(f"The loss stopped being a number at {where}", rate, math.nan)

    def end_epoch(self) -> None:
        """The epoch is validated: count the seconds that took."""
        self._state["trained"] = self.trained
        self._since = time.perf_counter()

    def _seconds_between(self) -> float:
        """More the larger the file of them is, so that it stays small however long somebody trains."""
        size = self._events.stat().st_size if self._events.is_file() else 0
        return SECONDS_BETWEEN_EVENTS * 2.0 ** (size // RARER_AFTER_BYTES)


def _short(values: Mapping[str, float]) -> dict[str, float]:
    """With four digits, which is more than anybody reads of them: the file grows by these."""
    return {name: float(f"{value:.4g}") for name, value in values.items()}
