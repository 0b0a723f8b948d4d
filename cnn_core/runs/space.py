"""How much of the disk the runs take, each visitor's and all together, without a walk through their folders when asked.

What is known of a run that has ended comes from the last look into its folder: `clearing` looks into all of them, at
start and every hour, and a run that left the queue is looked into once. A run in the queue counts with the most that it
may come to. The server's own runs are counted for nobody, and never cleared.
"""

import logging
import threading
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from cnn_core.files import megabytes
from cnn_core.limits import LimitReached, Limits
from cnn_core.runs import about, ownership, records

_LOG = logging.getLogger(__name__)
KEPT_SHARE = 2  # all kept runs together take at most one half of the disk that is for all


@dataclass(frozen=True)
class Usage:
    """One run of a visitor's.

    `owner` is its hash, or its tag where its spec is damaged; `changed` in seconds since 1970.
    """

    owner: str
    bytes: int
    changed: float
    kept: bool


@dataclass(frozen=True)
class Used:
    """Bytes on disk: `own` of one visitor's runs, `everybody` of all visitors', those in the queue not counted."""

    own: int = 0
    everybody: int = 0


def measure(path: Path) -> Usage | None:
    """What the run in `path` takes; None where it is not there, or is the server's own. Raises `OSError`."""
    try:
        owner = records.read_owner(path)
    except records.GoneError:
        return None
    except records.RunError:
        owner = ownership.tag_in(path.name)
    if owner is None:
        return None
    size, changed = 0, 0.0
    for file in path.rglob("*"):
        try:
            told = file.lstat()
        except FileNotFoundError:
            continue  # removed in this moment
        if file.name != records.LOCK:
            size, changed = size + told.st_size, max(changed, told.st_mtime)
    return Usage(owner, size, changed, _kept(path))


def _kept(path: Path) -> bool:
    try:
        return about.read(path).get("kept", False)
    except records.RunError:
        return True  # nobody knows, so it stays


class Space:
    """What is known of all visitors' runs. Thread-safe; asking costs the same with ten runs as with 10,000."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._known: dict[str, Usage] = {}
        self._of: dict[str, set[str]] = {}  # the runs of a visitor, by its tag
        self._sum = 0
        self._queued: dict[str, Path] = {}  # those that were in the queue since they were looked into

    def queued(self, path: Path) -> None:
        """The run in `path` waits or trains: what it takes will have to be looked at when it leaves the queue."""
        with self._mutex:
            self._queued[path.name] = path

    def look_at(self, path: Path) -> None:
        """Look into a run's folder."""
        usage = measure(path)
        with self._mutex:
            self._put(path.name, usage)

    def _put(self, run_id: str, usage: Usage | None) -> None:
        before = self._known.pop(run_id, None)
        if before is not None:
            self._sum -= before.bytes
            own = self._of[ownership.tag(before.owner)]
            own.discard(run_id)
            if not own:
                del self._of[ownership.tag(before.owner)]
        if usage is not None:
            self._known[run_id] = usage
            self._sum += usage.bytes
            self._of.setdefault(ownership.tag(usage.owner), set()).add(run_id)

    def forget(self, run_id: str) -> None:
        """The run is gone."""
        with self._mutex:
            self._put(run_id, None)
            self._queued.pop(run_id, None)

    def forget_others(self, there: Collection[str]) -> None:
        """Only these runs are there."""
        with self._mutex:
            for run_id in self._known.keys() - set(there):
                self._put(run_id, None)

    def settle(self, in_queue: Collection[str]) -> None:
        """Look into those that have left the queue since."""
        with self._mutex:
            left = [path for run_id, path in self._queued.items() if run_id not in in_queue]
            for path in left:
                del self._queued[path.name]
        for path in left:
            try:
                self.look_at(path)
            except OSError as error:
                _LOG.warning("run %s cannot be looked into: %s", path.name, error)

    def used(self, owner: str, in_queue: Collection[str] = ()) -> Used:
        """What a visitor's runs and all visitors' take, without those in the queue."""
        tag = ownership.tag(owner)
        with self._mutex:
            mine = [self._known[run_id] for run_id in self._of.get(tag, set()).difference(in_queue)]
            waiting = sum(self._known[run_id].bytes for run_id in in_queue if run_id in self._known)
            everybody = self._sum - waiting
        return Used(sum(usage.bytes for usage in mine if usage.owner in (owner, tag)), everybody)

    def oldest(self, in_queue: Collection[str] = ()) -> list[tuple[str, Usage]]:
        """The runs that nobody keeps and that are not in the queue, those first that have not changed for longest."""
        with self._mutex:
            free = [
                (run_id, usage)
                for run_id, usage in self._known.items()
                if not usage.kept and run_id not in in_queue
            ]
        return sorted(free, key=lambda one: one[1].changed)

    def keep(self, path: Path, kept: bool, most: Limits) -> None:
        """Count a run among those that are kept, or no more. Raises `LimitReached` where they would take too much."""
        usage = measure(path)
        if usage is None:
            return
        with self._mutex:
            others = sum(u.bytes for run_id, u in self._known.items() if u.kept and run_id != path.name)
            allowed = most.disk_bytes // KEPT_SHARE
            if kept and others + usage.bytes > allowed:
                raise LimitReached(
                    f"All runs that are kept on this server take {megabytes(others)} of the {megabytes(allowed)} that"
                    f" they may, and this one would add {megabytes(usage.bytes)}."
                    " Delete one of yours that is kept, or keep it no more."
                )
            self._put(path.name, replace(usage, kept=kept))
