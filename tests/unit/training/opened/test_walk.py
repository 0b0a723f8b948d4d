"""A training in single steps: every printed gradient is autograd's, every update torch's, a step back exact."""

from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.data import datasets
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
)
from cnn_core.training.opened.arithmetic import arithmetic
from cnn_core.training.opened.passes import weighted
from cnn_core.training.opened.walk import MOST_PARAMETERS, Walk, problem
from cnn_core.training.opened.weight_gradient import weight_gradient
from cnn_core.training.settings import SETTINGS, TrainSettings
from cnn_core.training.trainer import Trainer

DIGITS = datasets.load("digits")
NETWORK = Architecture(
    (1, 28, 28),
    (
        *(Conv2d(4, 5, stride=2), BatchNorm(), ReLU(), Residual(4), MaxPool2d(), Dropout(0.3)),
        *(Flatten(), Linear(8), ReLU(), Linear(10)),
    ),
    10,
)


def settings(**changes: object) -> TrainSettings:
    usual = {"dataset": "digits", "batch_size": 4, "train_limit": 16, "validation_fraction": 0.0, "seed": 3}
    return TrainSettings.from_dict({**usual, "schedule": "constant", "device": "cpu", **changes})


def walk(architecture: Architecture = NETWORK, **changes: object) -> Walk:
    return Walk(build(architecture, 3), settings(**changes), DIGITS.x_train, DIGITS.y_train)


def same(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one) and set(one) == set(other)


def test_a_step_back_restores_every_bit_and_ten_steps_are_ten_times_one() -> None:
    by_one, at_once = walk(), walk()
    states = [by_one.weights()]
    for step in range(1, 11):
        by_one.go_to(step)
        states.append(by_one.weights())
    at_once.go_to(10)
    assert same(at_once.weights(), states[10])
    for step in (9, 5, 0, 7):
        at_once.go_to(step)
        assert at_once.place.step == step
        assert same(at_once.weights(), states[step])
    assert not same(states[9], states[10])
    opened = at_once.open()
    assert same(at_once.weights(), states[7])  # looking changes nothing
    assert same(opened.after, {name: states[8][name] for name in opened.after})
    with pytest.raises(ValueError, match="step is -1"):
        at_once.go_to(-1)


def test_it_goes_back_further_than_the_states_it_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnn_core.training.opened.walk.KEPT_BYTES", 0)
    kept, little = walk(), walk()
    kept.go_to(3)
    little.go_to(12)
    assert len(little._states) == 2
    little.go_to(3)
    assert same(little.weights(), kept.weights())


def test_epoch_batch_and_step_are_counted() -> None:
    here = walk()
    seen = []
    for step in range(9):
        here.go_to(step)
        place = here.place
        seen.append((place.epoch, place.batch, place.images_seen))
        assert place.batches == 4
    assert seen[:5] == [(1, 1, 0), (1, 2, 4), (1, 3, 8), (1, 4, 12), (2, 1, 16)]
    assert seen[8] == (3, 1, 32)
    epoch = [walk_batch(step) for step in range(4)]
    assert len(np.unique(np.concatenate(epoch), axis=0)) == 16  # a pass over the data: each image once


def walk_batch(step: int) -> np.ndarray:
    here = walk()
    here.go_to(step)
    return here.open().images.reshape(4, -1)


def test_the_model_that_is_shared_stays_as_it_was() -> None:
    model = build(NETWORK, 3).eval().requires_grad_(False)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    here = Walk(model, settings(), DIGITS.x_train, DIGITS.y_train)
    here.go_to(3)
    here.open()
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not model.training
    assert all(not module._forward_hooks for module in model.modules())


def test_its_steps_are_those_of_a_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnn_core.training.trainer.bfloat16_pays", lambda device: False)
    plain = Architecture((1, 28, 28), (Conv2d(4), ReLU(), MaxPool2d(), Flatten(), Linear(10)), 10)
    trainer = Trainer(plain, settings(optimizer="sgd", learning_rate=0.1), DIGITS)
    here = walk(plain, optimizer="sgd", learning_rate=0.1)
    losses = []
    for step, done in enumerate(trainer.steps()):
        here.go_to(step)
        losses.append((float(done.loss) / done.images, here.open().loss))
    here.go_to(len(losses))
    np.testing.assert_allclose(*zip(*losses), atol=1e-5)
    for name, value in trainer.weights().items():
        np.testing.assert_allclose(here.weights()[name], value.numpy(), atol=1e-5)


def indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """A few places of an array, its corners among them."""
    return sorted(set(product(*({0, size // 2, size - 1} for size in shape))))[:12]


OPTIMIZERS = [
    ("sgd", {"momentum": 0.0}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "weight_decay": 0.1}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("rmsprop", {}),
    ("rmsprop", {"weight_decay": 0.1}),
    ("adam", {}),
    ("adam", {"weight_decay": 0.1}),
    ("adamw", {}),
    ("adamw", {"weight_decay": 0.1}),
    ("muon", {"momentum": 0.9}),
    ("muon", {"momentum": 0.9, "weight_decay": 0.1, "clip_norm": 0.5}),
    ("sgd", {"momentum": 0.0, "clip_norm": 0.5, "label_smoothing": 0.2}),
    ("adam", {"clip_norm": 0.5, "eps": 1e-2}),
]


def test_every_optimizer_of_the_settings_is_tried() -> None:
    assert {name for name, _ in OPTIMIZERS} == set(SETTINGS["optimizer"].choices)


@pytest.mark.parametrize(("optimizer", "changes"), OPTIMIZERS)
def test_every_gradient_and_every_update_that_is_written_out_is_torchs(
    optimizer: str, changes: dict[str, object]
) -> None:
    here = walk(optimizer=optimizer, learning_rate=0.01, **changes)
    for step in (0, 1, 4):
        here.go_to(step)
        model = build(NETWORK, 3).train()
        model.load_state_dict({name: torch.from_numpy(value) for name, value in here.weights().items()})
        opened = here.open()
        for name, (layer, parameter) in parameters(model).items():
            gradient = opened.gradients[name]
            for index in indices(gradient.shape):
                written = weight_gradient(opened.layers[layer], parameter, index)
                assert written.terms.shape == written.factors.shape == written.output_gradients.shape
                assert written.total == pytest.approx(written.terms.sum(), abs=1e-12)
                assert written.total == pytest.approx(gradient[index], abs=1e-5, rel=1e-4)
                lines = arithmetic(optimizer, opened, name, index)
                assert lines[-1].value == pytest.approx(opened.after[name][index], abs=1e-6)


def parameters(model: nn.Sequential) -> dict[str, tuple[str, str]]:
    """The layer and the parameter's own name, by the whole name."""
    return {
        f"{layer}.{own}": (layer, own)
        for layer, module in weighted(model)
        for own, _ in module.named_parameters(recurse=False)
    }


def test_a_network_too_large_is_refused_with_its_numbers() -> None:
    large = Architecture((1, 28, 28), (Flatten(), Linear(4096), Linear(10)), 10)
    assert f"at most {MOST_PARAMETERS:,}" in problem(large, 4)
    assert problem(NETWORK, 4) == ""
    wide = Architecture((3, 256, 256), (Conv2d(256, 5, stride=2), AvgPool2d(64), Flatten(), Linear(2)), 2)
    assert "multiply-adds" in problem(wide, 8)
    assert (
        "a batch of 1" in problem(Architecture((1, 8, 8), (Flatten(), BatchNorm(), Linear(2)), 2), 1).lower()
    )
