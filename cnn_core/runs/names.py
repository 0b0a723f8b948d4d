"""The names of all runs' folders, in order, looked at again only where one came or went."""

import bisect
import logging
import os
import re
import threading
import time
from pathlib import Path

from cnn_core.runs import ownership

SETTLED_NS = 50_000_000  # a folder that changed longer ago than this shows any later change in its time
_STAMP, _STAMP_LENGTH = "%Y%m%d-%H%M%S", 15  # how `records.create` begins a name
_STAMPED = re.compile(r"\d{8}-\d{6}-")
_LOG = logging.getLogger(__name__)


class Names:
    """The folders in a folder of runs, by the tag of their owner, those without one by None. Thread-safe."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._forget(Path())

    def _forget(self, home: Path) -> None:
        self._home, self._stamp, self._settled = home, (0, 0), False
        self._begun: dict[str, str] = {}  # when each began, by its name
        self._sorted: dict[str | None, list[tuple[str, str]]] = {}  # of each tag when it began and its name

    def newest(self, home: Path, tag: str | None, most: int) -> tuple[list[str], int]:
        """The newest folders of a tag, at most so many, newest first, and how many more there are."""
        with self._mutex:
            self._look(home)
            known = self._sorted.get(tag, [])
            return [name for _, name in reversed(known[-most:])], max(0, len(known) - most)

    def _look(self, home: Path) -> None:
        try:
            changed, folders = stamp = _stamp(home)
            if home != self._home:
                self._forget(home)
            if stamp != self._stamp or not self._settled:
                # One that comes in the same tick of the clock shows in the number of folders, where that is told.
                self._settled = folders > 1 or time.time_ns() - changed > SETTLED_NS
                self._take(home)
                self._stamp = stamp
        except FileNotFoundError:
            self._forget(home)  # not made yet
        except OSError:
            _LOG.exception("the folder of runs cannot be read; no run is listed")
            self._forget(home)

    def _take(self, home: Path) -> None:
        still: set[str] = set()
        new: list[tuple[str, str]] = []
        with os.scandir(home) as entries:
            for entry in entries:
                if (name := entry.name) in self._begun:
                    still.add(name)
                elif (begun := _begun(entry)) is not None:
                    new.append((begun, name))
        for name in self._begun.keys() - still:
            known = self._sorted[ownership.tag_in(name)]
            del known[bisect.bisect_left(known, (self._begun.pop(name), name))]
        for begun, name in new:
            self._begun[name] = begun
            bisect.insort(self._sorted.setdefault(ownership.tag_in(name), []), (begun, name))


def _stamp(home: Path) -> tuple[int, int]:
    """When a folder changed (ns since 1970), and two more than it has folders; 1 on systems that do not count them."""
    found = home.stat()
    return found.st_mtime_ns, found.st_nlink


def _begun(entry: "os.DirEntry[str]") -> str | None:
    """When a run began, as its folder's name begins; of one with another name, when its folder last changed.

    None for what is no folder of a run.
    """
    try:
        if entry.name.startswith(".") or not entry.is_dir():
            return None
        if _STAMPED.match(entry.name):
            return entry.name[:_STAMP_LENGTH]
        return time.strftime(_STAMP, time.localtime(entry.stat().st_mtime))
    except (OSError, OverflowError, ValueError):
        return None  # a link that leads nowhere, deleted in this moment, a time of no year
