"""The queue of training jobs: first come, first served, one at a time on a GPU (or on the CPU), one a session.

Workers come from a `Launcher`; the queue does not know where they run.
"""

import shutil
import sys
import threading
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout

from cnn_core import machine
from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.runs import endings, history, records, recovery
from cnn_core.runs.endings import Endings
from cnn_core.runs.events import Pause, Stop
from cnn_core.runs.launcher import Launcher, LocalLauncher
from cnn_core.runs.line import Job, Line
from cnn_core.runs.watcher import Watcher
from cnn_core.training import memory
from cnn_core.training.settings import TrainSettings

IDLE_SECONDS = 180.0  # how long a run nobody looks at keeps its place while others wait
PATIENCE_SECONDS = 0.5  # for a lock that is only looked at, as the clearing up at start does, for a moment
ALREADY = "You already have a run in training or waiting. Stop it first, or let it finish."
NOT_RESUMABLE = "Only a paused or interrupted run can be resumed."


class Busy(RuntimeError):
    """This session has a run already; the message says what to do."""


class JobManager:
    """All jobs of one server. Thread-safe; a thread of its own starts, watches and releases workers."""

    def __init__(
        self, launcher: Launcher | None = None, slots: int | None = None, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._line = Line()
        self._endings = Endings(recovery.recover())
        slots = slots or max(1, len(machine.gpus()))
        Watcher(self._line, self._endings, launcher or LocalLauncher(), slots, idle_seconds).start()

    def submit(self, owner: str, architecture: Architecture, settings: TrainSettings, title: str = "") -> str:
        """Queue a new run and return its id.

        Raises `Busy` where this owner has one already, `ArchitectureError` where the network cannot work,
        `memory.BatchError` where it cannot be trained with such batches, `OSError` where its folder cannot
        be made.
        """
        problems = repairs.problems(architecture)
        if problems:
            raise ArchitectureError(problems[0].message)
        memory.check_batch(architecture, settings.batch_size)
        with self._only_one(owner):
            path = records.create(architecture, settings, title)
            try:
                self._enter(path, owner)
            except OSError:
                shutil.rmtree(path, ignore_errors=True)
                raise
        return path.name

    def resume(self, owner: str, run_id: str) -> None:
        """Queue a paused or interrupted run again.

        Raises `Busy` where this owner has one already, or `records.RunError` where the run cannot be resumed: it
        has ended, another process has it, or the disk takes nothing.
        """
        path = records.run_path(run_id)
        with self._line.reserved(run_id, records.RunError(NOT_RESUMABLE)), self._only_one(owner):
            run = history.read(path)  # before its lock, which would make a deleted folder anew
            # One that says it is active while nobody holds it was cut short, and its end could not be written.
            if not run.resumable and not run.active:
                raise records.RunError(NOT_RESUMABLE)
            try:
                self._enter(path, owner)
            except Timeout as error:
                raise records.RunError(
                    "Another process has this run, waiting or in training. Pause it there first."
                ) from error
            except OSError as error:
                raise records.RunError(
                    f"The run's folder cannot be written ({error.strerror}). Free some space, then resume it."
                ) from error

    @contextmanager
    def _only_one(self, owner: str) -> Iterator[None]:
        """Keep an owner's one place while the files of a run are made ready for it. Raises `Busy` where it is taken."""
        with self._line.reserved(owner, Busy(ALREADY)):
            # One whose end is written down does not count, though its worker is still on its way out.
            if any(endings.active(job.path) for job in self._line.jobs() if job.owner == owner):
                raise Busy(ALREADY)
            yield

    def _enter(self, path: Path, owner: str) -> None:
        """Raises `Timeout` where another process holds the run, `OSError` where the disk takes nothing."""
        lock = records.lock(path)
        lock.acquire(timeout=PATIENCE_SECONDS)
        try:
            records.append(path, {"type": "queued"})
        except OSError:
            lock.release()
            raise
        self._line.add(Job(path, owner, lock))

    def position(self, run_id: str) -> int | None:
        """0 while it trains, 1 for the next in the queue, and so on; None where it is not this server's job."""
        return self._line.position(run_id)

    def owned_by(self, owner: str) -> str | None:
        """The id of this session's run that waits or trains."""
        return next((job.id for job in self._line.jobs() if job.owner == owner), None)

    def touch(self, run_id: str) -> None:
        """Say that somebody looks at the run; it keeps its place while others wait."""
        self._line.touch(run_id)

    def stop(self, run_id: str) -> None:
        """End a run now; what it learned is kept and scored. A waiting run leaves the queue."""
        self._end(run_id, {"do": "stop"})

    def pause(self, run_id: str, reason: str = "") -> None:
        """Save a run as it is between two batches and give its place to the next."""
        self._end(run_id, {"do": "pause", "reason": reason})

    def _end(self, run_id: str, command: Stop | Pause) -> None:
        waiting = self._line.end(run_id, command)
        if waiting is not None:
            self._endings.write(endings.left_the_queue(waiting.path, command), waiting.lock)
            self._line.changed.set()  # where the disk did not take it, the watcher tries again

    def set_learning_rate(self, run_id: str, value: float) -> None:
        """Use another learning rate from the next batch on, without schedule. Raises `SettingsError` out of range."""
        TrainSettings(learning_rate=value)
        self._line.ask(run_id, {"do": "learning_rate", "value": value})

    @property
    def trouble(self) -> str:
        """A sentence where the disk has not taken how a run ended; else empty."""
        if not self._endings:
            return ""
        runs = "a run" if len(self._endings) == 1 else f"{len(self._endings)} runs"
        return f"How {runs} ended cannot be written down: the disk takes nothing. Free some space."


# Streamlit clears its caches when any visitor asks, and throws an app's modules away when one of their files changes.
# The queue must outlive both: a module without a file stays.
_process = sys.modules.setdefault("convlens process", types.ModuleType("convlens process"))
_making = vars(_process).setdefault("making", threading.Lock())


def manager() -> JobManager:
    """The queue of this process, made at the first call."""
    with _making:
        queue: JobManager = vars(_process).get("queue") or JobManager()
        vars(_process)["queue"] = queue
        return queue


@contextmanager
def using(queue: JobManager | None) -> Iterator[None]:
    """Let `manager()` be another queue for a while, as tests need; None: one that is made anew."""
    before, vars(_process)["queue"] = vars(_process).get("queue"), queue
    try:
        yield
    finally:
        vars(_process)["queue"] = before
