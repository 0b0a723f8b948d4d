"""What is told of batches: which of them was the first whose loss is no number, and how its steps went."""

import math
from pathlib import Path

import pytest
import torch

from cnn_core.data import datasets
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import batch_log
from cnn_core.runs.batch_log import BatchLog
from cnn_core.runs.events import Event
from cnn_core.runs.saved_state import beginning
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Diverged, Step, Trainer


@pytest.fixture
def trainer() -> Trainer:
    asked = TrainSettings(dataset="digits", device="cpu", train_limit=320, batch_size=32)
    return Trainer(PRESETS["lenet5"].architecture(), asked, datasets.load("digits"))


def test_the_batch_that_is_named_is_the_first_whose_loss_is_no_number(
    tmp_path: Path, trainer: Trainer
) -> None:
    log = BatchLog(tmp_path, trainer, beginning(), lambda event: None)
    log.begin_epoch()
    log.between = math.inf
    losses = [40.0, 41.0, 42.0, math.inf, math.nan, math.nan]
    for number, loss in enumerate(losses, 1):
        trainer.step = number
        step = Step(32, torch.tensor(loss), torch.tensor(3))
        if number == 1:
            log.add(step)  # told at once
        else:
            log._untold.append(step)
    with pytest.raises(Diverged, match="stopped being a number at step 4 of epoch 1: the weights grew"):
        log.tell()


def test_an_event_tells_the_last_step_that_was_looked_at_and_asks_for_another(
    tmp_path: Path, trainer: Trainer
) -> None:
    events: list[Event] = []
    log = BatchLog(tmp_path, trainer, beginning(), events.append)
    log.begin_epoch()
    steps = trainer.steps()
    log.add(next(steps))
    first = trainer.vitals
    assert first is not None
    assert trainer.look
    (told,) = events
    assert told["type"] == "batch"
    assert (told["gradient_norm"], told["update_ratio"]) == (first["gradient_norm"], first["update_ratio"])
    assert told["memory"] > 1e6
    log.add(next(steps))
    assert trainer.vitals is not first


def test_each_layer_s_numbers_are_told_within_the_epoch_with_the_first_event_and_every_fourth(
    tmp_path: Path, trainer: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_log, "SECONDS_BETWEEN_EVENTS", 0.0)  # every batch is told
    events: list[Event] = []
    log = BatchLog(tmp_path, trainer, beginning(), events.append)
    log.begin_epoch()
    norms = []
    for step in trainer.steps():
        log.add(step)
        assert trainer.vitals is not None
        norms.append(trainer.vitals["gradient_norms"])
    assert ["gradient_norms" in event for event in events] == [index % 4 == 0 for index in range(10)]
    for event, own in list(zip(events, norms))[::4]:
        assert event["type"] == "batch"
        assert event["gradient_norms"] == pytest.approx(own, rel=1e-3)
        assert set(event["update_ratios"]) == set(own) == {"conv1", "conv2", "linear1", "linear2", "linear3"}
