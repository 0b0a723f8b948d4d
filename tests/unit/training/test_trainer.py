"""The training loop: the fast network is the same function, resuming is exact, splits do not overlap."""

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core import machine
from cnn_core.arrays import to_float
from cnn_core.data import datasets
from cnn_core.data.augmentation import Augmentation
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import BatchNorm, Conv2d, Dropout, Flatten, Linear, MaxPool2d, ReLU
from cnn_core.networks.presets import PRESETS
from cnn_core.training.batches import augmented, shuffled
from cnn_core.training.settings import SETTINGS, TrainSettings
from cnn_core.training.trainer import Trainer

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


@pytest.mark.parametrize("optimizer", SETTINGS["optimizer"].choices)
@pytest.mark.parametrize("schedule", SETTINGS["schedule"].choices)
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


def test_a_last_batch_of_one_image_is_left_out_for_batch_norm() -> None:
    trainer = Trainer(SMALL, settings(batch_size=100, train_limit=201), datasets.load("digits"))
    assert [step.images for step in trainer.steps()] == [100, 100]


def test_inputs_are_the_images_over_255_as_far_as_the_network_reads_them() -> None:
    trainer = Trainer(SMALL, settings(), datasets.load("digits"))
    trainer._autocast = False
    images = torch.from_numpy(np.array(datasets.load("digits").x_test[:3]))
    expected = to_float(images.numpy())[:, :, :26, :26]
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
    images = torch.from_numpy(to_float(digits.x_train[trainer.training.numpy()]))
    labels = torch.from_numpy(digits.y_train[trainer.training.numpy()]).long()
    loss = nn.functional.cross_entropy(plain(images), labels)
    loss.backward()
    torch.testing.assert_close(step.loss / step.images, loss.detach(), rtol=1e-5, atol=1e-6)
    for fast, expected in zip(trainer.model.parameters(), plain.parameters()):
        torch.testing.assert_close(fast.grad, expected.grad, rtol=1e-4, atol=1e-6)


def test_a_resumed_run_gets_the_changes_to_its_images_that_an_unbroken_one_gets() -> None:
    changes = {"augmentation": Augmentation(2, 10.0, 0.1, True, 0.2, 0.05, 3), "batch_size": 64}
    unbroken = trained(2, **changes)
    tensors, scalars = unbroken.tensors(), unbroken.scalars()
    resumed = Trainer(SMALL, settings(**changes), datasets.load("digits"))
    resumed.restore(tensors, scalars)
    for trainer in (unbroken, resumed):
        torch.set_rng_state(tensors["random.cpu"])  # for the dropout masks, as above
        for _step in trainer.steps():
            pass
    for name, value in unbroken.weights().items():
        assert torch.equal(value, resumed.weights()[name]), name


@pytest.mark.parametrize("cores", [1, 2])
def test_a_step_learns_from_the_changed_images(cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnn_core.training.trainer.bfloat16_pays", lambda device: False)
    monkeypatch.setattr(machine, "cores", lambda: cores)
    monkeypatch.setattr(torch, "get_num_threads", lambda: cores)
    digits, architecture = datasets.load("digits"), PRESETS["mnist-3conv"].architecture()
    chosen = settings(batch_size=64, train_limit=64, augmentation=Augmentation(shift=3, rotate=20.0))
    trainer = Trainer(architecture, chosen, digits)
    before = trainer.weights()
    step = next(trainer.steps())
    plain = build(architecture)
    plain.load_state_dict(before)
    order = shuffled(trainer.training, chosen.seed, 0)
    images = augmented(torch.from_numpy(digits.x_train[order.numpy()]), chosen, 0, 0)
    loss = nn.functional.cross_entropy(plain(images), torch.from_numpy(digits.y_train[order.numpy()]).long())
    loss.backward()
    torch.testing.assert_close(step.loss / step.images, loss.detach(), rtol=1e-5, atol=1e-6)
    for fast, expected in zip(trainer.model.parameters(), plain.parameters()):
        torch.testing.assert_close(fast.grad, expected.grad, rtol=1e-4, atol=1e-6)


def test_softmax_before_the_loss_is_minimized_and_reported_and_no_score_knows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cnn_core.training.trainer.bfloat16_pays", lambda device: False)
    digits, architecture = datasets.load("digits"), PRESETS["lenet5"].architecture()
    trainer = Trainer(architecture, settings(batch_size=64, train_limit=64, softmax_before_loss=True), digits)
    plain = build(architecture)
    plain.load_state_dict(trainer.weights())
    images = torch.from_numpy(to_float(digits.x_train[trainer.training.numpy()]))
    labels = torch.from_numpy(digits.y_train[trainer.training.numpy()]).long()
    logits = plain(images)
    score = trainer.score_training()
    assert score.loss == pytest.approx(nn.functional.cross_entropy(logits, labels).item(), rel=1e-5)
    loss = nn.functional.cross_entropy(logits.softmax(1), labels)
    loss.backward()
    step = next(trainer.steps())
    torch.testing.assert_close(step.loss / step.images, loss.detach(), rtol=1e-5, atol=1e-6)
    for fast, expected in zip(trainer.model.parameters(), plain.parameters()):
        torch.testing.assert_close(fast.grad, expected.grad, rtol=1e-4, atol=1e-6)


def plain_step(
    asked: TrainSettings, monkeypatch: pytest.MonkeyPatch
) -> tuple[Trainer, nn.Sequential, torch.Tensor]:
    """A trainer after its first step, the network as it was before, and the loss that torch computes of it."""
    monkeypatch.setattr("cnn_core.training.trainer.bfloat16_pays", lambda device: False)
    digits, architecture = datasets.load("digits"), PRESETS["lenet5"].architecture()
    trainer = Trainer(architecture, asked, digits)
    plain = build(architecture)
    plain.load_state_dict(trainer.weights())
    images = torch.from_numpy(to_float(digits.x_train[trainer.training.numpy()]))
    labels = torch.from_numpy(digits.y_train[trainer.training.numpy()]).long()
    loss = nn.functional.cross_entropy(plain(images), labels, label_smoothing=asked.label_smoothing)
    loss.backward()
    step = next(trainer.steps())
    torch.testing.assert_close(step.loss / step.images, loss.detach(), rtol=1e-5, atol=1e-6)
    return trainer, plain, loss


def test_smoothed_labels_and_clipped_gradients_are_torch_s(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = settings(batch_size=64, train_limit=64, label_smoothing=0.2, clip_norm=0.05)
    trainer, plain, _ = plain_step(asked, monkeypatch)
    before = nn.utils.clip_grad_norm_(plain.parameters(), 0.05)
    assert before > 0.05
    for fast, expected in zip(trainer.model.parameters(), plain.parameters()):
        torch.testing.assert_close(fast.grad, expected.grad, rtol=1e-4, atol=1e-6)


def test_gradients_shorter_than_the_limit_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, plain, _ = plain_step(settings(batch_size=64, train_limit=64, clip_norm=1000.0), monkeypatch)
    for fast, expected in zip(trainer.model.parameters(), plain.parameters()):
        torch.testing.assert_close(fast.grad, expected.grad, rtol=1e-4, atol=1e-6)


def test_with_all_weights_zero_only_the_last_bias_learns() -> None:
    trainer = trained(3, initialization="zeros", optimizer="sgd")
    moved = {
        name for name, value in trainer.weights().items() if not name.startswith("batch_norm") and value.any()
    }
    assert moved == {"linear1.bias"}
