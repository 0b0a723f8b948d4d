"""A training that gets no better ends by itself, keeps its best epoch, says so, and does the same after a pause."""

from pathlib import Path

import pytest
import torch

from cnn_core.checkpoints import load_weights
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Conv2d, Flatten, Linear, MaxPool2d
from cnn_core.runs import records
from cnn_core.runs.early_stopping import gets_no_better
from cnn_core.runs.events import Command, Epoch
from cnn_core.runs.execution import execute
from cnn_core.training.settings import TrainSettings
from tests.support.run_events import events_of

SMALL = Architecture((1, 28, 28), (Conv2d(2), MaxPool2d(4), Flatten(), Linear(10)), 10)


def epochs(losses: list[float | None], accuracies: list[float] | None = None) -> list[Epoch]:
    found = accuracies or [0.5] * len(losses)
    return [
        {
            "type": "epoch",
            "epoch": number,
            "loss": 1.0,
            "accuracy": 0.5,
            "validation_loss": loss,
            "validation_accuracy": None if loss is None else accuracy,
            "seconds": 1.0,
            "best": loss == min(one for one in losses if one is not None) if loss is not None else True,
        }
        for number, (loss, accuracy) in enumerate(zip(losses, found))
    ]


@pytest.mark.parametrize(
    ("losses", "patience", "ends"),
    [
        ([1.0, 0.9, 0.95], 1, True),
        ([1.0, 0.9, 0.95], 2, False),
        ([1.0, 0.9, 0.95, 0.91], 2, True),
        ([1.0, 0.9, 0.9], 1, True),  # as good is not better
        ([1.0, 0.9, 0.8], 1, False),
        ([1.0], 1, False),
        ([], 1, False),
        ([None, None, None], 1, False),  # nothing is held out
    ],
)
def test_patience_counts_epochs_without_a_lower_loss(
    losses: list[float | None], patience: int, ends: bool
) -> None:
    asked = TrainSettings(early_stopping="loss", patience=patience, epochs=9)
    assert bool(gets_no_better(asked, epochs(losses))) == ends
    assert gets_no_better(TrainSettings(), epochs(losses)) == ""


def test_accuracy_may_be_watched_while_the_loss_falls() -> None:
    asked = TrainSettings(early_stopping="accuracy", patience=2, epochs=9)
    assert gets_no_better(asked, epochs([1.0, 0.9, 0.8], [0.5, 0.6, 0.7])) == ""
    assert gets_no_better(asked, epochs([1.0, 0.9, 0.8], [0.7, 0.6, 0.7])) == (
        "Stopped early after epoch 3 of 9: validation accuracy has not risen for 2 epochs."
        " The weights of epoch 3 are restored."
    )


def test_a_run_stops_early_at_the_same_epoch_paused_or_not(tmp_path: Path) -> None:
    asked = TrainSettings(
        dataset="digits",
        device="cpu",
        epochs=60,
        train_limit=20,
        learning_rate=0.1,
        schedule="constant",
        early_stopping="loss",
        patience=2,
    )
    whole = execute(records.create(SMALL, asked, path=tmp_path / "whole"))
    paused = records.create(SMALL, asked, path=tmp_path / "paused")
    commands: list[Command] = [{"do": "pause"}]
    assert execute(paused, lambda: commands.pop() if commands else None).status == "paused"
    again = execute(paused)
    assert (whole.status, again.status) == ("finished", "finished")
    assert 3 <= len(whole.epochs) < 60
    assert whole.progress == 1.0
    losses = [epoch["validation_loss"] for epoch in whole.epochs]
    best = losses.index(min(loss for loss in losses if loss is not None))
    assert best == len(losses) - 3
    assert f"The weights of epoch {best + 1} are restored." in whole.reason
    assert events_of(whole.path)[-1]["reason"] == whole.reason == again.reason
    assert [epoch["validation_loss"] for epoch in again.epochs] == losses
    kept = load_weights(whole.path / records.BEST)
    of_epoch = load_weights(records.epoch_weights(whole.path, best))
    assert all(torch.equal(kept[name], value) for name, value in of_epoch.items())
