"""The queue of training jobs: first come, first served, one at a time on a GPU (or on the CPU), one a session.

Workers come from a `Launcher`; the queue does not know where they run.
"""

import itertools
import logging
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from cnn_core import machine
from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.runs import records
from cnn_core.runs.events import Ended, Pause, Stop
from cnn_core.runs.launcher import Launcher, LocalLauncher, Worker, death
from cnn_core.training import memory
from cnn_core.training.settings import TrainSettings

TICK_SECONDS = 0.2
IDLE_SECONDS = 180.0  # how long a run nobody looks at keeps its place while others wait
_LOG = logging.getLogger(__name__)


class Busy(RuntimeError):
    """This session has a run already; the message says what to do."""


@dataclass
class _Job:
    path: Path
    owner: str
    looked: float
    lock: FileLock | None
    worker: Worker | None = None
    asked_to_end: bool = False
    slot: int = field(default=0)

    @property
    def id(self) -> str:
        return self.path.name


class JobManager:
    """All jobs of one server. Thread-safe; a thread of its own starts, watches and releases workers."""

    def __init__(
        self, launcher: Launcher | None = None, slots: int | None = None, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._launcher = launcher or LocalLauncher()
        self._slots = slots or max(1, len(machine.gpus()))
        self._idle_seconds = idle_seconds
        self._jobs: dict[str, _Job] = {}  # in order of arrival
        self._mutex = threading.RLock()
        self._wake = threading.Event()
        recover()
        for slot in range(self._slots):
            self._launcher.warm(slot)
        threading.Thread(target=self._watch, name="jobs", daemon=True).start()

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
        with self._mutex:
            self._refuse_second(owner)
            return self._enqueue(records.create(architecture, settings, title), owner)

    def resume(self, owner: str, run_id: str) -> None:
        """Queue a paused or interrupted run again. Raises `Busy`, or `records.RunError` where it cannot be resumed."""
        path = records.run_path(run_id)
        with self._mutex:
            self._refuse_second(owner)
            if run_id in self._jobs or not records.read(path).resumable:
                raise records.RunError("Only a paused or interrupted run can be resumed.")
            self._enqueue(path, owner)

    def _refuse_second(self, owner: str) -> None:
        for job in self._jobs.values():
            if job.owner == owner and _active(job):
                raise Busy("You already have a run in training or waiting. Stop it first, or let it finish.")

    def _enqueue(self, path: Path, owner: str) -> str:
        lock = records.lock(path)
        lock.acquire()
        records.append(path, {"type": "queued"})
        self._jobs[path.name] = _Job(path, owner, time.monotonic(), lock)
        self._wake.set()
        return path.name

    def position(self, run_id: str) -> int | None:
        """0 while it trains, 1 for the next in the queue, and so on; None where it is not this server's job."""
        with self._mutex:
            if run_id not in self._jobs:
                return None
            if self._jobs[run_id].worker is not None:
                return 0
            waiting = [job.id for job in self._jobs.values() if job.worker is None]
            return waiting.index(run_id) + 1

    def owned_by(self, owner: str) -> str | None:
        """The id of this session's run that waits or trains."""
        with self._mutex:
            return next((job.id for job in self._jobs.values() if job.owner == owner), None)

    def touch(self, run_id: str) -> None:
        """Say that somebody looks at the run; it keeps its place while others wait."""
        with self._mutex:
            if run_id in self._jobs:
                self._jobs[run_id].looked = time.monotonic()

    def stop(self, run_id: str) -> None:
        """End a run now; what it learned is kept and scored. A waiting run leaves the queue."""
        self._end(run_id, {"type": "stopped", "reason": ""}, {"do": "stop"})

    def pause(self, run_id: str, reason: str = "") -> None:
        """Save a run as it is between two batches and give its place to the next."""
        self._end(run_id, {"type": "paused", "reason": reason}, {"do": "pause", "reason": reason})

    def _end(self, run_id: str, event: Ended, command: Stop | Pause) -> None:
        with self._mutex:
            job = self._jobs.get(run_id)
            if job is None:
                return
            if job.worker is not None:
                job.asked_to_end = True
                job.worker.send(command)
                return
            records.append(job.path, event)
            self._forget(job)

    def set_learning_rate(self, run_id: str, value: float) -> None:
        """Use another learning rate from the next batch on, without schedule. Raises `SettingsError` out of range."""
        TrainSettings(learning_rate=value)
        with self._mutex:
            job = self._jobs.get(run_id)
            if job is not None and job.worker is not None:
                job.worker.send({"do": "learning_rate", "value": value})

    def _forget(self, job: _Job) -> None:
        if job.lock is not None:
            job.lock.release()
        self._jobs.pop(job.id, None)
        self._wake.set()

    def _watch(self) -> None:
        while True:
            self._wake.wait(TICK_SECONDS if self._jobs else None)
            self._wake.clear()
            with self._mutex:
                self._reap()
                self._start_next()
                self._release_unwatched()

    def _reap(self) -> None:
        for job in list(self._jobs.values()):
            status = job.worker.exit_status() if job.worker is not None else None
            if status is None:
                continue
            if _active(job):
                _fail(job, death(status))
            self._forget(job)
            self._launcher.warm(job.slot)

    def _start_next(self) -> None:
        taken = {job.slot for job in self._jobs.values() if job.worker is not None}
        free = (slot for slot in range(self._slots) if slot not in taken)
        waiting = [job for job in self._jobs.values() if job.worker is None]
        for job, slot in zip(waiting, itertools.islice(free, len(waiting))):
            try:
                worker = self._launcher.launch(slot)
            except OSError as error:
                _fail(job, f"No training process could be started ({error.strerror}). Try again in a while.")
                self._forget(job)
                continue
            if job.lock is not None:
                job.lock.release()
                job.lock = None
            job.slot, job.worker = slot, worker
            worker.send({"run": str(job.path)})

    def _release_unwatched(self) -> None:
        if all(job.worker is not None for job in self._jobs.values()):
            return
        now = time.monotonic()
        for job in self._jobs.values():
            if job.worker is not None and not job.asked_to_end and now - job.looked > self._idle_seconds:
                self.pause(
                    job.id,
                    "Nobody was looking and others were waiting, so it was paused. Resume it to go on.",
                )


def _active(job: _Job) -> bool:
    try:
        return records.read(job.path).active
    except records.RunError:
        return False  # its folder was deleted


def _fail(job: _Job, reason: str) -> None:
    try:
        records.append(job.path, {"type": "failed", "reason": reason})
    except OSError:  # the disk is full or the folder gone: the others in the queue must go on
        _LOG.exception("the end of run %s could not be written down: %s", job.id, reason)


def recover() -> None:
    """Mark the runs that a server left behind as interrupted; they keep what they have and can be resumed."""
    for run in records.list_runs():
        if run.active and records.abandoned(run.path):
            reason = "The server ended before this run did. Resume it to go on."
            records.append(run.path, {"type": "interrupted", "reason": reason})
