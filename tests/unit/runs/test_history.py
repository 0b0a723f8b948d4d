"""A run as its folder tells it: read at any moment, whatever was torn off in the middle."""

import json
from pathlib import Path

import numpy as np
import pytest

from cnn_core import checkpoints
from cnn_core.arrays import to_float
from cnn_core.judge import metrics
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Conv2d, Flatten, Linear, MaxPool2d
from cnn_core.runs import history, listing, records
from cnn_core.runs.execution import execute
from cnn_core.training.settings import TrainSettings

SMALL = Architecture((1, 28, 28), (Conv2d(4), MaxPool2d(4), Flatten(), Linear(10)), 10)


def create(**changes: object) -> Path:
    options = {"dataset": "digits", "epochs": 2, "device": "cpu", "learning_rate": 0.02, **changes}
    return records.create(SMALL, TrainSettings(**options), "a small run")


def sound_runs() -> list[str]:
    """The runs that a list shows and finds nothing wrong with; it shows the others too."""
    listed = listing.servers().runs
    assert {run.id for run in listed} == {path.name for path in records.runs_home().iterdir()}
    return [run.id for run in listed if not run.damaged]


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
    assert history.read(path).status == "queued"
    records.append(path, {"type": "failed", "reason": "killed"})
    run = history.read(path)
    assert (run.status, run.reason) == ("failed", "killed")


def test_a_damaged_spec_is_one_sentence_and_leaves_the_list_standing() -> None:
    good, bad = create(), create()
    (bad / records.SPEC).write_text("{")
    with pytest.raises(records.RunError, match=bad.name):
        history.read(bad)
    assert sound_runs() == [good.name]


METRICS = {"accuracy": 0.5, "macro_f1": 0.5, "loss": None, "images": 1, "confusion_matrix": [[1]]}
DAMAGES: dict[str, tuple[str, bytes]] = {
    "a byte that is no UTF-8": (records.METRICS, json.dumps(METRICS).encode() + b"\x80"),
    "a score that is missing": (records.METRICS, b'{"accuracy": 1}'),
    "a score that is a word": (records.METRICS, json.dumps({**METRICS, "loss": "much"}).encode()),
    "no JSON": (records.SPEC, b"{"),
    "another JSON": (records.SPEC, b"[1]"),
    "a number of 5,000 digits": (records.SPEC, b'{"created": ' + b"9" * 5000 + b"}"),
    "deep JSON": (records.SPEC, b'{"title":' * 50_000 + b"1" + b"}" * 50_000),
}


@pytest.mark.parametrize(("name", "contents"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_one_sentence_and_leaves_the_list_standing(name: str, contents: bytes) -> None:
    good, bad = create(), create()
    (bad / name).write_bytes(contents)
    with pytest.raises(records.RunError) as refused:
        history.read(bad)
    assert str(refused.value).startswith(f"the run {bad.name!r} cannot be read: {name} is damaged")
    assert str(bad.parent) not in str(refused.value)
    assert sound_runs() == [good.name]


@pytest.mark.parametrize(
    "setting",
    [{"dataset": None}, {"dataset": ["mnist"]}, {"epochs": "many"}, {"epochs": 10**400}, {"unknown": 1}],
)
def test_a_spec_with_a_setting_of_another_kind_is_damaged(setting: dict[str, object]) -> None:
    path = create()
    spec = json.loads((path / records.SPEC).read_text())
    (path / records.SPEC).write_text(json.dumps({**spec, "settings": {**spec["settings"], **setting}}))
    with pytest.raises(records.RunError, match=r"cannot be read: spec\.json is damaged"):
        history.read(path)


@pytest.mark.parametrize("thing", ["folder", "link loop"])
def test_something_else_in_the_place_of_the_events_is_one_sentence(thing: str) -> None:
    good, bad = create(), create()
    if thing == "folder":
        (bad / records.EVENTS).mkdir()
    else:
        (bad / records.EVENTS).symlink_to(bad / records.EVENTS)
    with pytest.raises(records.RunError, match=rf"{bad.name}.*cannot be read: events\.jsonl is damaged"):
        history.read(bad)
    with pytest.raises(records.RunError, match=r"events\.jsonl is damaged"):
        history.read_status(bad)
    assert sound_runs() == [good.name]


def test_lines_that_are_no_events_are_passed_over() -> None:
    path = create()
    records.append(path, {"type": "queued"})
    with (path / records.EVENTS).open("ab") as file:
        for line in (
            b'{"type": "started"}',
            b'{"type": ["failed"]}',
            b'{"type": "failed"}\x80',
            b"[" * 100_000,
        ):
            file.write(line + b"\n")
        file.write(b'{"type": "started", "epoch": ' + b"9" * 5000 + b"}\n")
    assert history.read(path).status == history.read_status(path) == "queued"
    assert history.read(path).started is None


def test_a_status_is_read_from_the_end_of_a_long_run() -> None:
    path = create()
    assert history.read_status(path) == "queued"
    records.append(path, {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 9, "images": 9})
    for step in range(5):
        records.append(
            path,
            {
                "type": "batch",
                "epoch": 0,
                "step": step,
                "loss": 1.0,
                "accuracy": 0.5,
                "images_per_second": 1.0,
                "learning_rate": 0.1,
            },
        )
    with (path / records.EVENTS).open("a") as file:
        file.write('{"type": "fini')
    assert history.read_status(path) == history.read(path).status == "running"
