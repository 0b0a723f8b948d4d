"""How a run gets into the queue: a place is kept for it, its files are made ready, and it waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cnn_core.limits import LimitReached, limits
from cnn_core.runs import endings, places, records
from cnn_core.runs.clearing import Clearing
from cnn_core.runs.deletion import Removals
from cnn_core.runs.endings import Endings
from cnn_core.runs.forecast import Forecast
from cnn_core.runs.line import Job, Line
from cnn_core.runs.places import DiskReached, Place
from cnn_core.runs.space import Space, Used
from cnn_core.runs.watcher import UNWATCHED, leave

PATIENCE_SECONDS = 0.5  # for a lock that is only looked at, as the clearing up at start does, for a moment


class Admission:
    """Lets runs into a line. Thread-safe."""

    def __init__(
        self,
        line: Line,
        ended: Endings,
        removals: Removals,
        space: Space,
        clearing: Clearing,
        idle_seconds: float,
    ) -> None:
        self._line, self._endings, self._removals = line, ended, removals
        self._space, self._clearing = space, clearing
        self._idle_seconds = idle_seconds

    @contextmanager
    def place(self, place: Place, run_id: str = "") -> Iterator[Place]:
        """Keep a place in the queue while the files of a run are made ready, or of `run_id` once more.

        Raises `LimitReached`.
        """
        jobs = self._line.jobs()
        # A run whose end is written down does not count, though its worker is still on its way out.
        over = [job.id for job in jobs if job.owner == place.owner and not endings.active(job.path)]
        used = self._used(place.owner, {job.id for job in jobs} | {run_id})
        try:
            gone = self._line.admit(place, limits(), self._idle_seconds, over, used)
        except DiskReached as error:
            if error.everybody:
                self._clearing.ask()
            raise
        try:
            if gone is not None:
                leave(gone, {"do": "pause", "reason": UNWATCHED}, self._endings, self._removals)
            yield place
        finally:
            self._line.withdraw(place)

    def refusal(self, owner: str, expected: Forecast) -> LimitReached | None:
        """Why a run that takes so much may not begin, as far as that is its owner's own doing; None where it may."""
        if limits().trains and (reason := expected.refusal(limits())):
            return LimitReached(reason)
        jobs = self._line.jobs()
        used = replace(self._used(owner, {job.id for job in jobs}), everybody=0)
        own = [job.place for job in jobs if job.owner == owner and endings.active(job.path)]
        return places.refusal(Place(owner, bytes=expected.bytes), own, limits(), used)

    def _used(self, owner: str, not_counted: set[str]) -> Used:
        self._space.settle(not_counted)
        return self._space.used(owner, not_counted)

    def enter(self, path: Path, place: Place, fresh: bool) -> None:
        """Let the run in `path` wait in its place; `fresh` where it has never waited before.

        Raises `Timeout` where another process holds the run, `OSError` where the disk takes nothing.
        """
        lock = records.lock(path)
        lock.acquire(timeout=PATIENCE_SECONDS)
        try:
            records.append(path, {"type": "queued"})
        except OSError:
            lock.release()
            raise
        self._line.add(Job(path, place, lock, fresh))
        self._space.queued(path)
