"""What is seen in trained networks; and ten sound runs, in which the rules find nothing."""

import numpy as np
import pytest
import torch

from cnn_core import checkpoints, files
from cnn_core.data import datasets
from cnn_core.doctor.examination import examine
from cnn_core.doctor.looking import MOST_STEPS, case_of, inside, learn_by_heart
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import records
from tests.support.made_runs import trained

pytestmark = pytest.mark.usefixtures("one_thread")
HEALTHY = (
    ("conv8_s2-relu-conv16_s2-relu-flatten-linear10", {"epochs": 6}),
    ("conv8_s2-relu-pool-flatten-linear10", {"epochs": 8, "learning_rate": 0.01}),
    (
        "conv8_s2-relu-conv16_s2-relu-flatten-linear10",
        {"epochs": 6, "optimizer": "sgd", "learning_rate": 0.1},
    ),
    ("conv6_k5_s2-tanh-avgpool-flatten-linear32-tanh-linear10", {"epochs": 6}),
    ("conv8_s2-relu-pool-flatten-dropout0.2-linear10", {"epochs": 8}),
    ("conv8_s2-gelu-pool-flatten-linear10", {"epochs": 6, "optimizer": "adamw", "weight_decay": 0.01}),
    ("conv8_s2-bn-relu-pool-flatten-linear10", {"epochs": 6, "seed": 1}),
    ("flatten-linear64-relu-linear10", {"epochs": 6}),
    ("flatten-linear32-relu-linear32-relu-linear10", {"epochs": 6, "seed": 3}),
    ("conv8_s2-leakyrelu-pool-flatten-linear10", {"epochs": 6, "batch_size": 64, "learning_rate": 0.003}),
)


@pytest.mark.parametrize(("line", "settings"), HEALTHY)
def test_nothing_is_found_in_sound_runs(line, settings):
    run = trained(line, **settings)
    assert run.status == "finished"
    case = case_of(run)
    assert case.inside is not None
    assert len(case.inside.layers) == len(run.architecture.layers)
    assert [(one.sentence, one.evidence) for one in examine(case)] == []


def test_a_run_that_overflowed_is_named_from_its_own_events():
    run = trained(
        "flatten-linear32-linear32-linear10",
        epochs=2,
        optimizer="sgd",
        learning_rate=1e3,
        schedule="constant",
    )
    assert run.status == "failed"
    rules = [one.rule for one in examine(case_of(run))]
    assert "Is the loss a number?" in rules


def test_a_real_rate_that_is_too_low_is_named():
    run = trained("flatten-linear32-relu-linear10", epochs=3, learning_rate=4e-4)
    assert "Is the learning rate large enough?" in [one.rule for one in examine(case_of(run))]


def test_dead_alike_and_large_filters_are_seen_in_the_weights():
    run = trained("conv4-relu-flatten-linear10", epochs=1)
    tensors = checkpoints.load_weights(run.path / records.BEST)
    tensors["conv1.weight"][:] = 30.0
    tensors["conv1.bias"][:] = torch.tensor([-1e6, -1e6, -1e6, 1.0])
    files.write_tensors(run.path / records.BEST, tensors)
    found = inside(run, datasets.load("digits"))
    assert found is not None
    conv, relu = found.layers[:2]
    assert (conv.name, conv.largest, conv.alike, conv.dead) == ("conv1", 30.0, True, 0)
    assert (relu.channels, relu.dead) == (4, 3)
    rules = {one.rule for one in examine(case_of(run))}
    assert {"Are most channels alive?", "Do filters differ?", "Are the weights of a sound size?"} <= rules


def test_one_batch_is_learned_by_heart_and_not_through_ten_sigmoids(monkeypatch):
    monkeypatch.setattr("cnn_core.doctor.looking.SECONDS", 30.0)
    data = datasets.load("digits")
    sound = learn_by_heart(
        Architecture((1, 28, 28), shorthand.from_text("flatten-linear32-relu-linear10"), 10), data
    )
    assert len(sound) == MOST_STEPS
    assert sound[-1] < 0.2 < sound[0]
    deep = "flatten-" + 10 * "linear16-sigmoid-" + "linear10"
    stuck = learn_by_heart(Architecture((1, 28, 28), shorthand.from_text(deep), 10), data)
    assert len(stuck) == MOST_STEPS
    assert stuck[-1] > 0.5 * stuck[0]
    large = learn_by_heart(
        Architecture((1, 28, 28), shorthand.from_text("conv512-conv512-flatten-linear10"), 10), data
    )
    assert large == ()
    assert np.isfinite(sound).all()
