"""What a training run leaves on disk, and how it is read while it is still being written.

A run is a folder: `spec.json` (what was asked), `events.jsonl` (what happened, one JSON object a line),
`epochs/NNN.safetensors`, `best.safetensors` with `card.json`, `resume.safetensors`, `metrics.json`, `lock`.
"""

import json
import platform
import secrets
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from cnn_core.data.datasets import home
from cnn_core.files import write_json
from cnn_core.networks import json_form
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.training.settings import SettingsError, TrainSettings

SPEC, EVENTS, RESUME, METRICS, LOCK = (
    "spec.json",
    "events.jsonl",
    "resume.safetensors",
    "metrics.json",
    "lock",
)

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


@dataclass(frozen=True)
class Run:
    """A run as its folder tells it now.

    `status` is one of queued, running, paused, interrupted, stopped, failed, finished; `reason` a sentence where it is
    failed, paused or interrupted. `batches` and `epochs` are the events of those types (losses in nats, accuracies in
    0..1); `test` is what `metrics.json` holds, or None.
    """

    id: str
    path: Path
    title: str
    architecture: Architecture
    settings: TrainSettings
    created: float
    status: str = "queued"
    reason: str = ""
    started: Mapping[str, Any] = field(default_factory=dict)
    batches: tuple[Mapping[str, Any], ...] = ()
    epochs: tuple[Mapping[str, Any], ...] = ()
    test: Mapping[str, Any] | None = None

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
        return (self.path / "best.safetensors").is_file() and (self.path / "card.json").is_file()

    @property
    def progress(self) -> float:
        """How much of the training is done, 0..1."""
        total = self.settings.epochs * int(self.started.get("steps_per_epoch", 0))
        if self.status == "finished":
            return 1.0
        if not total or not self.batches:
            return 0.0
        last = self.batches[-1]
        return min(1.0, float(last["epoch"] * self.started["steps_per_epoch"] + last["step"]) / total)

    @property
    def images_per_second(self) -> float | None:
        """The latest training speed."""
        return float(self.batches[-1]["images_per_second"]) if self.batches else None

    @property
    def seconds_left(self) -> float | None:
        """The time left to train at the latest speed."""
        if self.status != "running" or not self.batches or not self.images_per_second:
            return None
        images = self.settings.epochs * int(self.started["images"])
        return images * (1 - self.progress) / self.images_per_second


def runs_home() -> Path:
    """The folder of all runs."""
    return home() / "runs"


def run_path(run_id: str) -> Path:
    """The folder of one run. Raises `RunError` for an id that is not a plain name (it may come from a URL)."""
    if not run_id or run_id != Path(run_id).name or run_id.startswith("."):
        raise RunError(f"{run_id!r} is not a run's id.")
    return runs_home() / run_id


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
    (path / "epochs").mkdir(parents=True, exist_ok=True)
    spec = {
        "title": title or path.name,
        "architecture": json_form.write(architecture),
        "settings": settings.to_dict(),
        "versions": versions(),
        "command": " ".join(sys.argv[:1]),
        "created": now,
    }
    write_json(path / SPEC, spec)
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


def append(path: Path, kind: str, **values: Any) -> dict[str, Any]:
    """Add one event to a run: a line with its type and time. Raises `OSError` on a full disk."""
    event = {"type": kind, "time": time.time(), **values}
    line = json.dumps(event) + "\n"
    with (path / EVENTS).open("a+b") as file:
        # After a process was killed in the middle of a line, the next event must not become part of it.
        if file.tell() and file.seek(-1, 2) is not None and file.read(1) != b"\n":
            line = "\n" + line
        file.write(line.encode())
    return event


def events(path: Path) -> Iterator[dict[str, Any]]:
    """A run's events in order; a half-written or damaged line is passed over."""
    try:
        text = (path / EVENTS).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except json.JSONDecodeError:
            continue
        if isinstance(event, dict) and "type" in event:
            yield event


def read(path: Path) -> Run:
    """The run in `path` as it is now. Raises `RunError` where there is none, or its spec is damaged."""
    try:
        spec = json.loads((path / SPEC).read_text(encoding="utf-8"))
        run = {
            "architecture": json_form.read(spec["architecture"]),
            "settings": TrainSettings.from_dict(spec["settings"]),
            "title": str(spec["title"]),
            "created": float(spec["created"]),
        }
    except FileNotFoundError as error:
        raise RunError(f"there is no run {path.name!r} on this machine.") from error
    except (OSError, ValueError, KeyError, TypeError, ArchitectureError, SettingsError) as error:
        raise RunError(f"the run {path.name!r} cannot be read: {error}") from error
    status, reason, started = "queued", "", {}
    batches: list[dict[str, Any]] = []
    epochs: list[dict[str, Any]] = []
    for event in events(path):
        kind = event["type"]
        if kind == "batch":
            batches.append(event)
        elif kind == "epoch":
            epochs.append(event)
        elif kind == "started":
            # A run continued from its last saved state does the batches after it again.
            started, at = event, (event["epoch"], event["step"])
            batches = [batch for batch in batches if (batch["epoch"], batch["step"]) <= at]
            epochs = [epoch for epoch in epochs if epoch["epoch"] < event["epoch"]]
        status = STATUS_AFTER.get(kind, status)
        if kind in STATUS_AFTER:
            reason = str(event.get("reason", ""))
    return Run(
        id=path.name,
        path=path,
        status=status,
        reason=reason,
        started=started,
        batches=tuple(batches),
        epochs=tuple(epochs),
        test=_metrics(path),
        **run,  # type: ignore[arg-type]
    )


def _metrics(path: Path) -> dict[str, Any] | None:
    try:
        loaded = json.loads((path / METRICS).read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError):
        return None
    return loaded if isinstance(loaded, dict) else None


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
    return FileLock(
        path / LOCK, timeout=10, thread_local=False
    )  # the queue takes it in one thread, frees it in another


def abandoned(path: Path) -> bool:
    """Whether nobody holds the run's lock."""
    try:
        with FileLock(path / LOCK, timeout=0):
            return True
    except Timeout:
        return False
