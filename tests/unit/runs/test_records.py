"""A run's folder: written by `execute`, read at any moment, whatever was torn off in the middle."""

from pathlib import Path

import numpy as np
import pytest

from cnn_core import checkpoints
from cnn_core.arrays import to_float
from cnn_core.judge import metrics
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers.dense import Flatten, Linear
from cnn_core.networks.layers.windowed import Conv2d, MaxPool2d
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
    run = execute(path)
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


def test_a_half_written_last_line_is_passed_over_and_not_written_into() -> None:
    path = create()
    records.append(path, {"type": "queued"})
    with (path / records.EVENTS).open("a") as file:
        file.write('{"type": "fini')
    assert records.read(path).status == "queued"
    records.append(path, {"type": "failed", "reason": "killed"})
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


def test_two_runs_never_get_one_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["same", "same", "same", "other"])
    monkeypatch.setattr(records.secrets, "token_hex", lambda _count: next(drawn))
    monkeypatch.setattr(records.time, "strftime", lambda *_: "20260101-000000")  # within one second
    first = create(seed=1)
    execute(first)
    second = create(seed=2)
    assert second.name == first.name.replace("same", "other")
    assert records.read(first).settings.seed == 1
    assert records.read(first).status == "finished"
    assert records.read(second).settings.seed == 2


def test_runs_begun_at_once_differ_by_more_than_luck() -> None:
    names = {create().name for _ in range(20)}
    assert len(names) == 20
    assert all(len(name.rpartition("-")[2]) >= 8 for name in names)  # 4 billion values a second and dataset


def test_a_full_disk_leaves_no_folder_without_a_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(records.files, "write_json", full)
    with pytest.raises(OSError, match="No space left"):
        create()
    assert list(records.runs_home().iterdir()) == []
