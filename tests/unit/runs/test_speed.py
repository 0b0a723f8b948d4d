"""A machine's speed: the median of what its trainings took, kept in ConvLens's folder."""

import json
from pathlib import Path

import pytest

from cnn_core import worker
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import records, speed
from cnn_core.runs.execution import execute
from cnn_core.runs.speed import Slowness
from cnn_core.training.settings import TrainSettings


def test_a_machine_that_never_trained_is_taken_for_slow() -> None:
    assert speed.slowness() == Slowness(3.0, measured=False)


def test_the_median_of_the_last_few_decides() -> None:
    for took in (50.0, 20.0, 20.0, 30.0):
        speed.note(10.0, took)
    assert speed.slowness() == Slowness(2.5, measured=True)
    for _ in range(9):
        speed.note(10.0, 5.0)
    assert speed.slowness() == Slowness(0.5, measured=True)


def test_a_few_batches_count_until_a_training_tells_more() -> None:
    speed.note_first(1.0, 8.0)
    assert speed.slowness() == Slowness(8.0, measured=True)
    speed.note(1.0, 1.5)
    assert speed.slowness() == Slowness(1.5, measured=True)


@pytest.mark.parametrize(("expected", "took"), [(0.0, 1.0), (1.0, 0.0), (1.0, float("nan")), (1e-320, 1e300)])
def test_what_tells_nothing_is_not_remembered(expected: float, took: float) -> None:
    speed.note(expected, took)
    speed.note_first(expected, took)
    assert not speed.slowness().measured


@pytest.mark.parametrize(
    "text", ["", "{}", '{"device": "another machine", "ratios": [1.0]}', '{"device": 3, "ratios": []}', "[]"]
)
def test_a_damaged_file_or_another_machines_says_nothing(text: str, convlens_home: Path) -> None:
    convlens_home.mkdir(exist_ok=True)
    (convlens_home / speed.FILE).write_text(text)
    assert not speed.slowness().measured


def test_the_warm_worker_measures_a_new_machine_once(convlens_home: Path) -> None:
    worker.warm_up()
    first = (convlens_home / speed.FILE).read_text()
    assert speed.slowness().measured
    worker.warm_up()
    assert (convlens_home / speed.FILE).read_text() == first


def test_a_run_that_trained_long_enough_tells(monkeypatch: pytest.MonkeyPatch, convlens_home: Path) -> None:
    monkeypatch.setattr(speed, "TELLING_SECONDS", 0.0)
    network = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    path = records.create(network, TrainSettings(dataset="digits", epochs=2, device="cpu"))
    assert execute(path).status == "finished"
    ratio, *_ = json.loads((convlens_home / speed.FILE).read_text())["ratios"]
    assert speed.slowness().factor == ratio > 0


def test_a_disk_that_takes_nothing_is_no_trouble(convlens_home: Path) -> None:
    convlens_home.write_text("a file where the folder should be")
    speed.note(1.0, 2.0)
    assert not speed.slowness().measured


@pytest.mark.parametrize("ratio", ["-1.0", "0.0"])
def test_a_ratio_that_cannot_be_says_nothing(ratio: str, convlens_home: Path) -> None:
    speed.note(1.0, 2.0)
    file = convlens_home / speed.FILE
    file.write_text(file.read_text().replace("2.0", ratio))
    assert not speed.slowness().measured
