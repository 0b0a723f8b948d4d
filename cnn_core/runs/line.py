"""Who waits and who trains: the queue's jobs in the order in which they get their turns, and what is asked of them.

First come, first served, and fair: a visitor's second run waits behind everybody's first, as if it had come when the
one before it ended. So do the runs from one network address among each other: whoever asks as forty visitors, which
takes no more than forgetting a cookie, is one of two where somebody comes from elsewhere. No run waits for ever. Under
the lock nothing is read from a disk, written, started or sent, so that nobody who looks has to wait.
"""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from cnn_core.limits import Limits
from cnn_core.runs import places
from cnn_core.runs.events import Command, Pause, Stop
from cnn_core.runs.launcher import Worker
from cnn_core.runs.places import NOTHING, Place
from cnn_core.runs.retry import Retry
from cnn_core.runs.space import Used


@dataclass(eq=False)
class Job:
    """One run in the queue."""

    path: Path
    place: Place
    lock: FileLock  # the run's, held until a worker takes it
    fresh: bool = False  # it has never left a queue: nothing of it is worth keeping before it trains
    since: int = (
        0  # the line's count when it came to its rank: how many of its owner's and address's are before it
    )
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

    @property
    def owner(self) -> str:
        """Whose turn it takes."""
        return self.place.owner


class Line:
    """All jobs of one server. Thread-safe; `changed` is set whenever there may be something to do."""

    def __init__(self) -> None:
        self.changed = threading.Event()
        self._mutex = threading.Lock()
        self._jobs: dict[str, Job] = {}  # in order of arrival
        self._coming: list[Place] = []  # of those whose files are made ready
        self._reserved: set[str] = set()
        self._count = itertools.count()

    def __len__(self) -> int:
        """How many wait or train."""
        return len(self._jobs)

    @contextmanager
    def reserved(self, run_id: str, otherwise: Exception) -> Iterator[None]:
        """Keep a run for oneself that is not in the line. Raises `otherwise` where it is, or somebody else does."""
        with self._mutex:
            if run_id in self._reserved or run_id in self._jobs:
                raise otherwise
            self._reserved.add(run_id)
        try:
            yield
        finally:
            with self._mutex:
                self._reserved.discard(run_id)

    def admit(
        self,
        place: Place,
        most: Limits,
        idle_seconds: float,
        over: Collection[str] = (),
        used: Used = NOTHING,
    ) -> Job | None:
        """Keep a place while the files of a run are made ready for it, until `add` takes it or it is withdrawn.

        Where there is none, a run of somebody else's that waits and that nobody has looked at for `idle_seconds` makes
        room: it leaves, and is returned. The runs `over` are not counted: they have ended, and their workers soon will.
        `used` is what runs that are not here take of the disk. Raises `LimitReached`.
        """
        end = time.monotonic() - idle_seconds
        with self._mutex:
            taken = [job.place for job in self._jobs.values() if job.id not in over] + self._coming
            gone = None
            if (refused := places.refusal(place, taken, most, used)) is not None:
                idle = sorted(
                    (job for job in self._waiting() if job.owner != place.owner and job.looked < end),
                    key=lambda job: job.looked,
                )
                gone = next((job for job in idle if self._makes_room(job, place, taken, most, used)), None)
                if gone is None:
                    raise refused
                self._drop(gone)
            self._coming.append(place)
        return gone

    @staticmethod
    def _makes_room(job: Job, place: Place, taken: Collection[Place], most: Limits, used: Used) -> bool:
        others = [other for other in taken if other is not job.place]
        return places.refusal(place, others, most, used) is None

    def expected_bytes(self) -> int:
        """The most that the runs in the queue will take of the disk."""
        with self._mutex:
            return sum(job.place.bytes for job in self._jobs.values()) + sum(p.bytes for p in self._coming)

    def withdraw(self, place: Place) -> None:
        """Give a place back, unless a job has it by now."""
        with self._mutex:
            if place in self._coming:
                self._coming.remove(place)

    def add(self, job: Job) -> None:
        """Let a job have its place, and wait for its turn."""
        with self._mutex:
            if job.place in self._coming:
                self._coming.remove(job.place)
            job.since = next(self._count)
            self._jobs[job.id] = job
        self.changed.set()

    def remove(self, job: Job) -> None:
        """Take a job out, whatever its state."""
        with self._mutex:
            self._drop(job)
        self.changed.set()

    def _drop(self, job: Job) -> None:
        """Take a job out. Its owner's later ones move up: into its place where it waited, else behind who waits now.

        So do the others of its address where it has had its turn.
        """
        if self._jobs.get(job.id) is not job:
            return
        own = [other for other in self._jobs.values() if other.owner == job.owner]
        del self._jobs[job.id]
        place = job.since if job.slot is None else next(self._count)
        for later in own[own.index(job) + 1 :]:
            later.since, place = place, later.since if job.slot is None else next(self._count)
        if job.slot is not None and job.place.address is not None:
            near = [other for other in self._jobs.values() if other.place.address == job.place.address]
            for other in sorted(near, key=lambda one: one.since):
                other.since = next(self._count)

    def _waiting(self) -> list[Job]:
        """Those that wait, the next one first."""
        before: Counter[str] = Counter()
        order = []
        for job in self._jobs.values():
            if job.slot is None:
                order.append((before[job.owner], job.since, job))
            before[job.owner] += 1
        near = Counter(job.place.address for job in self._jobs.values() if job.slot is not None)
        turns = []
        for rank, since, job in sorted(order, key=lambda entry: entry[:2]):
            address = job.place.address
            turns.append((rank, 0 if address is None else near[address], since, job))
            near[address] += 1
        return [job for *_, job in sorted(turns, key=lambda entry: entry[:3])]

    def jobs(self) -> list[Job]:
        """All of them, in order of arrival."""
        with self._mutex:
            return list(self._jobs.values())

    def owner(self, run_id: str) -> str | None:
        """Whose place a run has; None where it is not here."""
        with self._mutex:
            return self._jobs[run_id].owner if run_id in self._jobs else None

    def position(self, run_id: str) -> int | None:
        """0 while it trains, 1 for the next in the queue, and so on; None where it is not here."""
        with self._mutex:
            job = self._jobs.get(run_id)
            if job is None:
                return None
            return self._waiting().index(job) + 1 if job.slot is None else 0

    def before(self, run_id: str) -> tuple[list[str], list[str]]:
        """The runs in training, and those that wait before this one in order; all that wait where it is not here."""
        with self._mutex:
            waiting = [job.id for job in self._waiting()]
            at = waiting.index(run_id) if run_id in waiting else len(waiting)
            return [job.id for job in self._jobs.values() if job.slot is not None], waiting[:at]

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
                self._post(job, command)
        self.changed.set()

    def end(self, run_id: str, command: Stop | Pause) -> Job | None:
        """Have the run's worker told to end. A job that still waits leaves, and is returned."""
        with self._mutex:
            job = self._jobs.get(run_id)
            if job is not None and job.slot is None:
                self._drop(job)
                return job
            if job is not None:
                job.last_wish = command
                self._post(job, command)
        self.changed.set()
        return None

    @staticmethod
    def _post(job: Job, command: Command) -> None:
        """Of each kind only the latest command waits to be sent, however often somebody asks."""
        job.outbox = [*(other for other in job.outbox if other["do"] != command["do"]), command]

    def sent(self, job: Job, command: Command) -> None:
        """The worker has been sent a command."""
        with self._mutex:
            job.outbox = [other for other in job.outbox if other is not command]

    def take(self, slot: int) -> Job | None:
        """Give a free slot to the first that waits and whose owner has no other in training.

        None where the slot is taken, nobody waits, or it is too early to try again.
        """
        with self._mutex:
            training = [job for job in self._jobs.values() if job.slot is not None]
            owners = {job.owner for job in training}
            first = next((job for job in self._waiting() if job.owner not in owners), None)
            if first is None or not first.launching.due or any(job.slot == slot for job in training):
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
        """Those in training that nobody has looked at for so long, while others wait: other visitors', that is."""
        end = time.monotonic() - idle_seconds
        jobs = self.jobs()
        waiting = {job.owner for job in jobs if job.slot is None}
        return [
            job
            for job in jobs
            if job.slot is not None and job.last_wish is None and job.looked < end and waiting - {job.owner}
        ]
