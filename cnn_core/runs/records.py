"""What a training run leaves on disk: its folder, what the files in it are called, and how they are written.

A run is a folder: `spec.json` (what was asked), `events.jsonl` (what happened, one JSON object a line),
`steps/NNNNNN.safetensors` (weights after so many batches of the first epoch), `epochs/NNN.safetensors`,
`best.safetensors` with `card.json`, `resume.safetensors`, `metrics.json` with `predictions.safetensors`,
`worker.log`, `lock`, and `about.json` (what its owner said of it later, see `about`).
"""

import functools
import platform
import shutil
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, NotRequired, TypedDict

from filelock import FileLock, Timeout

from cnn_core import files, typed_json
from cnn_core.networks import json_form
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import events, ownership
from cnn_core.runs.events import Event
from cnn_core.training.settings import TrainSettings

SPEC, EVENTS, RESUME, METRICS = "spec.json", "events.jsonl", "resume.safetensors", "metrics.json"
BEST, EPOCHS, STEPS, LOG, LOCK = "best.safetensors", "epochs", "steps", "worker.log", "lock"
PREDICTIONS = "predictions.safetensors"
# What a deleted run's spec is called until its folder can be removed, see `deletion`.
DELETED = "deleted.json"
LONGEST_ID = 255  # bytes: what file systems take


UNREADABLE = "cannot be read: "  # what is damaged stands behind it
ADVICE = "Put the file back from a copy, or delete the run."


class RunError(ValueError):
    """A run's folder that cannot be read; the message says which and why."""


class GoneError(RunError):
    """A run that is not there, or not any more."""

    def __init__(self, run_id: str) -> None:
        super().__init__(f"there is no run {run_id!r} on this machine.")


def damaged(path: Path, name: str, error: Exception) -> RunError:
    """The error that says that the file `name` of the run in `path` is damaged, without the folders of this machine.

    What the system says of a file is told; what a parser misses in it says nothing to who reads a page, and is kept as
    the error's cause.
    """
    words = f" ({error.strerror})" if isinstance(error, OSError) and error.strerror else ""
    return RunError(f"the run {path.name!r} {UNREADABLE}{name} is damaged{words}. {ADVICE}")


class _Owned(TypedDict):
    owner: NotRequired[str]  # the whole hash, see `ownership`; a run without one is the server's own


class Spec(_Owned):
    """What `spec.json` holds: a run as it was asked for."""

    title: str
    architecture: object
    settings: dict[str, object]
    versions: dict[str, str]
    created: Annotated[float, typed_json.Range(0, 1e11)]  # seconds since 1970


def runs_home() -> Path:
    """The folder of all runs."""
    return files.home() / "runs"


def run_path(run_id: str) -> Path:
    """The folder of one run. Raises `RunError` for an id that is not a plain name (it may come from a URL)."""
    plain = run_id.isprintable() and len(run_id.encode()) <= LONGEST_ID
    if not plain or not run_id or run_id != Path(run_id).name or run_id.startswith("."):
        shown = run_id if len(run_id) <= 40 else f"{run_id[:39]}…"
        raise RunError(f"{shown!r} is not a run's id.")
    return runs_home() / run_id


def epoch_weights(path: Path, epoch: int) -> Path:
    """The weights after `epoch` (counted from 0) of the run in `path`."""
    return path / EPOCHS / f"{epoch + 1:03d}.safetensors"


def step_weights(path: Path, step: int) -> Path:
    """The weights after `step` batches of the first epoch (0: untrained) of the run in `path`."""
    return path / STEPS / f"{step:06d}.safetensors"


@functools.cache
def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("torch", "torchvision", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def versions() -> dict[str, str]:
    """The versions that a run's numbers depend on, looked up once a process."""
    return dict(_versions())


def create(
    architecture: Architecture,
    settings: TrainSettings,
    title: str = "",
    path: Path | None = None,
    owner: str | None = None,
) -> Path:
    """Make a run's folder with its spec; `path` or a new one under `runs_home()`.

    `owner` is the hash of the browser that starts it; None for a run of the server's own. Raises `OSError` on a full
    disk.
    """
    now = time.time()
    if path is None:
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
        path = _new_folder(runs_home(), f"{stamp}-{settings.dataset}", owner)
        try:
            return create(architecture, settings, title, path, owner)
        except OSError:
            shutil.rmtree(path, ignore_errors=True)
            raise
    for folder in (EPOCHS, STEPS):
        (path / folder).mkdir(parents=True, exist_ok=True)
    spec: Spec = {
        "title": title or path.name,
        "architecture": json_form.write(architecture),
        "settings": settings.to_dict(),
        "versions": versions(),
        "created": now,
    }
    if owner is not None:
        spec["owner"] = owner
    files.write_json(path / SPEC, spec)
    return path


def _new_folder(parent: Path, name: str, owner: str | None) -> Path:
    """A folder that was not there before: of all who ask for the same name at once, each gets one of their own."""
    parent.mkdir(parents=True, exist_ok=True)
    while True:
        path = parent / f"{name}-{ownership.id_end(owner)}"
        try:
            path.mkdir()
        except FileExistsError:
            continue
        return path


def read_owner(path: Path) -> str | None:
    """The owner's hash of the run in `path`; None for a run of the server's own.

    Raises `RunError` where its spec does not say: `GoneError` where there is none, else it is damaged.
    """
    try:
        return typed_json.read(path / SPEC, _Owned).get("owner")
    except FileNotFoundError as error:
        raise GoneError(path.name) from error
    except (OSError, ValueError) as error:
        raise damaged(path, SPEC, error) from error


def append(path: Path, event: Event) -> Event:
    """Stamp an event with the time, add it to a run and return it. Raises `OSError` on a full disk."""
    event["time"] = time.time()
    files.append_line(path / EVENTS, events.write(event))
    return event


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
