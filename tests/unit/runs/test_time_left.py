"""A time left that people look at: worked out by hand, steady where the speed is not, and in steps that are small."""

import math
from itertools import pairwise
from pathlib import Path

import pytest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import history, records, time_left
from cnn_core.runs.events import write
from cnn_core.runs.time_left import (
    BELIEF_SECONDS,
    LONGEST_SECONDS,
    roughly,
    seconds_left,
    seconds_until,
    smoothed,
)
from cnn_core.training.settings import TrainSettings
from tests.support.told import batch, started


def create(epochs: int = 2) -> Path:
    network = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    return records.create(network, TrainSettings(dataset="digits", epochs=epochs), "a run")


def test_before_anything_is_measured_it_is_what_was_expected() -> None:
    assert smoothed(iter(()), 40.0) == pytest.approx(40.0)


def test_what_is_measured_takes_over_within_seconds() -> None:
    """Twice as slow as expected: each step of a hundredth takes 0.8 s of 80 in place of 0.4 s of 40."""
    steps = [(0.01, 0.8)] * 50
    for number in (1, 10, 50):
        belief = math.exp(-0.8 * number / BELIEF_SECONDS)
        assert smoothed(iter(steps[:number]), 40.0) == pytest.approx(80 * 0.5**belief)
    assert smoothed(iter(steps), 40.0) == pytest.approx(80, rel=0.01)


def test_it_never_jumps_however_uneven_the_batches_are() -> None:
    """Of 60 s, every other quarter of a second does six times as much: what the page said before leapt by as much."""
    steps = [(0.25 / 60 * factor, 0.25) for _ in range(120) for factor in (12 / 7, 2 / 7)]
    left, done = [], 0.0
    for number in range(1, 200):
        done += steps[number - 1][0]
        left.append(smoothed(iter(steps[:number]), 20.0) * (1 - done))
    assert max(max(a / b, b / a) for a, b in pairwise(left[:150])) < 1.12


def test_a_run_tells_it_from_its_batches_and_forgets_an_old_speed() -> None:
    path = create()
    assert seconds_left(history.read(path)) is None
    records.append(path, started(0, 0, 1000))
    with (path / records.EVENTS).open("a") as file:
        for step in range(1, 201):
            told = batch(0, step)
            told["images_per_second"], told["time"] = 100.0, 1000.0 + step
            file.write(write(told) + "\n")
    run = history.read(path)
    assert run.started is not None
    assert run.progress == pytest.approx(0.1)
    # A step takes a second by the clock, whatever speed its batches had: validation counts, too.
    assert seconds_left(run) == pytest.approx(2000 * 0.9, rel=0.02)


def test_a_speed_of_next_to_nothing_is_no_endless_time_left() -> None:
    path = create()
    records.append(path, started(0, 0, 10))
    records.append(path, {**batch(0, 1), "images_per_second": 1e-300})
    left = seconds_left(history.read(path))
    assert left is not None
    assert 0 < left <= LONGEST_SECONDS


def test_the_queue_is_served_by_as_many_as_train(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {"a": 10.0, "b": 30.0, "c": 5.0, "d": 50.0, "gone": 0.0}
    monkeypatch.setattr(time_left, "_left", seconds.__getitem__)
    assert seconds_until([], []) == 0
    assert seconds_until(["a"], []) == 10
    assert seconds_until(["a"], ["c", "gone", "d"]) == 65
    assert seconds_until(["a", "b"], []) == 10
    assert seconds_until(["a", "b"], ["c"]) == 15
    assert seconds_until(["a", "b"], ["c", "d"]) == 30


def test_a_run_that_waits_takes_what_is_forecast_of_it() -> None:
    path, other = create(), create(epochs=20)
    assert 0 < time_left._left(path.name) < time_left._left(other.name)
    assert time_left._left("gone") == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.3, "a few seconds"),
        (8, "10 s"),
        (43, "45 s"),
        (57, "55 s"),
        (58, "1 min"),
        (92, "1 min 30 s"),
        (280, "4 min 30 s"),
        (290, "5 min"),
        (5999, "100 min"),
        (7300, "2 h"),
    ],
)
def test_it_is_told_in_steps_that_are_small_beside_it(seconds: float, words: str) -> None:
    assert roughly(seconds) == words
