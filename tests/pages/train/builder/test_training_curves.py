"""The curves of a training: every row of the list is fields of its events, and draws what they say."""

from dataclasses import replace
from typing import get_type_hints

import pytest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear, ReLU
from cnn_core.runs import history, records
from cnn_core.runs.events import Batch, Epoch
from cnn_core.training.settings import TrainSettings
from pages.train.builder.training_curves import (
    CURVES,
    UNSHOWN,
    Curve,
    epoch_table,
    explosion,
    last_epochs,
    training_curve,
)
from pages.train.builder.training_status import later_was_worse, which_epoch
from pages.train.builder.training_steps import layer_table
from pages.ui import curve_points
from pages.ui.charts import LIGHT
from pages.ui.curve_points import MOST_POINTS, best_epoch


@pytest.fixture
def path():
    architecture = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    path = records.create(architecture, TrainSettings(dataset="digits", epochs=2), "a run")
    records.append(path, {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 4, "images": 400})
    return path


def points(run, curve: Curve, **given):
    return curve_points.points(run, curve.batch, curve.validation, **given)


def batch(path, epoch, step, value):
    numbers = {name: value for name in get_type_hints(Batch) if name not in (*UNSHOWN, "epoch", "step")}
    numbers["accuracy"] = min(1.0, value)
    records.append(path, {"type": "batch", "epoch": epoch, "step": step, **numbers})


def epoch(path, number, value, best=True):
    hints = get_type_hints(Epoch)
    numbers = {name: value for name in hints if name not in (*UNSHOWN, "epoch", "best")}
    records.append(path, {"type": "epoch", "epoch": number, "best": best, **numbers})


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.title)
def test_every_curve_is_a_number_of_its_events_and_draws_it(path, curve: Curve):
    for step, value in ((1, 0.25), (2, 0.5), (4, 0.75)):
        batch(path, 0, step, value)
    epoch(path, 0, 0.625)
    drawn = points(history.read(path), curve)
    training = drawn[drawn.curve == "training"]
    assert training.epoch.tolist() == [0.25, 0.5, 1.0]
    assert training.value.tolist() == [0.25, 0.5, 0.75]
    if curve.validation is not None:
        validation = drawn[drawn.curve == "validation"]
        assert validation[["epoch", "value"]].to_numpy().tolist() == [[1.0, 0.625]]


def test_a_curve_is_one_row_and_any_number_of_a_batch_can_be_one(path):
    batch(path, 1, 2, 0.5)
    for name in get_type_hints(Batch):
        if name not in UNSHOWN:
            assert len(points(history.read(path), Curve("Any", name, None))) == 1


def test_no_layer_is_empty_while_there_is_no_validation():
    spec = training_curve.spec(LIGHT, {"epochs": 3}, quantity="loss", share=False, zoom=False, validated=True)
    assert [part["mark"]["type"] for part in spec["layer"]] == ["line", "point", "text"]
    # A layer that filters has no extent where nothing is left: the browser's console then warns at every poll.
    assert not [part["transform"] for part in [spec, *spec["layer"]] if "transform" in part]


def test_a_loss_of_old_that_was_no_number_is_a_gap(path):
    batch(path, 0, 1, 0.5)
    line = (path / records.EVENTS).read_text().splitlines()[-1]
    with (path / records.EVENTS).open("a") as file:
        file.write(line.replace('"loss": 0.5', '"loss": null').replace('"step": 1', '"step": 2') + "\n")
    run = history.read(path)
    assert len(run.batches) == 2
    assert points(run, CURVES[0]).value.tolist() == [0.5]


def test_many_batches_are_drawn_as_means_of_neighbours(path):
    count = 2 * MOST_POINTS
    for step in range(count):
        batch(path, 0, step, step / count)
    drawn = points(history.read(path), CURVES[1])
    assert len(drawn) == MOST_POINTS
    assert drawn.value.tolist()[:2] == [0.5 / count, 2.5 / count]
    assert drawn.epoch.tolist()[:2] == [1 / 4, 3 / 4]


def test_the_table_has_a_column_for_every_field_of_an_epoch(path):
    epoch(path, 0, 0.5)
    table = epoch_table(history.read(path))
    assert len(table.columns) == len(get_type_hints(Epoch)) - len(UNSHOWN)
    assert table.iloc[0].to_dict() == {
        "epoch": 1,
        "training loss": 0.5,
        "training accuracy": 0.5,
        "validation loss": 0.5,
        "validation accuracy": 0.5,
        "seconds": 0.5,
        "best so far": True,
    }


def test_the_layers_of_the_last_epoch_stand_in_the_network_s_order(path):
    last = {
        "gradient_norms": {"linear1": 0.5, "conv2": 0.25},
        "update_ratios": {"linear1": 0.01, "conv2": 0.02},
        "dead_relus": {"relu1": 0.75},
    }
    records.append(
        path,
        {
            "type": "epoch",
            "epoch": 0,
            "loss": 1.0,
            "accuracy": 0.5,
            "validation_loss": None,
            "validation_accuracy": None,
            "seconds": 1.0,
            "best": True,
            **last,
        },
    )
    architecture = Architecture((1, 28, 28), (ReLU(), Flatten(), Linear(10)), 10)
    table, when = layer_table(replace(history.read(path), architecture=architecture))
    assert when == "the last batch of epoch 1"
    assert table["layer"].tolist() == ["relu1", "linear1", "conv2"]
    assert table["gradient norm"].tolist()[1:] == [0.5, 0.25]
    assert table["update / weights"].tolist()[1:] == [0.01, 0.02]
    assert table["dead"].tolist()[0] == 0.75
    now = {"gradient_norms": {"linear1": 0.125}, "update_ratios": {"linear1": 0.5}}
    told = {"type": "batch", "epoch": 1, "step": 3, "loss": 1.0, "accuracy": 0.5, "images_per_second": 9.0}
    records.append(path, {**told, "learning_rate": 0.1, **now})
    table, when = layer_table(replace(history.read(path), architecture=architecture))
    assert when == "batch 3 of epoch 2; dead ReLUs after epoch 1"
    assert table["gradient norm"].tolist()[1] == 0.125
    assert table["dead"].tolist()[0] == 0.75


def test_the_first_point_of_an_epoch_is_no_spike(path):
    """As runs of old told it: one batch alone at each begin, then means of thirty; and few at an end."""
    records.append(path, {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 62, "images": 400})
    told = [(0, 1, 2.0), (0, 31, 0.5), (0, 61, 0.4), (0, 62, 0.9), (1, 1, 0.8), (1, 31, 0.3), (1, 61, 0.2)]
    for number, step, value in told:
        batch(path, number, step, value)
    drawn = points(history.read(path), CURVES[0])
    assert drawn.epoch.tolist() == pytest.approx([31 / 62, 1.0, 1 + 31 / 62, 1 + 61 / 62])
    means = [(2.0 + 30 * 0.5) / 31, (30 * 0.4 + 0.9) / 31, (0.8 + 30 * 0.3) / 31, 0.2]
    assert drawn.value.tolist() == pytest.approx(means)


def test_a_loss_that_explodes_is_cut_and_said(path):
    for step, value in ((1, 2.0), (2, 1.0), (3, 0.5)):
        batch(path, 0, step, value)
    assert explosion(history.read(path)) == ""
    batch(path, 0, 4, 400_000.0)
    run = history.read(path)
    drawn = points(run, CURVES[0], top=4.6)
    assert drawn.shown.tolist() == [2.0, 1.0, 0.5, 4.6]
    assert drawn.value.iloc[-1] == 400_000
    assert explosion(run).startswith(
        "The loss rose to 400,000 in epoch 1, where guessing has 2.30: the curve is cut at 4.61."
    )


def test_where_most_of_it_exploded_nothing_is_cut(path):
    for step, value in ((1, 2.0), (2, 134.0), (3, 134.0), (4, 130.0)):
        batch(path, 0, step, value)
    run = history.read(path)
    assert points(run, CURVES[0], top=4.6).shown.tolist() == [2.0, 134.0, 134.0, 130.0]
    assert explosion(run) == ""


def test_the_best_epoch_is_marked_and_the_headline_says_which_it_is(path):
    for number, (value, best) in enumerate([(0.9, True), (0.96, True), (0.1, False)]):
        batch(path, number, 4, value)
        epoch(path, number, value, best)
    run = history.read(path)
    assert best_epoch(run)["epoch"] == 1
    drawn = points(run, CURVES[1])
    assert drawn[drawn.curve == "validation"].label.tolist() == ["", "best", ""]
    assert which_epoch(run) == "**Epoch 2** of 3, the best on the validation images,"
    assert later_was_worse(run).startswith(
        "Later epochs were worse: 96.00\u00a0% of the validation images right after epoch 2,"
        " 10.00\u00a0% after epoch 3."
    )
    assert last_epochs(run) == 1
    late = points(run, CURVES[1], since=1)
    assert late[late.curve == "validation"].epoch.tolist() == [1, 2, 3]


def test_without_validation_the_last_epoch_is_what_is_kept(path):
    records.append(
        path,
        {
            "type": "epoch",
            "epoch": 0,
            "loss": 1.0,
            "accuracy": 0.5,
            "validation_loss": None,
            "validation_accuracy": None,
            "seconds": 1.0,
            "best": True,
        },
    )
    run = history.read(path)
    assert best_epoch(run) is None
    assert which_epoch(run) == "**Epoch 1**, the last,"
    assert later_was_worse(run) == ""
