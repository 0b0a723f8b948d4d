"""Learning rates chosen while a run trains: the last of many, not too often, and again where batches are done again."""

from types import SimpleNamespace
from typing import Any

import pytest

from cnn_core.runs import learning_rates
from cnn_core.runs.learning_rates import Rates


class FakeTrainer:
    """Where a training is, and the rates it was given."""

    def __init__(self, epoch: int = 0, step: int = 0) -> None:
        self.epoch, self.step = epoch, step
        self.used: list[float] = []

    def set_learning_rate(self, value: float) -> None:
        self.used.append(value)


def chosen(*events: tuple[int, int, float]) -> Any:
    """A run in which these rates were chosen: epoch, step, value."""
    return SimpleNamespace(
        learning_rates=tuple(
            {"type": "learning_rate", "epoch": epoch, "step": step, "value": value}
            for epoch, step, value in events
        )
    )


def test_of_many_the_last_is_used_and_the_next_only_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(learning_rates.time, "perf_counter", lambda: now[0])
    trainer: Any = FakeTrainer(epoch=2, step=7)
    told: list[Any] = []
    asked = Rates(chosen(), trainer, told.append)
    assert not asked.by_hand
    asked.use_asked(0.25)
    assert trainer.used == []
    for value in (0.1, 0.2, 0.3):
        asked.ask(value)
    asked.use_asked(0.25)
    asked.ask(0.4)
    now[0] = 100.2
    asked.use_asked(0.25)
    assert trainer.used == [0.3]
    now[0] = 100.25
    asked.use_asked(0.25)
    asked.ask(0.5)
    asked.use_asked()  # before the run ends, nobody waits
    assert trainer.used == [0.3, 0.4, 0.5]
    assert told == [
        {"type": "learning_rate", "epoch": 2, "step": 7, "value": value} for value in trainer.used
    ]
    assert asked.by_hand


def test_what_was_chosen_in_batches_that_are_done_again_is_used_there_again() -> None:
    trainer: Any = FakeTrainer(epoch=1, step=0)
    again = Rates(chosen((0, 5, 0.1), (1, 1, 0.2), (1, 3, 0.3)), trainer, lambda _event: None)
    assert again.by_hand
    for trainer.step in range(3):
        again.use_again()
    assert trainer.used == [0.2]
    again.ask(0.9)
    again.use_asked()
    trainer.step = 3
    again.use_again()
    assert trainer.used == [0.2, 0.9]  # whoever chose now had seen what was chosen before
