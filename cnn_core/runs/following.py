"""The runs of experiments follow one another: when one has ended, the next enters the queue, whoever looks.

One run of an experiment is in the queue at a time, so that it waits its turn behind other visitors' as any other, and
its owner may train something else beside it. What is left lies on disk; after a restart of the server an experiment
goes on when its owner says so, as a run that was cut off does.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from cnn_core import files
from cnn_core.limits import LimitReached, limits
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import history, records, series
from cnn_core.runs.ownership import NotYours, Visitor
from cnn_core.runs.retry import Retry
from cnn_core.runs.series import Planned, Series
from cnn_core.training.settings import TrainSettings

TICK_SECONDS = 0.3
ONE_AT_A_TIME = "Another experiment of yours is going on. Wait until it has ended, or cancel the rest of it."
_LOG = logging.getLogger(__name__)


class Queue(Protocol):
    """What the queue does for an experiment."""

    def submit(
        self, visitor: Visitor, architecture: Architecture, settings: TrainSettings, title: str = ""
    ) -> str:
        """Queue a run; its id."""

    def resume(self, visitor: Visitor, run_id: str) -> None:
        """Queue a run again that was held up."""

    def pause(self, visitor: Visitor, run_id: str) -> None:
        """Save a run and give its place away."""

    def position(self, run_id: str) -> int | None:
        """Where it is in the queue; None where it is not."""


@dataclass
class _Going:
    """An experiment whose runs follow one another, and why the next one cannot begin at the moment."""

    visitor: Visitor
    series: Series
    waits_for: str = ""
    retry: Retry = field(default_factory=Retry)
    resumes: str | None = None  # its run that was told to pause, and is to go on as soon as it has


class Following:
    """The experiments that are going on in this process. Thread-safe; its one thread begins with the first of them."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._mutex = threading.RLock()
        self._going: dict[str, _Going] = {}
        self._changed = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(
        self,
        visitor: Visitor,
        kind: str,
        subject: str,
        settings: TrainSettings,
        runs: Sequence[Planned],
    ) -> str:
        """Write an experiment down and let its first run enter the queue; its id.

        Raises `LimitReached` for too many runs or where another one of the visitor's is going on, `OSError` where its
        file cannot be written.
        """
        most = limits().series_runs
        if len(runs) > most:
            raise LimitReached(f"{len(runs)} runs are more than the {most} that an experiment may have here.")
        with self._mutex:
            self._only_one(visitor)
            made = series.create(visitor.owner, kind, subject, settings, tuple(runs))
            self._add(_Going(visitor, made))
        return made.id

    def _only_one(self, visitor: Visitor, beside: str = "") -> None:
        if any(one.series.owner == visitor.owner for name, one in self._going.items() if name != beside):
            raise LimitReached(ONE_AT_A_TIME)

    def _add(self, going: _Going) -> None:
        self._going[going.series.id] = going
        self._advance(going.series.id)
        if self._thread is None:
            self._thread = threading.Thread(target=self._follow, name="experiments", daemon=True)
            self._thread.start()
        self._changed.set()

    def get(self, series_id: str) -> Series:
        """The experiment as it is now; one that says it is going on, and is not here, was cut off: "paused".

        Raises `series.SeriesFileError`.
        """
        with self._mutex:
            if series_id in self._going:
                return self._going[series_id].series
        found = series.read(series_id)
        if found.state == "ended":
            return found
        over = found.next is None and _held_up(found) is None
        return replace(found, state="ended" if over else "paused")

    def waits_for(self, series_id: str) -> str:
        """Why the next run cannot enter the queue yet, as a sentence; empty where nothing is in its way."""
        with self._mutex:
            return self._going[series_id].waits_for if series_id in self._going else ""

    def go_on(self, visitor: Visitor, series_id: str) -> None:
        """Let the runs follow one another again; one that was held up goes on first.

        Raises `NotYours`, `series.SeriesFileError`, `LimitReached` as `JobManager.resume`, `records.RunError`.
        """
        with self._mutex:
            found = self._mine(visitor, series_id)
            if series_id in self._going or found.state == "ended":
                return
            self._only_one(visitor)
            held = _held_up(found)
            if held is not None and self._queue.position(held) is None:
                self._queue.resume(visitor, held)
                held = None
            self._add(_Going(visitor, replace(found, state="going"), resumes=held))

    def pause(self, visitor: Visitor, series_id: str) -> None:
        """Hold up the run in training, and those after it. Raises as `go_on`."""
        with self._mutex:
            found = self._mine(visitor, series_id)
            self._leave(replace(found, state="paused"))
            if (current := self.current(found)) is not None:
                self._queue.pause(visitor, current)

    def cancel(self, visitor: Visitor, series_id: str) -> None:
        """Ask for no more runs; the one in training goes on to its end, and all is kept. Raises as `go_on`."""
        with self._mutex:
            found = self._mine(visitor, series_id)
            self._leave(replace(found, runs=tuple(one for one in found.runs if not one.open), state="ended"))

    def forget(self, visitor: Visitor, series_id: str) -> None:
        """Remove an experiment from the list, not its runs. Raises as `go_on`, and `OSError`."""
        with self._mutex:
            self._mine(visitor, series_id)
            self._going.pop(series_id, None)
            series.delete(series_id)

    def current(self, of: Series) -> str | None:
        """The id of its run that waits or trains; None where none does."""
        return next((run for run in of.begun if self._queue.position(run) is not None), None)

    def _mine(self, visitor: Visitor, series_id: str) -> Series:
        found = self.get(series_id)
        if not visitor.may_change(found.owner):
            raise NotYours(found.owner)
        return found

    def _leave(self, changed: Series) -> None:
        self._going.pop(changed.id, None)
        self._save(changed)

    @staticmethod
    def _save(changed: Series) -> None:
        try:
            series.write(changed)
        except OSError:  # the next change is written with this one
            _LOG.exception("the experiment %s could not be written down", changed.id)

    def _follow(self) -> None:
        while True:
            with self._mutex:
                for series_id in list(self._going):
                    try:
                        self._advance(series_id)
                    except Exception:  # told once; its owner sees it held up, and may let it go on
                        _LOG.exception("the experiment %s cannot go on", series_id)
                        if (going := self._going.get(series_id)) is not None:
                            self._leave(replace(going.series, state="paused"))
            self._changed.wait(TICK_SECONDS if self._going else None)
            self._changed.clear()

    def _advance(self, series_id: str) -> None:
        """Let the next run enter the queue where the one before it has ended."""
        going = self._going[series_id]
        if self.current(going.series) is not None:
            return
        held = _held_up(going.series)
        if held is not None and held == going.resumes:
            going.resumes = None
            self._queue.resume(going.visitor, held)
            return
        if held is not None:
            self._leave(replace(going.series, state="paused"))
            return
        index = going.series.next
        if index is None:
            self._leave(replace(going.series, state="ended"))
        elif going.retry.due:
            self._submit(going, index)

    def _submit(self, going: _Going, index: int) -> None:
        asked = going.series.runs[index]
        try:
            run = self._queue.submit(going.visitor, asked.architecture, asked.settings, title(asked))
        except (LimitReached, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            going.waits_for = why or type(error).__name__
            going.retry.failed()
            return
        except ValueError as error:  # what cannot be trained: the rest goes on without it
            going.series = going.series.with_run(index, reason=str(error)[:300])
        else:
            going.series = going.series.with_run(index, run=run)
        going.waits_for, going.retry = "", Retry()
        self._save(going.series)


def title(asked: Planned) -> str:
    """What the run is called in lists of runs."""
    return f"{asked.label}, seed {asked.settings.seed}"


def _held_up(of: Series) -> str | None:
    """The id of its run that has begun and not ended; None where all have, or are gone."""
    unfinished = (*history.RESUMABLE, *history.ACTIVE)
    return next((run for run in of.begun if _status(run) in unfinished), None)


def _status(run_id: str) -> str:
    """The state of a run; one that is gone or damaged has ended."""
    try:
        path = records.run_path(run_id)
        return history.read_status(path) if files.is_file(path / records.SPEC) else "stopped"
    except records.RunError:
        return "failed"
