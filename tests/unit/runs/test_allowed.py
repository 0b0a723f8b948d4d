"""What a worker is told that its run may take."""

import json

from cnn_core.limits import using
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import allowed, events
from cnn_core.runs.allowed import Allowed
from cnn_core.training.settings import TrainSettings

SMALL = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)


def test_the_dashboards_limits_reach_the_worker_as_a_line() -> None:
    with using(minutes=2.5, run_mb=99):
        message = events.read_message(json.dumps(allowed.told("here")).encode())
    assert message == {"do": "train", "run": "here", "minutes": 2.5, "megabytes": 99}
    assert allowed.heard(message) == Allowed(2.5, 99)


def test_without_a_word_there_is_no_limit() -> None:
    free = allowed.heard({"do": "train", "run": "here"})
    assert free == allowed.NO_LIMITS
    assert free.too_long(1e9) == ""
    assert free.epochs_kept(SMALL, TrainSettings(epochs=200)) is None


def test_time_is_up_at_the_last_second() -> None:
    two = Allowed(minutes=2.0, megabytes=50)
    assert two.too_long(119.9) == ""
    assert two.too_long(120.0).startswith("Stopped after 2 min of training, the most that a run may take")
    assert two.epochs_kept(SMALL, TrainSettings(epochs=200)) == 12
