"""What is seen in trained networks; and ten sound runs, in which the rules find nothing."""

import numpy as np
import pytest
import torch

from cnn_core import checkpoints, files
from cnn_core.data import datasets
from cnn_core.doctor.looking import MOST_STEPS, case_of, inside, learn_by_heart
from cnn_core.doctor.rules import examine
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import records
from tests.support.made_runs import trained

pytestmark = pytest.mark.usefixtures("one_thread")
HEALTHY = (
    ("conv8-relu-pool-conv16-relu-pool-flatten-linear10", {"epochs": 8}),
    (
        "conv8-relu-pool-conv16-relu-pool-flatten-linear10",
        {"epochs": 10, "schedule": "constant", "learning_rate": 0.003},
    ),
    (
        "conv8-relu-pool-conv16-relu-pool-flatten-linear32-relu-linear10",
        {"epochs": 10, "optimizer": "sgd", "learning_rate": 0.05},
    ),
    ("conv6_k5_p2-tanh-avgpool-conv16_k5-tanh-avgpool-flatten-linear84-tanh-linear10", {"epochs": 8}),
    ("conv8-relu-pool-dropout0.2-conv16-relu-pool-flatten-dropout0.2-linear10", {"epochs": 10}),
    (
        "conv8-gelu-pool-conv16-gelu-pool-flatten-linear10",
        {"epochs": 8, "optimizer": "adamw", "weight_decay": 0.01},
    ),
    ("conv8-relu-pool-flatten-linear64-relu-linear10", {"epochs": 8, "seed": 3}),
    ("flatten-linear64-relu-linear10", {"epochs": 8}),
    (
        "conv8-leakyrelu-pool-conv16-leakyrelu-pool-flatten-linear10",
        {"epochs": 8, "batch_size": 32, "learning_rate": 0.002},
    ),
    ("conv8-bn-relu-pool-conv16-bn-relu-pool-flatten-linear10", {"epochs": 8, "seed": 1}),
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
