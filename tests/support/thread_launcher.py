"""Workers that train in threads: the same training, without the seconds that a new process needs to import torch.

And `wait`, for what such a worker (or a process) does on its own.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from cnn_core.runs import jobs
from cnn_core.runs.allowed import heard
from cnn_core.runs.events import Message, Train
from cnn_core.runs.execution import execute
from cnn_core.runs.inbox import Inbox
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.records import RunError
from tests.support.visitors import ADMIN


class ThreadWorker:
    """Trains one run in a thread of this process, as the training process does."""

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.thread: threading.Thread | None = None

    def send(self, message: Message) -> None:
        """Begin with the run, or pass a command on."""
        if message["do"] != "train":
            self.inbox.put(message)
            return
        self.thread = threading.Thread(target=self._train, args=(message,), daemon=True)
        self.thread.start()

    def _train(self, message: Train) -> None:
        with contextlib.suppress(
            OSError, RunError
        ):  # where its run is gone a worker dies, and says so nowhere
            execute(Path(message["run"]), self.inbox, allowed=heard(message))

    def kill(self) -> None:
        """A thread cannot be killed: it is told to save and end."""
        self.inbox.put({"do": "hangup"})

    def exit_status(self) -> int | None:
        """0 once the thread has ended."""
        return None if self.thread is None or self.thread.is_alive() else 0


class ThreadLauncher:
    """A thread for every run."""

    def launch(self, slot: int) -> ThreadWorker:
        """A worker without a run."""
        return ThreadWorker()

    def warm(self, slot: int) -> None:
        """Threads start at once."""


@contextlib.contextmanager
def queue_of_threads() -> Iterator[JobManager]:
    """The process's queue for one test: it trains in threads, of which none outlives the test and its folders."""
    queue = JobManager(ThreadLauncher(), slots=1)
    with jobs.using(queue):
        yield queue
        for run in reversed(queue.all_ids()):  # who waits first: else it begins
            with contextlib.suppress(RunError):
                queue.stop(ADMIN, run)
        wait(lambda: queue.all_ids() == [])


def wait(condition: Callable[[], bool], seconds: float = 180) -> None:
    """Wait for something another thread or process does; fails, never hangs."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        threading.Event().wait(0.02)
