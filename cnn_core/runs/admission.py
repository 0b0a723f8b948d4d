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
    """Lets runs into a line, as far as there is a place in it, time and disk. Thread-safe."""

    def __init__(self, line: Line, ended: Endings, removals: Removals, idle_seconds: float) -> None:
        self._line, self._endings, self._removals = line, ended, removals
        self._idle_seconds = idle_seconds
        self.space = Space()
        self._clearing = Clearing(line, removals, self.space)
        self._clearing.start()

    @contextmanager
    def place(self, owner: str, address: str | None, expected: Forecast, run_id: str = "") -> Iterator[Place]:
        """Keep a place in the queue while the files of a run are made ready, or those of `run_id` once more.

        Raises `LimitReached`.
        """
        place = Place(owner, address, expected.bytes)
        # A run whose end is written down does not count, though its worker is still on its way out.
        over = [job.id for job in self._of(owner) if not endings.active(job.path)]
        used = self._used(owner, run_id)
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
        own = [job.place for job in self._of(owner) if endings.active(job.path)]
        used = replace(self._used(owner), everybody=0)
        return places.refusal(Place(owner, bytes=expected.bytes), own, limits(), used)

    def _used(self, owner: str, run_id: str = "") -> Used:
        """What runs take of the disk, but for those in the line, which count with the most they may, and `run_id`."""
        in_line = {job.id for job in self._line.jobs()}
        self.space.settle(in_line)
        return self.space.used(owner, in_line | {run_id})

    def _of(self, owner: str) -> list[Job]:
        return [job for job in self._line.jobs() if job.owner == owner]

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
        self.space.queued(path)
