"""How runs ended, written down by the queue: what a disk did not take is kept until it does."""

import errno
import threading
from pathlib import Path

import pytest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import endings, history, records
from cnn_core.runs.endings import Ending, Endings
from cnn_core.runs.events import Event
from cnn_core.training.settings import TrainSettings

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)


def queued() -> Path:
    """A run in the queue."""
    path = records.create(SMALL, TrainSettings(dataset="digits", epochs=1))
    records.append(path, {"type": "queued"})
    return path


def test_who_tries_again_at_once_does_not_take_the_run_for_another_processes() -> None:
    class Eager(threading.Event):
        """The queue's thread, which happens to run whenever something is left to it."""

        def set(self) -> None:
            ended.try_again([])

    def full(_path: Path, _event: Event) -> Event:
        raise OSError(errno.ENOSPC, "No space left on device")

    ended = Endings(Eager())
    path = queued()
    lock = records.lock(path)
    lock.acquire()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "append", full)
        ended.write(Ending(path, {"type": "paused"}), lock)
        assert len(ended) == 1
    assert not lock.is_locked
    ended._unwritten[0][1].at = 0.0
    ended.try_again([])
    assert len(ended) == 0
    assert history.read_status(path) == "paused"


def test_nothing_is_written_where_a_run_was_deleted_or_has_ended() -> None:
    path = queued()
    endings.write(Ending(path, {"type": "stopped", "reason": ""}))
    endings.write(Ending(path, {"type": "paused"}))
    assert history.read_status(path) == "stopped"
    gone = records.runs_home() / "gone"
    endings.write(Ending(gone, {"type": "paused"}))
    assert not gone.exists()
