"""Deleting runs, also those that a process is still at, and also where the server ends in between.

What makes a run deleted is one renaming: its spec becomes `deleted.json`. From then on no reader finds a run there and
nobody begins to train it, while a process that is at it may still write into its folder. Once nobody holds its lock the
folder takes a name that is no run's, and is removed.
"""

import logging
import os
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from cnn_core.runs import records
from cnn_core.runs.records import DELETED, LOCK, SPEC
from cnn_core.runs.retry import Retry

PREFIX = ".deleted-"  # a run's id never begins with a dot
_LOG = logging.getLogger(__name__)


def mark(path: Path) -> None:
    """Make the run in `path` one that is not there any more. Raises `OSError` where the disk does not take it."""
    try:
        (path / SPEC).replace(path / DELETED)
    except FileNotFoundError:
        if path.is_dir():  # a folder without a spec, which only an administrator deletes
            (path / DELETED).touch()


def marked(folder: Path) -> bool:
    """Whether what lies in `folder` was deleted and has not been removed yet. Raises `OSError`."""
    # What was deleted may have been no file, or a link that leads nowhere.
    if folder.name.startswith(PREFIX) or os.path.lexists(folder / DELETED):
        return True
    # A lock that was asked for in the moment when the folder was removed made it anew.
    return not (folder / SPEC).exists() and folder.is_dir() and [p.name for p in folder.iterdir()] == [LOCK]


def remove(path: Path) -> None:
    """Remove the folder of a deleted run.

    Raises `Timeout` where a process still holds the run, `OSError` where a file of it cannot be removed.
    """
    hidden = path if path.name.startswith(PREFIX) else path.with_name(f"{PREFIX}{path.name}")
    if hidden.exists():
        shutil.rmtree(hidden)
    if path.is_symlink():
        path.unlink()
    elif path.exists():  # asked before the lock, which would make the folder anew
        with records.lock(path).acquire(timeout=0):
            pass  # given back at once: some systems rename no folder with an open file, and nobody begins any more
        shutil.rmtree(path.rename(hidden))


class Removals:
    """Removes deleted runs, and keeps those that cannot be removed yet until they can. Thread-safe."""

    def __init__(self, changed: threading.Event) -> None:
        self._changed = changed  # set where something is left to be tried again
        self._mutex = threading.Lock()
        self._left: dict[Path, Retry] = {}

    def __len__(self) -> int:
        """How many are not removed yet."""
        return len(self._left)

    def delete(self, path: Path, lock: FileLock | None) -> None:
        """Make the run in `path` one that is gone, and remove its folder now or as soon as that can be.

        `lock` is the run's, held by the caller, and is given back; None where a process of this server is at the run,
        or about to be: then its folder stays until that has ended, see `try_again`. Raises `OSError` where the run is
        still there.
        """
        try:
            mark(path)
        finally:
            if lock is not None:
                lock.release(force=True)
        if lock is not None:
            self.add(path)
        else:
            with self._mutex:
                self._left.setdefault(path, Retry())
            self._changed.set()

    def add(self, path: Path) -> None:
        """Remove the folder of a deleted run, now or as soon as that can be."""
        retry = Retry()
        if not self._removed(path, retry):
            with self._mutex:
                self._left.setdefault(path, retry)
            self._changed.set()

    def try_again(self, queued: Sequence[Path]) -> None:
        """Remove what could not be removed, but for runs whose process is still at them."""
        with self._mutex:
            due = [(path, retry) for path, retry in self._left.items() if retry.due and path not in queued]
        for path, retry in due:
            if self._removed(path, retry):
                with self._mutex:
                    del self._left[path]

    def _removed(self, path: Path, retry: Retry) -> bool:
        try:
            remove(path)
        except (OSError, Timeout) as error:
            _LOG.info("the deleted run %s is not removed yet: %s", path.name, error)
            retry.failed()
            return False
        return True
