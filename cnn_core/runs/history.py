"""A run as its folder tells it, read while it is still being written: what was asked, and what has happened since."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cnn_core import typed_json
from cnn_core.checkpoints import CARD, Scores
from cnn_core.networks import json_form
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import events
from cnn_core.runs.events import Batch, Epoch, Event, NewLearningRate, Started
from cnn_core.runs.records import BEST, EVENTS, METRICS, SPEC, RunError, Spec, runs_home
from cnn_core.training.settings import SettingsError, TrainSettings

ACTIVE = ("queued", "running")
RESUMABLE = ("paused", "interrupted")
# What each event makes of a run; events that are not here change no status.
STATUS_AFTER = {
    "queued": "queued",
    "started": "running",
    "paused": "paused",
    "interrupted": "interrupted",
    "stopped": "stopped",
    "failed": "failed",
    "finished": "finished",
}


@dataclass(frozen=True)
class Run:
    """A run as its folder tells it now.

    `status` is one of queued, running, paused, interrupted, stopped, failed, finished; `reason` a sentence where it is
    failed, paused or interrupted. `started` is its last start; `batches` and `epochs` are the events of those types;
    `learning_rates` those that were chosen in between; `test` is what `metrics.json` holds, or None.
    """

    id: str
    path: Path
    title: str
    architecture: Architecture
    settings: TrainSettings
    created: float
    status: str = "queued"
    reason: str = ""
    started: Started | None = None
    batches: tuple[Batch, ...] = ()
    epochs: tuple[Epoch, ...] = ()
    learning_rates: tuple[NewLearningRate, ...] = ()
    test: Scores | None = None

    @property
    def active(self) -> bool:
        """Whether it waits or trains."""
        return self.status in ACTIVE

    @property
    def resumable(self) -> bool:
        """Whether it can be continued from where it was."""
        return self.status in RESUMABLE

    @property
    def has_model(self) -> bool:
        """Whether there are weights to look at."""
        return (self.path / BEST).is_file() and (self.path / CARD).is_file()

    @property
    def steps_per_epoch(self) -> int:
        """Batches of an epoch; 1 where training has not begun."""
        return self.started["steps_per_epoch"] if self.started is not None else 1

    @property
    def progress(self) -> float:
        """How much of the training is done, 0..1."""
        if self.status == "finished":
            return 1.0
        if not self.batches:
            return 0.0
        last, steps = self.batches[-1], self.steps_per_epoch
        return min(1.0, (last["epoch"] * steps + last["step"]) / (self.settings.epochs * steps))

    @property
    def images_per_second(self) -> float | None:
        """The latest training speed."""
        return float(self.batches[-1]["images_per_second"]) if self.batches else None

    @property
    def seconds_left(self) -> float | None:
        """The time left to train at the latest speed."""
        if self.status != "running" or self.started is None or not self.images_per_second:
            return None
        images = self.settings.epochs * self.started["images"]
        return images * (1 - self.progress) / self.images_per_second


def _lines(path: Path) -> list[bytes]:
    """The lines of a run's events. Raises `RunError` where something else lies in their place."""
    try:
        return (path / EVENTS).read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise RunError(
            f"the run {path.name!r} cannot be read: {EVENTS} is damaged ({error.strerror})."
        ) from error


def read_events(path: Path) -> Iterator[Event]:
    """A run's events in order; a half-written or damaged line is passed over. Raises `RunError` as `read` does."""
    return (event for line in _lines(path) if line and (event := events.read(line)) is not None)


def read(path: Path) -> Run:
    """The run in `path` as it is now. Raises `RunError` where there is none, or a file of it is damaged."""
    try:
        spec = typed_json.read(path / SPEC, Spec)
        architecture = json_form.read(spec["architecture"])
        settings = TrainSettings.from_dict(spec["settings"])
        if not isinstance(settings.dataset, str):
            raise SettingsError("dataset is no name")
    except FileNotFoundError as error:
        raise RunError(f"there is no run {path.name!r} on this machine.") from error
    except (OSError, ValueError, TypeError) as error:  # the errors of networks and settings are ValueErrors
        raise RunError(
            f"the run {path.name!r} cannot be read: {SPEC} is damaged ({_words(error)})."
        ) from error
    status, reason = "queued", ""
    started: Started | None = None
    batches: list[Batch] = []
    epochs: dict[int, Epoch] = {}
    rates: list[NewLearningRate] = []
    for event in read_events(path):
        if event["type"] == "batch":
            batches.append(event)
        elif event["type"] == "epoch":
            epochs[event["epoch"]] = event
        elif event["type"] == "learning_rate":
            # Chosen while batches were done again, it replaces what was chosen at or after them before.
            rates = [rate for rate in rates if place(rate) < place(event)] + [event]
        elif event["type"] == "started":
            # A run continued from its last saved state does the batches after it again.
            started = event
            batches = [batch for batch in batches if place(batch) <= place(event)]
            epochs = {number: epoch for number, epoch in epochs.items() if number < event["epoch"]}
        if event["type"] in STATUS_AFTER:
            status, reason = STATUS_AFTER[event["type"]], str(event.get("reason", ""))
    return Run(
        id=path.name,
        path=path,
        title=spec["title"],
        architecture=architecture,
        settings=settings,
        created=spec["created"],
        status=status,
        reason=reason,
        started=started,
        batches=tuple(batches),
        epochs=tuple(epochs[number] for number in sorted(epochs)),
        learning_rates=tuple(rates),
        test=_metrics(path),
    )


def place(event: Started | Batch | NewLearningRate) -> tuple[int, int]:
    """Where in the training an event happened: its epoch, and the batches of it that were done."""
    return event["epoch"], event["step"]


def _metrics(path: Path) -> Scores | None:
    try:
        return typed_json.read(path / METRICS, Scores)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise RunError(
            f"the run {path.name!r} cannot be read: {METRICS} is damaged ({_words(error)})."
        ) from error


def _words(error: Exception) -> str:
    """What was wrong, without the folders of this machine."""
    return (error.strerror or "") if isinstance(error, OSError) else str(error).rstrip(".")


def read_status(path: Path) -> str:
    """A run's status alone, read from the end of its events: quick however long it trained. Raises `RunError`."""
    for line in reversed(_lines(path)):
        if line.startswith((b'{"type": "batch"', b'{"type": "epoch"')):
            continue  # by far the most, and they change no status
        event = events.read(line) if line else None
        if event is not None and event["type"] in STATUS_AFTER:
            return STATUS_AFTER[event["type"]]
    return "queued"


def wait_for_numbers(path: Path, seconds: float) -> bool:
    """Wait until a run has its first batch or has ended, for `seconds` at most; whether it has."""
    end = time.monotonic() + seconds
    while not (run := read(path)).batches and run.active:
        if time.monotonic() >= end:
            return False
        time.sleep(0.01)
    return True


def list_runs() -> list[Run]:
    """All readable runs on this machine, newest first."""
    found = []
    for path in runs_home().glob(f"*/{SPEC}"):
        try:
            found.append(read(path.parent))
        except RunError:
            continue  # a damaged run is not offered; opening it by its id says what is wrong
    return sorted(found, key=lambda run: run.created, reverse=True)
