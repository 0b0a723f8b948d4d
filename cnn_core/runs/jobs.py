"""The queue of training jobs, and what a visitor may do to a run: one trains at a time on a GPU (or on the CPU).

Whose a run is, its folder says; a page's word for it is never taken. Workers come from a `Launcher`; the queue does not
know where they run.
"""

import shutil
import sys
import threading
import time
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import Timeout

from cnn_core import files, machine
from cnn_core.limits import LimitReached, limits
from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.runs import about, history, records, recovery
from cnn_core.runs.admission import PATIENCE_SECONDS, Admission
from cnn_core.runs.clearing import Clearing
from cnn_core.runs.deletion import Removals
from cnn_core.runs.endings import Endings
from cnn_core.runs.events import Pause, Stop
from cnn_core.runs.following import Following
from cnn_core.runs.forecast import Forecast, forecast
from cnn_core.runs.launcher import Launcher, LocalLauncher
from cnn_core.runs.line import Line
from cnn_core.runs.ownership import NotYours, Visitor
from cnn_core.runs.places import Place
from cnn_core.runs.space import Space
from cnn_core.runs.watcher import Watcher, leave
from cnn_core.training import memory
from cnn_core.training.settings import TrainSettings

IDLE_SECONDS = 180.0  # how long a run nobody looks at keeps its place while others wait
ENDING_SECONDS = 10.0  # how long the process of a run may take to end when it has said that the run has
NOT_RESUMABLE = "Only a paused or interrupted run can be resumed."
TOLD_ENOUGH = "What happened to this run takes all the disk that a run may have here"
ELSEWHERE = "Another process has this run, waiting or in training. Pause it there first."


class JobManager:
    """All jobs of one server. Thread-safe; a thread of its own starts, watches and releases workers.

    `series` has the experiments whose runs follow one another.

    What changes a run raises `NotYours` where the visitor may not, `records.RunError` where there is no such run.
    """

    def __init__(
        self, launcher: Launcher | None = None, slots: int | None = None, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._line = Line()
        self._endings = Endings(self._line.changed)
        self._removals = Removals(self._line.changed)
        self._space = Space()
        self._clearing = Clearing(self._line, self._removals, self._space)
        self._admission = Admission(
            self._line, self._endings, self._removals, self._space, self._clearing, idle_seconds
        )
        recovery.begin(self._endings, self._removals)
        # A server that only shows has no slots, and so no worker, not even a warm one.
        slots = (slots or max(1, len(machine.gpus()))) if limits().trains else 0
        launcher = launcher or LocalLauncher()
        self._watcher = Watcher(self._line, self._endings, self._removals, launcher, slots, idle_seconds)
        self.series = Following(self)
        self._watcher.start()
        self._clearing.start()

    def submit(
        self, visitor: Visitor, architecture: Architecture, settings: TrainSettings, title: str = ""
    ) -> str:
        """Queue a new run of the visitor's and return its id.

        Raises `LimitReached` where it gets no place, or would take too much time or disk, `ArchitectureError` where the
        network cannot work, `memory.BatchError` where it cannot be trained with such batches, `about.TitleError` for a
        title that none can have, `OSError` where its folder cannot be made.
        """
        problems = repairs.problems(architecture)
        if problems:
            raise ArchitectureError(problems[0].message)
        memory.check_batch(architecture, settings.batch_size)
        title = about.checked_title(title) if title else ""
        expected = forecast(architecture, settings)
        if limits().trains and (reason := expected.refusal(limits())):
            raise LimitReached(reason)
        with self._admission.place(Place(visitor.owner, visitor.address, expected.bytes)) as place:
            path = records.create(architecture, settings, title, owner=visitor.owner)
            try:
                self._admission.enter(path, place, fresh=True)
            except OSError:
                shutil.rmtree(path, ignore_errors=True)
                raise
        return path.name

    def resume(self, visitor: Visitor, run_id: str) -> None:
        """Queue a paused or interrupted run again, in a place of its owner's, once its last process has ended.

        Raises `LimitReached` where it gets none, and `records.RunError` also where the run cannot be resumed: it has
        ended, another process has it, or the disk takes nothing.
        """
        owner = self._permit(visitor, run_id) or visitor.owner
        path = records.run_path(run_id)
        self._await_process(path)
        with self._line.reserved(run_id, records.RunError(NOT_RESUMABLE)):
            recovery.look_at(path)
            run = history.read(path)  # before its lock, which would make a deleted folder anew
            # One that says it is active while nobody holds it was cut short, and its end could not be written.
            if not run.resumable and not run.active:
                raise records.RunError(NOT_RESUMABLE)
            told = files.stamp(path / records.EVENTS)
            if told is not None and told.size > limits().run_bytes:  # by being resumed again and again
                raise LimitReached(f"{TOLD_ENOUGH} ({files.megabytes(limits().run_bytes)}). Train a new one.")
            expected = forecast(run.architecture, run.settings)
            with self._admission.place(Place(owner, visitor.address, expected.bytes), run_id) as place:
                try:
                    self._admission.enter(path, place, fresh=False)
                except Timeout as error:
                    raise records.RunError(ELSEWHERE) from error
                except OSError as error:
                    raise records.RunError(
                        f"The run's folder cannot be written ({error.strerror}). Free some space, then resume it."
                    ) from error

    def _await_process(self, path: Path) -> None:
        """Wait for the process of a run whose folder says already that it may be resumed: it is about to end."""
        end = time.monotonic() + ENDING_SECONDS
        if self._line.position(path.name) == 0 and history.read(path).resumable:
            while self._line.position(path.name) == 0 and time.monotonic() < end:
                time.sleep(0.02)

    def _permit(self, visitor: Visitor, run_id: str) -> str | None:
        """Whose the run is, as its folder says; None for a run of the server's own.

        Raises `NotYours` where the visitor may not change it, `RunError` where nobody knows whose it is.
        """
        try:
            owner = records.read_owner(records.run_path(run_id))
        except records.RunError:
            # Its folder may have gone, or come to harm, while the run waits or trains here.
            owner = self._line.owner(run_id)
            if owner is None:
                raise
        if not visitor.may_change(owner):
            raise NotYours(owner)
        return owner

    def position(self, run_id: str) -> int | None:
        """0 while it trains, 1 for the next in the queue, and so on; None where it is not this server's job."""
        return self._line.position(run_id)

    def before(self, run_id: str) -> tuple[list[str], list[str]]:
        """The ids of the runs in training, and of those that wait before this one, the next first."""
        return self._line.before(run_id)

    def owned_by(self, owner: str) -> list[str]:
        """The ids of this owner's runs that wait or train, in order of arrival."""
        return [job.id for job in self._line.jobs() if job.owner == owner]

    def all_ids(self) -> list[str]:
        """The ids of all runs that wait or train, whoever's they are, in order of arrival."""
        return [job.id for job in self._line.jobs()]

    def refusal(self, owner: str, expected: Forecast) -> LimitReached | None:
        """Why a run that takes so much may not begin, as far as that is its owner's own doing; None where it may."""
        return self._admission.refusal(owner, expected)

    def touch(self, run_id: str) -> None:
        """Say that somebody looks at the run; it keeps its place while others wait."""
        self._line.touch(run_id)

    def stop(self, visitor: Visitor, run_id: str) -> None:
        """End a run now; what it learned is kept and scored.

        A waiting run leaves the queue, and is gone where it has never begun: there is nothing of it to look at.
        """
        self._end(visitor, run_id, {"do": "stop"})

    def pause(self, visitor: Visitor, run_id: str) -> None:
        """Save a run as it is between two batches and give its place to the next."""
        self._end(visitor, run_id, {"do": "pause"})

    def _end(self, visitor: Visitor, run_id: str, wish: Stop | Pause) -> None:
        self._permit(visitor, run_id)
        waiting = self._line.end(run_id, wish)
        if waiting is not None:
            leave(waiting, wish, self._endings, self._removals)

    def set_learning_rate(self, visitor: Visitor, run_id: str, value: float) -> None:
        """Use another learning rate from the next batch on, without schedule. Raises `SettingsError` out of range."""
        self._permit(visitor, run_id)
        TrainSettings(learning_rate=value)
        self._line.ask(run_id, {"do": "learning_rate", "value": value})

    def rename(self, visitor: Visitor, run_id: str, title: str) -> None:
        """Give a run another title. Raises `about.TitleError` for one that no run can have."""
        self._permit(visitor, run_id)
        about.change(records.run_path(run_id), title=title)

    def note(self, visitor: Visitor, run_id: str, text: str) -> None:
        """Write some lines down beside a run, in place of those before. Raises `about.NoteError` for no text."""
        self._permit(visitor, run_id)
        about.change(records.run_path(run_id), note=text)

    def keep(self, visitor: Visitor, run_id: str, kept: bool) -> None:
        """Say whether a run is kept however old it gets.

        Raises `LimitReached` where all that are kept take too much of the disk.
        """
        self._permit(visitor, run_id)
        path = records.run_path(run_id)
        self._space.keep(path, kept, limits())
        about.change(path, kept=kept)

    def delete(self, visitor: Visitor, run_id: str) -> None:
        """Remove a run and all that it has. One that waits leaves the queue first, one in training is ended.

        From now on nobody finds the run, though its folder goes only when its process has ended. A run whose spec is
        damaged may be deleted by an administrator only. Raises `records.RunError` also where another process has the
        run, or the disk refuses.
        """
        path = records.run_path(run_id)
        try:
            self._permit(visitor, run_id)
        except records.GoneError:
            raise
        except records.RunError:
            if not visitor.admin:
                raise
        try:
            self._delete(path)
            self._space.forget(run_id)
        except Timeout as error:
            raise records.RunError(ELSEWHERE) from error
        except OSError as error:
            raise records.RunError(f"The run cannot be deleted ({error.strerror}).") from error

    def _delete(self, path: Path) -> None:
        """Raises `Timeout` where another process holds the run, `OSError` where the disk refuses."""
        wish: Pause = {"do": "pause"}
        waiting = self._line.end(path.name, wish)
        if waiting is not None:
            try:
                self._removals.delete(path, waiting.lock)
            except OSError:
                leave(waiting, wish, self._endings, self._removals)
                raise
        elif self._line.owner(path.name) is not None:
            self._removals.delete(path, None)  # the lock is its worker's, who has been told to end
        else:
            with self._line.reserved(path.name, records.RunError(ELSEWHERE)):
                lock = records.lock(path)
                lock.acquire(timeout=PATIENCE_SECONDS)
                self._removals.delete(path, lock)

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
