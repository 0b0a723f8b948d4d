"""The training loop: the fast network is the same function, resuming is exact, splits do not overlap."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.data import datasets
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import BatchNorm, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from cnn_core.networks.presets import PRESETS
from cnn_core.training.settings import SettingsError, TrainSettings
from cnn_core.training.trainer import Trainer, split

SMALL = Architecture(
    (1, 28, 28),
    (Conv2d(4), ReLU(), MaxPool2d(4), Conv2d(4), BatchNorm(), ReLU(), Dropout(0.2), Flatten(), Linear(10)),
    10,
)


def settings(**changes: object) -> TrainSettings:
    return TrainSettings(**{"dataset": "digits", "epochs": 2, "train_limit": 300, "device": "cpu", **changes})


def trained(steps: int, **changes: object) -> Trainer:
    trainer = Trainer(SMALL, settings(**changes), datasets.load("digits"))
    for _, _ in zip(range(steps), trainer.steps()):
        pass
    return trainer


def test_training_lowers_the_loss_and_learns_the_digits() -> None:
    trainer = Trainer(
        SMALL, settings(epochs=3, train_limit=None, learning_rate=0.02), datasets.load("digits")
    )
    first = trainer.score_validation()
    for _ in range(3):
        for _step in trainer.steps():
            pass
    last = trainer.score_validation()
    assert first is not None
    assert last is not None
    assert last.loss < first.loss
    assert trainer.score_test().macro_f1 > 0.7


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    one, two, other = trained(3), trained(3), trained(3, seed=1)
    for name, value in one.weights().items():
        assert torch.equal(value, two.weights()[name]), name
    assert not torch.equal(one.weights()["conv1.weight"], other.weights()["conv1.weight"])


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("schedule", ["onecycle", "constant"])
def test_a_resumed_run_ends_in_exactly_the_weights_of_an_unbroken_one(optimizer: str, schedule: str) -> None:
    changes = {"optimizer": optimizer, "schedule": schedule, "learning_rate": 0.01, "batch_size": 64}
    unbroken = trained(2, **changes)
    tensors, scalars = unbroken.tensors(), unbroken.scalars()
    resumed = Trainer(SMALL, settings(**changes), datasets.load("digits"))
    resumed.restore(tensors, scalars)
    for trainer in (unbroken, resumed):
        # The dropout masks come from torch's global generator, which both trainers share here.
        torch.set_rng_state(tensors["random.cpu"])
        for _step in trainer.steps():
            pass
    assert resumed.epoch == unbroken.epoch == 1
    for name, value in unbroken.weights().items():
        assert torch.equal(value, resumed.weights()[name]), name


def test_split_is_a_partition_chosen_by_the_seed() -> None:
    training, validation = split(1000, 0.1, seed=3)
    assert len(validation) == 100
    assert sorted([*training.tolist(), *validation.tolist()]) == list(range(1000))
    assert torch.equal(split(1000, 0.1, seed=3)[0], training)
    assert not torch.equal(split(1000, 0.1, seed=4)[0], training)
    assert len(split(1000, 0.1, seed=3, limit=50)[0]) == 50


def test_a_last_batch_of_one_image_is_left_out_for_batch_norm() -> None:
    trainer = Trainer(SMALL, settings(batch_size=100, train_limit=201), datasets.load("digits"))
    assert [step.images for step in trainer.steps()] == [100, 100]


def test_inputs_are_the_images_over_255_as_far_as_the_network_reads_them() -> None:
    trainer = Trainer(SMALL, settings(), datasets.load("digits"))
    trainer._autocast = False
    images = torch.from_numpy(np.array(datasets.load("digits").x_test[:3]))
    expected = datasets.to_float(images.numpy())[:, :, :26, :26]
    np.testing.assert_allclose(trainer.inputs(images).numpy(), expected, atol=1e-7)


@pytest.mark.parametrize("preset", ["mnist-3conv", "fashion-2conv", "tiny-vgg", "lenet5"])
def test_the_gradients_of_a_step_are_the_plain_networks(preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnn_core.training.trainer.bfloat16_pays", lambda device: False)
    digits = datasets.load("digits")
    trainer = Trainer(PRESETS[preset].architecture(), settings(batch_size=64, train_limit=64), digits)
    before = trainer.weights()
    step = next(trainer.steps())
    plain = build(PRESETS[preset].architecture())
    plain.load_state_dict(before)
    images = torch.from_numpy(datasets.to_float(digits.x_train[trainer.training.numpy()]))
    labels = torch.from_numpy(digits.y_train[trainer.training.numpy()]).long()
    loss = nn.functional.cross_entropy(plain(images), labels)
    loss.backward()
    torch.testing.assert_close(step.loss / step.images, loss.detach(), rtol=1e-5, atol=1e-6)
    for fast, expected in zip(trainer.model.parameters(), plain.parameters()):
        torch.testing.assert_close(fast.grad, expected.grad, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "value"),
    [("optimizer", "lion"), ("epochs", 0), ("epochs", 1.5), ("learning_rate", float("nan")), ("batch_size", 0),
     ("validation_fraction", 0.9), ("seed", -1), ("device", "tpu"), ("train_limit", 1), ("schedule", "step")],
)  # fmt: skip
def test_settings_out_of_range_are_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(SettingsError, match=name):
        TrainSettings(**{name: value})


def test_settings_survive_json_and_refuse_what_they_do_not_know() -> None:
    chosen = settings(weight_decay=0.01)
    assert TrainSettings.from_dict(chosen.to_dict()) == chosen
    with pytest.raises(SettingsError, match="warmup"):
        TrainSettings.from_dict({"warmup": 3})
