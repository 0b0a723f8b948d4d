"""Workers that train in threads: the same training, without the seconds that a new process needs to import torch.

And `wait`, for what such a worker (or a process) does on its own.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cnn_core.runs.execution import execute


class ThreadWorker:
    """Trains one run in a thread of this process, as the training process does."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []
        self.thread: threading.Thread | None = None

    def send(self, message: dict[str, Any]) -> None:
        if "run" in message:
            path = Path(message["run"])
            take = lambda: self.commands.pop(0) if self.commands else None  # noqa: E731
            self.thread = threading.Thread(target=self._train, args=(path, take), daemon=True)
            self.thread.start()
        else:
            self.commands.append(message)

    def _train(self, path: Path, take: Callable[[], dict[str, Any] | None]) -> None:
        with contextlib.suppress(OSError):  # where its folder is gone a worker dies, and says so nowhere
            execute(path, take)

    def exit_status(self) -> int | None:
        return None if self.thread is None or self.thread.is_alive() else 0


class ThreadLauncher:
    """A thread for every run."""

    def launch(self, slot: int) -> ThreadWorker:
        return ThreadWorker()

    def warm(self, slot: int) -> None:
        pass


def wait(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something another thread or process does; fails, never hangs."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        threading.Event().wait(0.02)
