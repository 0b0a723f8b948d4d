"""Old runs make room, by a rule that is told: see `rule`. In a thread of its own, which rests as long as it works.

A run is looked at once more, with its lock held, before it is removed: what is kept, in the queue or in training
somewhere, and the server's own, stays whatever the disk says.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from filelock import Timeout
from typing_extensions import override

from cnn_core.limits import Limits, limits
from cnn_core.runs import endings, records, space
from cnn_core.runs.deletion import Removals
from cnn_core.runs.line import Line
from cnn_core.runs.space import Space
from cnn_core.runs.unhurried import unhurried

SECONDS_BETWEEN = 3600.0
FULL = 0.9  # of the disk for all runs: from there on the oldest make room
DAY = 86_400.0
_LOG = logging.getLogger(__name__)


def rule(most: Limits) -> str:
    """What is cleared and what never is, as a sentence for a page."""
    days = "a day" if most.days == 1 else f"{most.days:g} days"
    return f"Others are removed {days} after their last change, or sooner where the disk gets short."


class Clearing(threading.Thread):
    """Looks into all runs' folders and removes those that the rule names."""

    def __init__(self, line: Line, removals: Removals, known: Space) -> None:
        super().__init__(name="clearing", daemon=True)
        self._line, self._removals, self._space = line, removals, known
        self._home = records.runs_home()
        self._asked = threading.Event()

    @override
    def run(self) -> None:
        """Go round at start, every hour, and remove what is too much whenever that is asked."""
        due = 0.0
        while True:
            if time.monotonic() >= due:
                self._safely(self.look)
                self._safely(self.clear_old)
                due = time.monotonic() + SECONDS_BETWEEN
            self._asked.clear()
            self._safely(self.clear_too_much)
            self._asked.wait(max(0.0, due - time.monotonic()))

    def ask(self) -> None:
        """Space is short: let the oldest make room now."""
        self._asked.set()

    def _safely(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # a disk or a folder in trouble must not end the clearing
            _LOG.exception("the clearing's step %s failed", step.__name__)

    def look(self) -> None:
        """Look into every run's folder."""
        if not self._home.is_dir():
            return
        there = [path for path in self._home.iterdir() if not path.name.startswith(".")]
        for path in unhurried(there):
            try:
                self._space.look_at(path)
            except OSError as error:
                _LOG.warning("run %s cannot be looked into: %s", path.name, error)
        self._space.forget_others({path.name for path in self._home.iterdir()} | self._in_queue())

    def _in_queue(self) -> set[str]:
        return {job.id for job in self._line.jobs()}

    def clear_old(self) -> None:
        """Remove what nobody keeps and what has not changed for so many days."""
        end = time.time() - limits().days * DAY
        for run_id, usage in self._space.oldest(self._in_queue()):
            if usage.changed > end:
                break
            self._clear(run_id, unchanged_since=end)

    def clear_too_much(self) -> None:
        """Where all runs take nearly all that they may, remove the oldest that nobody keeps."""
        in_queue = self._in_queue()
        self._space.settle(in_queue)
        allowed = FULL * limits().disk_bytes
        for run_id, usage in self._space.oldest(in_queue):
            if self._line.expected_bytes() + self._space.used("", in_queue).everybody <= allowed:
                break
            self._clear(run_id, unchanged_since=usage.changed)

    def _clear(self, run_id: str, unchanged_since: float) -> None:
        path = self._home / run_id
        try:
            with self._line.reserved(run_id, Timeout(run_id)):
                if not path.is_dir():  # asked before the lock, which would make the folder anew
                    self._space.forget(run_id)
                    return
                lock = records.lock(path)
                lock.acquire(timeout=0)
                if self._may_go(path, unchanged_since):
                    self._removals.delete(path, lock)
                    self._space.forget(run_id)
                    _LOG.info("run %s made room", run_id)
                else:
                    lock.release()
                    self._space.look_at(path)
        except Timeout:
            _LOG.info("run %s does not make room: somebody has it", run_id)
        except OSError as error:
            _LOG.warning("run %s could not be removed: %s", run_id, error)

    @staticmethod
    def _may_go(path: Path, unchanged_since: float) -> bool:
        now = space.measure(path)
        return (
            now is not None and not now.kept and now.changed <= unchanged_since and not endings.active(path)
        )
