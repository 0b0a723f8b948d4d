"""The range test: its arithmetic by hand; the rate found trains, and ten times the exploding one does not."""

import math
import threading
import time
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from cnn_core.data import datasets
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from cnn_core.training import rate_finder, rate_search
from cnn_core.training.rate_finder import Tried, has_exploded, in_test, rate_at, read, try_rates
from cnn_core.training.rate_search import RateSearch
from cnn_core.training.settings import USUAL_LEARNING_RATE, TrainSettings
from cnn_core.training.trainer import Trainer

DIGITS = datasets.load("digits")
NETWORK = Architecture(
    (1, 28, 28), (Conv2d(8, 5, stride=2), ReLU(), MaxPool2d(), Flatten(), Dropout(0.1), Linear(10)), 10
)


def settings(**changes: object) -> TrainSettings:
    return TrainSettings.from_dict({"dataset": "digits", "batch_size": 64, "device": "cpu", **changes})


def curve(*losses: float) -> list[Tried]:
    return [Tried(10.0 ** (-4 + index / 10), loss) for index, loss in enumerate(losses)]


def test_the_steepest_fall_is_suggested_and_not_the_lowest_point() -> None:
    # A fall by a sigmoid around 10^-2: steepest there, lowest far behind.
    exponents = np.arange(-4, 0.01, 0.1)
    steps = [Tried(10.0**x, 2.3 - 2 / (1 + math.exp(-4 * (x + 2)))) for x in exponents.tolist()]
    found = read(steps)
    assert found.suggested == pytest.approx(1e-2, rel=0.3)
    assert found.lowest == pytest.approx(1.0)
    assert found.exploded is None
    assert np.all(np.diff(found.smoothed) < 0)
    # What comes after the lowest point counts for nothing, however steeply it may fall again.
    after = [Tried(10.0 ** (0.1 * k), loss) for k, loss in enumerate((2.0, 4.0, 4.5, 1.0), 1)]
    assert read([*steps, *after]).suggested == found.suggested


def test_no_fall_is_no_suggestion() -> None:
    flat = read(curve(*([2.303, 2.302] * 20)))
    assert flat.suggested is None
    assert read(curve(2.3, 2.4, 2.5, 2.6, 2.8, 3.0)).suggested is None
    with pytest.raises(ValueError, match="a number"):
        read(curve(math.nan))


def test_an_explosion_is_a_loss_twice_the_first_or_none() -> None:
    assert not has_exploded([])
    assert not has_exploded(curve(2.0, 2.0, 2.0, 3.9, 3.9, 3.9))
    assert has_exploded(curve(2.0, 2.0, 2.0, 4.1, 4.1, 4.1))
    assert has_exploded(curve(2.0, math.inf))
    exploded = read(curve(2.0, 2.0, 1.5, 1.0, math.nan))
    assert exploded.exploded == pytest.approx(10**-3.6)
    assert len(exploded.smoothed) == 4


def test_rates_grow_by_one_factor_around_the_usual_one() -> None:
    for optimizer, usual in USUAL_LEARNING_RATE.items():
        asked = settings(optimizer=optimizer)
        rates = [rate_at(asked, share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
        assert rates[0] == pytest.approx(usual / 100)
        assert rates[-1] == pytest.approx(1000 * usual)
        np.testing.assert_allclose(np.diff(np.log(rates)), np.log(100_000) / 4)


def test_what_a_test_does_not_read_makes_no_other_test() -> None:
    one = settings(learning_rate=0.5, schedule="cosine", epochs=9, early_stopping="loss", patience=7)
    assert in_test(one) == in_test(settings())
    assert in_test(replace(one, batch_size=32)) != in_test(one)
    assert in_test(settings(optimizer="sgd")) != in_test(one)


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test with all its steps, however slow the machine is."""
    monkeypatch.setattr(rate_finder, "SECONDS", 1e9)


def accuracy(rate: float, optimizer: str) -> float:
    """After three epochs at this rate; 0 where the loss is no number any more."""
    asked = settings(optimizer=optimizer, learning_rate=rate, schedule="constant")
    trainer = Trainer(NETWORK, asked, DIGITS, compiles=False)
    for _ in range(3):
        if not all(math.isfinite(float(step.loss)) for step in trainer.steps()):
            return 0.0
    score = trainer.score_test()
    return score.accuracy if math.isfinite(score.loss) else 0.0


@pytest.mark.usefixtures("whole")
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_the_rate_found_trains_and_ten_times_the_exploding_one_does_not(optimizer: str) -> None:
    asked = settings(optimizer=optimizer, learning_rate=7.0)
    before = torch.get_rng_state()
    steps = list(try_rates(NETWORK, asked, DIGITS))
    assert torch.equal(torch.get_rng_state(), before)
    again = try_rates(NETWORK, replace(asked, learning_rate=1.0), DIGITS)
    assert steps[:10] == list(islice(again, 10))  # to the last bit, whatever rate is set
    found = read(steps)
    assert found.suggested is not None
    assert found.exploded is not None
    assert found.suggested < found.lowest < found.exploded
    assert accuracy(found.suggested, optimizer) > 0.8
    assert accuracy(10 * found.exploded, optimizer) < 0.3


def test_a_slow_machine_takes_fewer_steps_and_reaches_the_last_rate_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(rate_finder.time, "perf_counter", lambda: float(next(clock)))
    monkeypatch.setattr(rate_finder, "SECONDS", 10.0)
    monkeypatch.setattr(rate_finder, "EXPLODED", 1e9)
    steps = list(try_rates(NETWORK, settings(optimizer="rmsprop"), DIGITS))
    assert len(steps) == 11  # one a second, and the first
    assert steps[-1].rate == pytest.approx(rate_at(settings(optimizer="rmsprop"), 1.0))


def ended(search: RateSearch) -> str:
    until = time.monotonic() + 60
    while (state := search.state) in ("waiting", "running") and time.monotonic() < until:
        time.sleep(0.01)
    return state


def test_a_search_takes_its_turn_and_ends_when_it_is_told_or_nobody_looks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go, begun = threading.Event(), threading.Event()

    def endless(*_: object) -> object:
        begun.set()
        while True:
            yield Tried(0.1, 2.0)
            go.wait(0.01)

    monkeypatch.setattr(rate_search, "try_rates", endless)
    first = RateSearch(NETWORK, settings())
    assert begun.wait(10)
    second = RateSearch(NETWORK, settings())
    assert second.state == "waiting"
    assert first.state == "running"
    first.cancel()
    assert ended(first) == "cancelled"
    assert first.tried
    while second.state == "waiting":
        time.sleep(0.01)
    assert second.state == "running"
    monkeypatch.setattr(rate_search, "UNSEEN_SECONDS", 0.0)
    until = time.monotonic() + 10
    while second._state == "running" and time.monotonic() < until:
        time.sleep(0.01)
    assert second._state == "cancelled"


def test_a_search_says_what_went_wrong() -> None:
    search = RateSearch(Architecture((1, 28, 28), (Flatten(), Conv2d(3), Linear(10)), 10), settings())
    assert ended(search) == "failed"
    assert search.error is not None
    assert search.tried == ()
