"""A run's folder: written by `execute`, read at any moment, whatever was torn off in the middle."""

import json
from pathlib import Path

import numpy as np
import pytest

from cnn_core import checkpoints
from cnn_core.arrays import to_float
from cnn_core.judge import metrics
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Conv2d, Flatten, Linear, MaxPool2d
from cnn_core.runs import records
from cnn_core.runs.execution import execute
from cnn_core.training.settings import TrainSettings

SMALL = Architecture((1, 28, 28), (Conv2d(4), MaxPool2d(4), Flatten(), Linear(10)), 10)


def create(**changes: object) -> Path:
    options = {"dataset": "digits", "epochs": 2, "device": "cpu", "learning_rate": 0.02, **changes}
    return records.create(SMALL, TrainSettings(**options), "a small run")


class Orders:
    """Commands for `execute`: the n-th question is answered with `command`, all others with nothing."""

    def __init__(self, at: int, command: dict[str, object]) -> None:
        self.left, self.command = at, command

    def __call__(self) -> dict[str, object] | None:
        self.left -= 1
        return self.command if self.left == 0 else None


def test_a_finished_run_has_its_epochs_its_scores_and_its_model() -> None:
    path = create()
    run = execute(path, command="python -m cnn_core.train")
    assert run.status == "finished"
    assert run.progress == 1
    assert [epoch["epoch"] for epoch in run.epochs] == [0, 1]
    assert sorted(p.name for p in (path / "epochs").iterdir()) == ["001.safetensors", "002.safetensors"]
    assert not (path / records.RESUME).exists()
    model, card = checkpoints.load(path)
    assert card.test is not None
    cm = np.array(card.test["confusion_matrix"])
    assert card.test["accuracy"] == metrics.accuracy(cm)
    assert card.test["macro_f1"] == pytest.approx(metrics.macro_f1(cm))
    assert cm.sum() == card.test["images"]
    assert not model.training
    assert not any(p.requires_grad for p in model.parameters())


def test_the_cards_score_is_the_score_of_the_weights_beside_it() -> None:
    from cnn_core.data import datasets
    from cnn_core.inside import forward

    model, card = checkpoints.load(execute(create()).path)
    data = datasets.load("digits")
    predicted = forward.probabilities(model, to_float(data.x_test)).argmax(1)
    assert card.test is not None
    assert card.test["accuracy"] == pytest.approx((predicted == data.y_test).mean())


def test_a_paused_run_goes_on_to_the_same_scores_as_an_unbroken_one() -> None:
    whole = execute(create())
    path = create()
    paused = execute(path, Orders(5, {"do": "pause"}))
    assert paused.status == "paused"
    assert paused.resumable
    resumed = execute(path)
    assert resumed.status == "finished"
    assert resumed.test == whole.test
    assert [(b["epoch"], b["step"]) for b in resumed.batches] == sorted(
        {(b["epoch"], b["step"]) for b in resumed.batches}
    )


def test_a_stopped_run_keeps_a_scored_model_even_before_its_first_epoch() -> None:
    run = execute(create(), Orders(2, {"do": "stop"}))
    assert run.status == "stopped"
    assert run.epochs == ()
    assert run.has_model
    assert checkpoints.load(run.path).card.test == run.test


def test_a_hangup_leaves_a_run_to_be_resumed() -> None:
    run = execute(create(), Orders(2, {"do": "hangup"}))
    assert run.status == "interrupted"
    assert "resume" in run.reason
    assert execute(run.path).status == "finished"


def test_a_new_learning_rate_counts_from_the_next_batch_on() -> None:
    path = create(schedule="onecycle", batch_size=32)
    run = execute(path, Orders(3, {"do": "learning_rate", "value": 0.0005}))
    assert [event["value"] for event in records.events(path) if event["type"] == "learning_rate"] == [0.0005]
    assert run.batches[-1]["learning_rate"] == 0.0005


def test_a_diverged_run_says_so_and_what_to_do() -> None:
    run = execute(create(optimizer="sgd", learning_rate=1e4, schedule="constant"))
    assert run.status == "failed"
    assert "learning rate from 10000 to 1000" in run.reason


def test_a_missing_dataset_is_a_failed_run_with_a_sentence() -> None:
    run = execute(create(dataset="mnist"))
    assert run.status == "failed"
    assert "MNIST" in run.reason


def test_a_half_written_last_line_is_passed_over_and_not_written_into() -> None:
    path = create()
    records.append(path, "queued")
    with (path / records.EVENTS).open("a") as file:
        file.write('{"type": "fini')
    assert records.read(path).status == "queued"
    records.append(path, "failed", reason="killed")
    run = records.read(path)
    assert (run.status, run.reason) == ("failed", "killed")


def test_a_damaged_spec_is_one_sentence_and_leaves_the_list_standing() -> None:
    good, bad = create(), create()
    (bad / records.SPEC).write_text("{")
    with pytest.raises(records.RunError, match=bad.name):
        records.read(bad)
    assert [run.id for run in records.list_runs()] == [good.name]


@pytest.mark.parametrize("hostile", ["", "../etc", "a/b", ".", "..", "/root"])
def test_a_runs_id_from_a_url_cannot_leave_the_folder_of_runs(hostile: str) -> None:
    with pytest.raises(records.RunError):
        records.run_path(hostile)


def test_a_full_disk_fails_the_run_and_keeps_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from cnn_core.runs import execution

    path = create(epochs=3)

    def full(target: Path, *contents: object) -> None:
        if target.name == "002.safetensors":
            raise OSError(errno.ENOSPC, "No space left on device")
        write(target, *contents)

    write = execution.write_tensors
    monkeypatch.setattr(execution, "write_tensors", full)
    run = execute(path)
    assert run.status == "failed"
    assert "disk is full" in run.reason
    assert len(run.epochs) == 1
    assert checkpoints.load(path).card.name == path.name


def test_events_are_json_without_nan() -> None:
    path = create(optimizer="sgd", learning_rate=1e4, schedule="constant")
    execute(path)
    for line in (path / records.EVENTS).read_text().splitlines():
        json.loads(line, parse_constant=lambda name: pytest.fail(name))
