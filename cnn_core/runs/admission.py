"""How a run gets into the queue: a place is kept for it, its files are made ready, and it waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cnn_core.limits import LimitReached, limits
from cnn_core.runs import endings, places, records
from cnn_core.runs.deletion import Removals
from cnn_core.runs.endings import Endings
from cnn_core.runs.line import Job, Line
from cnn_core.runs.places import Place
from cnn_core.runs.watcher import UNWATCHED, leave

PATIENCE_SECONDS = 0.5  # for a lock that is only looked at, as the clearing up at start does, for a moment


class Admission:
    """Lets runs into a line. Thread-safe."""

    def __init__(self, line: Line, ended: Endings, removals: Removals, idle_seconds: float) -> None:
        self._line, self._endings, self._removals = line, ended, removals
        self._idle_seconds = idle_seconds

    @contextmanager
    def place(self, owner: str, address: str | None) -> Iterator[Place]:
        """Keep a place in the queue while the files of a run are made ready. Raises `LimitReached`."""
        place = Place(owner, address)
        # A run whose end is written down does not count, though its worker is still on its way out.
        over = [job.id for job in self._of(owner) if not endings.active(job.path)]
        gone = self._line.admit(place, limits(), self._idle_seconds, over)
        try:
            if gone is not None:
                leave(gone, {"do": "pause", "reason": UNWATCHED}, self._endings, self._removals)
            yield place
        finally:
            self._line.withdraw(place)

    def refusal(self, owner: str) -> LimitReached | None:
        """Why this owner's own runs leave it no further place; None where they do."""
        own = [job.place for job in self._of(owner) if endings.active(job.path)]
        return places.refusal(Place(owner), own, limits())

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
