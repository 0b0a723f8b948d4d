"""The curves of a training: every row of the list is fields of its events, and draws what they say."""

from typing import get_type_hints

import pytest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import history, records
from cnn_core.runs.events import Batch, Epoch
from cnn_core.training.settings import TrainSettings
from pages.train.builder.training_curves import (
    CURVES,
    MOST_POINTS,
    Curve,
    epoch_table,
    points,
    training_curve,
)
from pages.ui.charts import LIGHT


@pytest.fixture
def path():
    architecture = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    path = records.create(architecture, TrainSettings(dataset="digits", epochs=2), "a run")
    records.append(path, {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 4, "images": 400})
    return path


def batch(path, epoch, step, value):
    numbers = {name: value for name in get_type_hints(Batch) if name not in ("type", "time", "epoch", "step")}
    records.append(path, {"type": "batch", "epoch": epoch, "step": step, **numbers})


def epoch(path, number, value):
    hints = get_type_hints(Epoch)
    numbers = {name: value for name in hints if name not in ("type", "time", "epoch", "best")}
    records.append(path, {"type": "epoch", "epoch": number, "best": True, **numbers})


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
        if name not in ("type", "time"):
            assert len(points(history.read(path), Curve("Any", name, None))) == 1


def test_no_layer_is_empty_while_there_is_no_validation():
    spec = training_curve.spec(LIGHT, {"epochs": 3}, quantity="loss")
    assert [part["mark"]["type"] for part in spec["layer"]] == ["line", "point"]
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
    assert len(table.columns) == len(get_type_hints(Epoch)) - 2
    assert table.iloc[0].to_dict() == {
        "epoch": 1,
        "training loss": 0.5,
        "training accuracy": 0.5,
        "validation loss": 0.5,
        "validation accuracy": 0.5,
        "seconds": 0.5,
        "best so far": True,
    }
