"""Runs that pages watch, again and again: each is read once by this process, and then only what is new of it."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from cnn_core import files
from cnn_core.files import Stamp
from cnn_core.runs import about, history, recovery
from cnn_core.runs.event_file import EventFile
from cnn_core.runs.history import Run
from cnn_core.runs.recent import Recent
from cnn_core.runs.records import EVENTS, METRICS, SPEC, RunError, damaged, run_path

MOST_RUNS = 64  # that are remembered, of those watched last; each takes up to 1 MB
T = TypeVar("T")


class _Remembered(Generic[T]):
    """What a file of a run holds, read again only where the file has changed."""

    def __init__(self, path: Path, name: str, read: Callable[[Path], T]) -> None:
        self._path, self._name, self._read = path, name, read
        self._known: tuple[Stamp | None, T] | None = None

    def get(self) -> tuple[bool, T]:
        """Whether it was read anew, and what it holds. Raises `RunError`."""
        try:
            stamp = files.stamp(self._path / self._name)
        except OSError as error:
            raise damaged(self._path, self._name, error) from error
        if self._known is not None and self._known[0] == stamp:
            return False, self._known[1]
        self._known = stamp, self._read(self._path)
        return True, self._known[1]


class _Watched:
    """One run and what is known of it already. Thread-safe."""

    def __init__(self, path: Path) -> None:
        self._mutex = threading.Lock()
        self._path = path
        self._asked = _Remembered(path, SPEC, history.read_spec)
        self._said = _Remembered(path, about.ABOUT, about.read)
        self._test = _Remembered(path, METRICS, history.read_test)
        self._events = EventFile(path)
        self._run: Run | None = None

    def read(self) -> Run:
        """The run as it is now; the same object for as long as nothing has changed. Raises `RunError`."""
        with self._mutex:
            new_spec, asked = self._asked.get()
            new_about, said = self._said.get()
            try:
                new_events = self._events.catch_up()
            except OSError as error:
                raise damaged(self._path, EVENTS, error) from error
            # After the events: scores are written before the event that ends a run.
            new_test, test = self._test.get()
            if self._run is None or new_spec or new_about or new_events or new_test:
                self._run = history.run_of(self._path, asked, said, self._events.folding, test)
            return self._run


_watched: Recent[_Watched] = Recent(MOST_RUNS)


def read(run_id: str) -> Run:
    """The run as it is now, shared with all who watch it. Raises `RunError` with a sentence.

    Costs the same however long the run has trained.
    """
    path = run_path(run_id)
    recovery.look_at(path)
    watched = _watched.setdefault(path, _Watched(path))
    try:
        return watched.read()
    except RunError:
        # What was learned before it was damaged or deleted is not worth keeping.
        _watched.forget(path, watched)
        raise


def wait_for_numbers(run_id: str, seconds: float) -> bool:
    """Wait until a run has its first batch or has ended, for `seconds` at most; whether it has. Raises `RunError`."""
    end = time.monotonic() + seconds
    while not (run := read(run_id)).batches and run.active:
        if time.monotonic() >= end:
            return False
        time.sleep(0.01)
    return True
