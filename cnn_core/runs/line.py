"""Who waits and who trains: the queue's jobs in order of arrival, and what is asked of them.

Under its lock nothing is read from a disk, written, started or sent, so that nobody who looks has to wait.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from cnn_core.runs.events import Command, Pause, Stop
from cnn_core.runs.launcher import Worker
from cnn_core.runs.retry import Retry


@dataclass(eq=False)
class Job:
    """One run in the queue."""

    path: Path
    owner: str
    lock: FileLock  # the run's, held until a worker takes it
    looked: float = field(default_factory=time.monotonic)
    slot: int | None = None  # from when a worker is started for it
    worker: Worker | None = None  # from when it has the run
    begun: float = 0.0  # when that was
    hung: bool = False  # whether it was killed because it did not end
    outbox: list[Command] = field(default_factory=list)  # commands that the worker was not sent yet
    last_wish: Stop | Pause | None = None  # the command that ends it
    launching: Retry = field(default_factory=Retry)
    telling: Retry = field(default_factory=Retry)
    watching: Retry = field(default_factory=Retry)

    @property
    def id(self) -> str:
        """The run's id."""
        return self.path.name


class Line:
    """All jobs of one server. Thread-safe; `changed` is set whenever there may be something to do."""

    def __init__(self) -> None:
        self.changed = threading.Event()
        self._mutex = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._coming: set[str] = set()

    def __len__(self) -> int:
        """How many wait or train."""
        return len(self._jobs)

    @contextmanager
    def reserved(self, name: str, otherwise: Exception) -> Iterator[None]:
        """Keep an owner's place, or a run's, while files are made ready. Raises `otherwise` where it is kept."""
        with self._mutex:
            if name in self._coming or name in self._jobs:
                raise otherwise
            self._coming.add(name)
        try:
            yield
        finally:
            with self._mutex:
                self._coming.discard(name)

    def add(self, job: Job) -> None:
        """Put a job at the end."""
        with self._mutex:
            self._jobs[job.id] = job
        self.changed.set()

    def remove(self, job: Job) -> None:
        """Take a job out, whatever its state."""
        with self._mutex:
            self._jobs.pop(job.id, None)
        self.changed.set()

    def jobs(self) -> list[Job]:
        """All of them, in order of arrival."""
        with self._mutex:
            return list(self._jobs.values())

    def position(self, run_id: str) -> int | None:
        """0 while it trains, 1 for the next in the queue, and so on; None where it is not here."""
        with self._mutex:
            job = self._jobs.get(run_id)
            if job is None:
                return None
            waiting = [other for other in self._jobs.values() if other.slot is None]
            return waiting.index(job) + 1 if job.slot is None else 0

    def touch(self, run_id: str) -> None:
        """Somebody looks at the run."""
        with self._mutex:
            if run_id in self._jobs:
                self._jobs[run_id].looked = time.monotonic()

    def ask(self, run_id: str, command: Command) -> None:
        """Have the run's worker sent a command; one that still waits has none, and hears nothing."""
        with self._mutex:
            job = self._jobs.get(run_id)
            if job is not None and job.slot is not None:
                job.outbox.append(command)
        self.changed.set()

    def end(self, run_id: str, command: Stop | Pause) -> Job | None:
        """Have the run's worker told to end. A job that still waits leaves, and is returned."""
        with self._mutex:
            job = self._jobs.get(run_id)
            if job is not None and job.slot is None:
                return self._jobs.pop(run_id)
            if job is not None:
                job.last_wish = command
                job.outbox.append(command)
        self.changed.set()
        return None

    def take(self, slot: int) -> Job | None:
        """Give a free slot to the first that waits. None where the slot is taken, or it is too early to try again."""
        with self._mutex:
            first = next((job for job in self._jobs.values() if job.slot is None), None)
            if (
                first is None
                or not first.launching.due
                or any(job.slot == slot for job in self._jobs.values())
            ):
                return None
            first.slot = slot
            return first

    def started(self, job: Job, worker: Worker) -> None:
        """The worker has the run."""
        with self._mutex:
            job.worker, job.begun = worker, time.monotonic()

    def not_started(self, job: Job) -> None:
        """No worker could be started: the job waits again, and what was asked of it in between is void."""
        with self._mutex:
            job.slot, job.outbox = None, []
            job.launching.failed()

    def unwatched(self, idle_seconds: float) -> list[Job]:
        """Those in training that nobody has looked at for so long, while others wait."""
        end = time.monotonic() - idle_seconds
        jobs = self.jobs()
        if all(job.slot is not None for job in jobs):
            return []
        return [job for job in jobs if job.slot is not None and job.last_wish is None and job.looked < end]
