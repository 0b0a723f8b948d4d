"""What a training run leaves on disk, and how it is read while it is still being written.

A run is a folder: `spec.json` (what was asked), `events.jsonl` (what happened, one JSON object a line),
`epochs/NNN.safetensors`, `best.safetensors` with `card.json`, `resume.safetensors`, `metrics.json`,
`worker.log`, `lock`.
"""

import platform
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, TypedDict

from filelock import FileLock, Timeout

from cnn_core import files, typed_json
from cnn_core.checkpoints import CARD, Scores
from cnn_core.networks import json_form
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import events
from cnn_core.runs.events import Batch, Epoch, Event, NewLearningRate, Started
from cnn_core.training.settings import SettingsError, TrainSettings

SPEC, EVENTS, RESUME, METRICS = "spec.json", "events.jsonl", "resume.safetensors", "metrics.json"
BEST, EPOCHS, LOG, LOCK = "best.safetensors", "epochs", "worker.log", "lock"

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


class RunError(ValueError):
    """A run's folder that cannot be read; the message says which and why."""


class Spec(TypedDict):
    """What `spec.json` holds: a run as it was asked for."""

    title: str
    architecture: object
    settings: dict[str, object]
    versions: dict[str, str]
    created: Annotated[float, typed_json.Range(0, 1e11)]  # seconds since 1970


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


def runs_home() -> Path:
    """The folder of all runs."""
    return files.home() / "runs"


def run_path(run_id: str) -> Path:
    """The folder of one run. Raises `RunError` for an id that is not a plain name (it may come from a URL)."""
    if not run_id or run_id != Path(run_id).name or run_id.startswith("."):
        raise RunError(f"{run_id!r} is not a run's id.")
    return runs_home() / run_id


def epoch_weights(path: Path, epoch: int) -> Path:
    """The weights after `epoch` (counted from 0) of the run in `path`."""
    return path / EPOCHS / f"{epoch + 1:03d}.safetensors"


def versions() -> dict[str, str]:
    """The versions that a run's numbers depend on."""
    found = {"python": platform.python_version()}
    for package in ("torch", "torchvision", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def create(
    architecture: Architecture, settings: TrainSettings, title: str = "", path: Path | None = None
) -> Path:
    """Make a run's folder with its spec; `path` or a new one under `runs_home()`. Raises `OSError` on a full disk."""
    now = time.time()
    if path is None:
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
        path = _new_folder(runs_home(), f"{stamp}-{settings.dataset}")
        try:
            return create(architecture, settings, title, path)
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            raise
    (path / EPOCHS).mkdir(parents=True, exist_ok=True)
    spec: Spec = {
        "title": title or path.name,
        "architecture": json_form.write(architecture),
        "settings": settings.to_dict(),
        "versions": versions(),
        "created": now,
    }
    files.write_json(path / SPEC, spec)
    return path


def _new_folder(parent: Path, name: str) -> Path:
    """A folder that was not there before: of all who ask for the same name at once, each gets one of their own."""
    parent.mkdir(parents=True, exist_ok=True)
    while True:
        path = parent / f"{name}-{secrets.token_hex(4)}"
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path


def append(path: Path, event: Event) -> Event:
    """Stamp an event with the time, add it to a run and return it. Raises `OSError` on a full disk."""
    event["time"] = time.time()
    files.append_line(path / EVENTS, events.write(event))
    return event


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


def lock(path: Path) -> FileLock:
    """The lock that whoever is responsible for an active run holds: its queue while it waits, its worker after."""
    # The queue takes it in one thread and frees it in another; a worker takes it over from the queue, so it asks often.
    return FileLock(path / LOCK, timeout=10, thread_local=False, poll_interval=0.005)


def abandoned(path: Path) -> bool:
    """Whether nobody holds the run's lock."""
    try:
        with FileLock(path / LOCK, timeout=0):
            return True
    except Timeout:
        return False
