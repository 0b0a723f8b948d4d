"""What a training process does beside training."""

import contextlib
import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cnn_core import worker
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import history, records
from cnn_core.runs.inbox import Inbox
from cnn_core.runs.launcher import death
from cnn_core.training.settings import TrainSettings


def test_a_disk_that_takes_nothing_is_told_by_the_exit_status(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    path = records.create(network, TrainSettings(dataset="digits", epochs=1, device="cpu"))

    def full(*arguments: object, **values: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(records, "append", full)
        status = worker.train(path, Inbox())
    assert status == errno.ENOSPC
    assert death(status) == "The disk is full; free some space."
    assert worker.train(path, Inbox()) == 0
    assert history.read(path).status == "finished"


def test_a_log_is_emptied_where_it_gets_too_long_and_goes_on(tmp_path: Path) -> None:
    log = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(log, b"x" * 1000)
    worker.keep_short(log, most=1000)
    assert (tmp_path / "log").stat().st_size == 1000
    os.write(log, b"x")
    worker.keep_short(log, most=1000)
    os.write(log, b"the last words\n")
    os.close(log)
    assert (tmp_path / "log").read_text() == (
        "(What stood here was more than a log may hold; it goes on.)\nthe last words\n"
    )


PRINTS_FOR_EVER = """
import sys
from cnn_core import worker
from cnn_core.training.trainer import Trainer

real = Trainer.steps
def steps(self):
    for step in real(self):
        print("x" * 100_000)
        yield step

def chatty(path, inbox, allowed):
    Trainer.steps = steps
    return train(path, inbox, allowed)

train, worker.train = worker.train, chatty
worker.warm_up = lambda: None
worker.LOG_BYTES = 100_000
worker.SECONDS_BETWEEN_LOOKS = 0.01
worker.keep_short.__defaults__ = (100_000,)
sys.exit(worker.main())
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on a process's files")
def test_a_training_that_prints_without_end_fills_no_disk(convlens_home: Path) -> None:
    network = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    settings = TrainSettings(dataset="digits", epochs=1, device="cpu", batch_size=2)
    path = records.create(network, settings)
    message = {"do": "train", "run": str(path), "minutes": 1.0, "megabytes": 10}
    # 649 batches of 100 kB each: 65 MB, and no file of the process may have more than 10 MB.
    with subprocess.Popen([sys.executable, "-c", PRINTS_FOR_EVER], stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(message).encode() + b"\n")
        process.stdin.flush()
        sizes = []
        while process.poll() is None:
            with contextlib.suppress(FileNotFoundError):
                sizes.append((path / records.LOG).stat().st_size)
            threading.Event().wait(0.02)
        process.stdin.close()
    assert max(sizes) <= 10_000_000
    assert (path / records.LOG).stat().st_size <= 10_000_000
