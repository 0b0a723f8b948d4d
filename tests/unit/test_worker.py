"""What a training process does beside training."""

import errno

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
