"""A range test that goes on while a page is looked at: in a thread of its own, one at a time on a server."""

import os
import threading
import time
from contextlib import suppress
from typing import Literal

from cnn_core.data import datasets
from cnn_core.networks.architecture import Architecture
from cnn_core.training.rate_finder import STEPS, Tried, try_rates
from cnn_core.training.settings import TrainSettings

NICENESS = 10  # pages come first
UNSEEN_SECONDS = 20.0  # after which nobody waits for it any more
_TURN = threading.Semaphore()

State = Literal["waiting", "running", "done", "cancelled", "failed"]


class RateSearch:
    """A test of this network with these settings, begun at once or when those before it are done.

    It ends by itself, see `rate_finder.SECONDS`; sooner when it is cancelled, or was not asked for `state` so long that
    its page must be closed. Where training raises, the state is "failed" and `error` says why.
    """

    def __init__(self, architecture: Architecture, settings: TrainSettings) -> None:
        self._architecture, self._settings = architecture, settings
        self._tried: tuple[Tried, ...] = ()
        self._state: State = "waiting"
        self._seen = time.monotonic()
        self._cancelled = threading.Event()
        self.error: Exception | None = None
        threading.Thread(target=self._run, name="learning-rate finder", daemon=True).start()

    @property
    def state(self) -> State:
        """What it is at; who asks keeps it going."""
        self._seen = time.monotonic()
        return self._state

    @property
    def tried(self) -> tuple[Tried, ...]:
        """The steps until now."""
        return self._tried

    @property
    def progress(self) -> float:
        """The share of its steps that is done, 0..1."""
        return min(1.0, len(self._tried) / STEPS)

    def cancel(self) -> None:
        """End it at its next step; what it found is left."""
        self._cancelled.set()

    def _over(self) -> bool:
        return self._cancelled.is_set() or time.monotonic() - self._seen > UNSEEN_SECONDS

    def _run(self) -> None:
        if hasattr(os, "setpriority") and hasattr(threading, "get_native_id"):
            with suppress(OSError):  # Linux knows it of a thread
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
        while not _TURN.acquire(timeout=0.2):
            if self._over():
                self._state = "cancelled"
                return
        try:
            self._state = "running"
            for one in try_rates(self._architecture, self._settings, datasets.load(self._settings.dataset)):
                self._tried += (one,)
                if self._over():
                    self._state = "cancelled"
                    return
            self._state = "done"
        except Exception as error:  # the page says it; nobody else would hear of it
            self.error, self._state = error, "failed"
        finally:
            _TURN.release()
