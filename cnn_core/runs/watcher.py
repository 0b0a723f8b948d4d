"""The queue's one thread: it starts workers, tells them what was asked, and buries them.

Whatever fails here is logged and tried again: a launcher, a worker or a disk in trouble must not end the queue.
"""

import logging
import threading
import time
from collections.abc import Callable

from typing_extensions import override

from cnn_core.limits import limits
from cnn_core.runs import endings
from cnn_core.runs.allowed import told
from cnn_core.runs.deletion import Removals
from cnn_core.runs.endings import Ending, Endings
from cnn_core.runs.events import Pause, Stop
from cnn_core.runs.launcher import Launcher, death
from cnn_core.runs.line import Job, Line
from cnn_core.runs.retry import Retry

TICK_SECONDS = 0.2
LAUNCHES = 3  # tries to start a worker before its run is given up
UNWATCHED = "Nobody was looking and others were waiting, so it was paused. Resume it to go on."
HANGS_AFTER_TIMES, HANGS_AFTER_SECONDS = 2, 600  # of the minutes that a run may train, and beside them
HUNG = "The training process did not end in its time, and was ended. Try a smaller network or batch."
_LOG = logging.getLogger(__name__)


class Watcher(threading.Thread):
    """Serves a `Line`'s jobs in their order, with one worker a slot."""

    def __init__(
        self,
        line: Line,
        ended: Endings,
        removals: Removals,
        launcher: Launcher,
        slots: int,
        idle_seconds: float,
    ) -> None:
        super().__init__(name="jobs", daemon=True)
        self._line, self._endings, self._removals, self._launcher = line, ended, removals, launcher
        self._idle_seconds = idle_seconds
        self._slots = range(slots)
        self._cold = {slot: Retry() for slot in self._slots}  # those whose next worker is not warm yet

    @override
    def run(self) -> None:
        """Go round for as long as the process lives; without jobs, only when something changes."""
        steps = (
            self._bury,
            self._start,
            self._release_unwatched,
            self._kill_hung,
            self._tell,
            self._warm,
            self._write_endings,
            self._remove_deleted,
        )
        while True:
            for step in steps:
                self._safely(step)
            busy = self._line or self._cold or self._endings or self._removals
            self._line.changed.wait(TICK_SECONDS if busy else None)
            self._line.changed.clear()

    def _safely(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:
            _LOG.exception("the queue's step %s failed", step.__name__)

    def _bury(self) -> None:
        for job in self._line.jobs():
            if job.worker is None or not job.watching.due:
                continue
            try:
                status = job.worker.exit_status()
            except Exception:
                _LOG.exception("whether the worker of run %s lives is not known", job.id)
                job.watching.failed()
                continue
            if status is not None:
                if job.hung:
                    self._endings.write(Ending(job.path, {"type": "failed", "reason": HUNG}))
                else:
                    self._endings.write(endings.interrupted(job.path, death(status)))
                self._line.remove(job)
                assert job.slot is not None
                self._cold[job.slot] = Retry()

    def _start(self) -> None:
        for slot in self._slots:
            if (job := self._line.take(slot)) is not None:
                try:
                    worker = self._launcher.launch(slot)
                    worker.send(told(str(job.path)))
                except Exception as error:
                    _LOG.exception("no worker could be started for run %s", job.id)
                    self._line.not_started(job)
                    self._give_up(job, error)
                else:
                    job.lock.release(force=True)  # the worker waits for it
                    self._line.started(job, worker)

    def _give_up(self, job: Job, error: Exception) -> None:
        if job.last_wish is not None:
            leave(job, job.last_wish, self._endings, self._removals)
        elif job.launching.failures >= LAUNCHES:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            reason = f"No training process could be started ({why}). Try again in a while."
            self._endings.write(Ending(job.path, {"type": "failed", "reason": reason}), job.lock)
        else:
            return
        self._line.remove(job)

    def _release_unwatched(self) -> None:
        for job in self._line.unwatched(self._idle_seconds):
            self._line.end(job.id, {"do": "pause", "reason": UNWATCHED})

    def _kill_hung(self) -> None:
        """End a worker that neither ends in its time nor long after: it hears nothing any more."""
        longest = HANGS_AFTER_TIMES * 60 * limits().minutes + HANGS_AFTER_SECONDS
        for job in self._line.jobs():
            if job.worker is not None and not job.hung and time.monotonic() - job.begun > longest:
                _LOG.error("the worker of run %s does not end; it is killed", job.id)
                job.worker.kill()
                job.hung = True

    def _tell(self) -> None:
        for job in self._line.jobs():
            while job.worker is not None and job.outbox and job.telling.due:
                command = job.outbox[0]
                try:
                    job.worker.send(command)
                except Exception:
                    _LOG.exception("the worker of run %s could not be told %s", job.id, command)
                    job.telling.failed()
                else:
                    self._line.sent(job, command)

    def _warm(self) -> None:
        for slot, retry in list(self._cold.items()):
            if retry.due:
                try:
                    self._launcher.warm(slot)
                except Exception:
                    _LOG.exception("no worker could be made ready for slot %d", slot)
                    retry.failed()
                else:
                    del self._cold[slot]

    def _write_endings(self) -> None:
        self._endings.try_again([job.path for job in self._line.jobs()])

    def _remove_deleted(self) -> None:
        self._removals.try_again([job.path for job in self._line.jobs()])


def leave(job: Job, wish: Stop | Pause, ended: Endings, removals: Removals) -> None:
    """Write down that a job that never began to train left the queue.

    One that was stopped before it had ever left a queue has nothing that anybody could want, and is removed.
    """
    if job.fresh and wish["do"] == "stop":
        try:
            removals.delete(job.path, job.lock)
        except OSError:
            _LOG.exception("run %s, which never began, could not be removed", job.id)
        else:
            return
    ended.write(endings.left_the_queue(job.path, wish), job.lock)
