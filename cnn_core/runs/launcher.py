"""Where training processes come from: a small interface, so that a cluster can take the place of this machine."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from cnn_core import machine
from cnn_core.runs.events import Message
from cnn_core.training import allocator

ROOT = Path(__file__).resolve().parents[2]


class Worker(Protocol):
    """A process that trains one run."""

    def send(self, message: Message) -> None:
        """Give it a run or a command; a worker that has ended ignores it."""

    def exit_status(self) -> int | None:
        """None while it lives, then its status: negative for the signal that ended it."""

    def kill(self) -> None:
        """End it at once, whatever it does; one that has ended is left alone."""


class Launcher(Protocol):
    """Where workers come from."""

    def launch(self, slot: int) -> Worker:
        """A worker for one slot (a GPU's index, or 0), ready to be sent its run."""

    def warm(self, slot: int) -> None:
        """Have a worker ready for this slot, so that the next launch is quick."""


class LocalWorker:
    """`python -m cnn_core.worker` on this machine, in a session of its own.

    Ctrl-C in the server's terminal, or the terminal's end, reaches the server only; the worker meets the end of its
    input, saves its run and ends.
    """

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cnn_core.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
            env={**os.environ, **allocator.ENVIRONMENT, **environment},
            start_new_session=True,  # means nothing on Windows, which has the next
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )

    def send(self, message: Message) -> None:
        """Write one line to the process."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
        except OSError:
            pass  # it has ended; `exit_status` tells the queue

    def exit_status(self) -> int | None:
        """None while it lives."""
        return self.process.poll()

    def kill(self) -> None:
        """End the process without asking it."""
        self.process.kill()


class LocalLauncher:
    """Workers as processes of this machine, one waiting warm unless `CONVLENS_WARM_WORKER=0` (1.0 GB of memory)."""

    def __init__(self) -> None:
        self._keep_warm = os.environ.get("CONVLENS_WARM_WORKER", "1") != "0"
        self._waiting: dict[int, LocalWorker] = {}

    def _start(self, slot: int) -> LocalWorker:
        return LocalWorker({"CUDA_VISIBLE_DEVICES": str(slot)} if machine.gpus() else {})

    def launch(self, slot: int) -> Worker:
        """The warm worker of this slot where one lives, else a new one."""
        waiting = self._waiting.pop(slot, None)
        return waiting if waiting is not None and waiting.exit_status() is None else self._start(slot)

    def warm(self, slot: int) -> None:
        """Start a worker that imports torch and waits."""
        if self._keep_warm and (slot not in self._waiting or self._waiting[slot].exit_status() is not None):
            self._waiting[slot] = self._start(slot)


def death(status: int) -> str:
    """A sentence on a worker that ended without saying why; `status` is negative for the signal that ended it."""
    if status == -9:
        return (
            "The training process was killed from outside (signal 9), as a system short of memory does;"
            " if that happens again, try a smaller batch or network."
        )
    if status in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full; free some space."
    if status < 0:
        names = {number.value: f", {number.name}" for number in signal.Signals}
        return f"The training process was ended by signal {-status}{names.get(-status, '')}."
    return f"The training process ended with status {status} before it could finish."
