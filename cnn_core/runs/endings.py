"""How a run ended where its worker could not say so itself: killed, never started, or gone from the queue."""

import errno
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from cnn_core import files
from cnn_core.runs import history, records
from cnn_core.runs.events import Ended, Pause, Stop
from cnn_core.runs.retry import Retry

# What the system says of a lock, or of events, that none can be: a folder, a link to itself or to nowhere. No free
# space will change it.
NO_FILE = (errno.EISDIR, errno.ELOOP, errno.ENOTDIR, errno.ENXIO, errno.ENOENT)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ending:
    """How the run in `path` ended: the event that says so, with a sentence for its page."""

    path: Path
    event: Ended


def kept(path: Path) -> str:
    """What a run that was cut short still has, and what resuming it does, in a sentence."""
    if files.is_file(path / records.RESUME):
        return "What it had saved is kept: resume it to go on from there."
    return "It had saved nothing yet: resuming begins it again."


def interrupted(path: Path, why: str) -> Ending:
    """The ending of a run that was cut short; `why` is a sentence, and what is kept of it follows."""
    return Ending(path, {"type": "interrupted", "reason": f"{why} {kept(path)}"})


def left_the_queue(path: Path, command: Stop | Pause) -> Ending:
    """The ending of a run that was told to end while it waited: a paused one, or one that has trained, can go on."""
    reason = command.get("reason", "") if command["do"] == "pause" else ""
    begun = command["do"] == "pause" or files.is_file(path / records.RESUME)
    return Ending(path, {"type": "paused" if begun else "stopped", "reason": reason})


def active(path: Path) -> bool:
    """Whether the run in `path` waits or trains as far as it says itself; False where it was deleted or damaged."""
    try:
        return files.is_file(path / records.SPEC) and history.read_status(path) in history.ACTIVE
    except records.RunError:
        return False


def write(ending: Ending, lock: FileLock | None = None) -> None:
    """Write down how a run ended, unless it says so already, was deleted, or another process goes on with it.

    `lock` is the run's, where the caller holds it. Raises `OSError` where the disk does not take it.
    """
    if not active(ending.path):  # asked before the lock, which would make a deleted folder anew
        return
    lock = records.lock(ending.path) if lock is None else lock
    try:
        lock.acquire(timeout=0)
        try:
            if active(ending.path):
                records.append(ending.path, ending.event)
        finally:
            lock.release()
    except Timeout:
        _LOG.info(
            "run %s is not marked as %s: another process has it", ending.path.name, ending.event["type"]
        )
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        _LOG.warning("run %s is not marked: something else lies in a file's place", ending.path.name)


class Endings:
    """Writes endings down, and keeps those that the disk does not take until it does. Thread-safe."""

    def __init__(self, changed: threading.Event) -> None:
        self._changed = changed  # set where something is left to be tried again
        self._mutex = threading.Lock()
        self._unwritten: list[tuple[Ending, Retry]] = []

    def __len__(self) -> int:
        """How many are not written down yet."""
        return len(self._unwritten)

    def write(self, ending: Ending, lock: FileLock | None = None) -> None:
        """Write down how a run ended, now or as soon as the disk takes it, and give its lock back."""
        written = False
        try:
            write(ending, lock)
            written = True
        except OSError:
            _LOG.exception("the end of run %s could not be written down; it is tried again", ending.path.name)
        finally:
            if lock is not None:
                lock.release(force=True)
        if not written:
            # Kept only now: who tries again takes a run that is still locked for another process's.
            with self._mutex:
                self._unwritten.append((ending, Retry()))
            self._changed.set()

    def try_again(self, queued: Sequence[Path]) -> None:
        """Write down what the disk did not take, but for runs that are `queued` again."""
        with self._mutex:
            due = [entry for entry in self._unwritten if entry[1].due]
        for ending, retry in due:
            try:
                if ending.path not in queued:
                    write(ending)
            except OSError as error:
                _LOG.warning("the end of run %s can still not be written down: %s", ending.path.name, error)
                retry.failed()
            else:
                with self._mutex:
                    self._unwritten.remove((ending, retry))
