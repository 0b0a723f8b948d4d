"""Every preset that fails on purpose fails as its words say, and the Doctor names it."""

import dataclasses
import math
from collections.abc import Callable

import numpy as np
import pytest
import torch

from cnn_core.checkpoints import load
from cnn_core.data import datasets
from cnn_core.data.datasets import Dataset
from cnn_core.doctor import looking
from cnn_core.doctor.examination import RULES, examine
from cnn_core.doctor.failures import FAILURES, Failure, failure_of
from cnn_core.doctor.looking import case_of
from cnn_core.networks import repairs, shorthand
from cnn_core.networks.layers import MaxPool2d, ReLU
from cnn_core.runs import execution
from cnn_core.runs.history import Run
from cnn_core.training.settings import SETTINGS, TrainSettings
from tests.support.made_runs import trained

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def grainy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The digits under strong noise: what 500 of them have in common by accident is much."""
    digits = datasets.load("digits")
    noise = np.random.default_rng(0)

    def under(images: np.ndarray) -> np.ndarray:
        return np.clip(images + noise.normal(0, 130, images.shape), 0, 255).astype(np.uint8)

    made: Dataset = dataclasses.replace(digits, x_train=under(digits.x_train), x_test=under(digits.x_test))
    monkeypatch.setattr(execution, "load", lambda name: made)
    monkeypatch.setattr(looking.datasets, "load", lambda name: made)


def run_of(failure: Failure, **changes: object) -> Run:
    line = shorthand.to_text(failure.architecture().layers)
    return trained(line, **{**failure.settings, **changes})


def jumps(run: Run) -> None:
    losses = [batch["loss"] for batch in run.batches if batch["loss"] is not None]
    assert max(losses) > 10 * math.log(10)
    assert run.test is not None
    assert run.test["accuracy"] < 0.2


def is_affine(run: Run) -> None:
    """f(x + y) - f(y) is the same for every y: one linear map, however many layers."""
    model = load(run.path).model
    x, y, z = torch.rand(3, 4, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        torch.testing.assert_close(model(x + y) - model(y), model(x + z) - model(z), rtol=1e-3, atol=1e-3)


def by_heart(run: Run) -> None:
    last = run.epochs[-1]
    assert last["accuracy"] > 0.99
    assert (last["validation_accuracy"] or 0.0) < 0.92


def above_the_floor(run: Run) -> None:
    floor = math.log(math.e + 9) - 1
    assert f"{floor:.2f}" in FAILURES["softmax-before-loss"].about(10)[1]
    assert all(batch["loss"] is not None and batch["loss"] > floor for batch in run.batches)
    assert run.epochs[-1]["accuracy"] > 0.5  # it learns all the same


def stays_at_guessing(run: Run) -> None:
    assert all(abs(epoch["loss"] - math.log(10)) < 0.05 for epoch in run.epochs if epoch["loss"] is not None)
    assert run.test is not None
    assert np.count_nonzero(np.sum(run.test["confusion_matrix"], axis=0)) == 1


def sees_nothing(run: Run) -> None:
    """In training mode what reaches the last layer is the same for every image; with larger batches it learns."""
    model = load(run.path).model.train()
    images = torch.rand(2, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        first, second = (model(image[None]) for image in images)
    torch.testing.assert_close(first, second, rtol=1e-3, atol=1e-3)
    assert run.epochs[-1]["accuracy"] < 0.2
    larger = {**FAILURES["batch-of-one"].settings, "batch_size": 16, "epochs": 12}
    sound = trained(shorthand.to_text(run.architecture.layers), **larger)
    assert sound.epochs[-1]["accuracy"] > 0.5


def low_in_training_too(run: Run) -> None:
    """And far below the same network without its last two poolings."""
    layers = run.architecture.layers
    pools = [index for index, layer in enumerate(layers) if isinstance(layer, MaxPool2d)]
    kept = [layer for index, layer in enumerate(layers) if index not in pools[-2:]]
    sound = trained(shorthand.to_text(tuple(kept)), **FAILURES["too-much-pooling"].settings)
    assert run.epochs[-1]["accuracy"] < sound.epochs[-1]["accuracy"] - 0.2


def only_the_test_is_bad(run: Run) -> None:
    assert run.test is not None
    last = run.epochs[-1]
    assert last["validation_accuracy"] is not None
    assert last["validation_accuracy"] > run.test["accuracy"] + 0.05
    assert run.test["loss"] is not None
    assert last["validation_loss"] is not None
    assert run.test["loss"] > 2 * last["validation_loss"]


SAID: dict[str, Callable[[Run], None]] = {
    "rate-too-high": jumps,
    "no-nonlinearity": is_affine,
    "few-images": by_heart,
    "softmax-before-loss": above_the_floor,
    "zero-weights": stays_at_guessing,
    "batch-of-one": sees_nothing,
    "too-much-pooling": low_in_training_too,
    "unscaled-test": only_the_test_is_bad,
}
each = pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)


@each
def test_it_fails_as_its_words_say_and_the_doctor_names_it(
    failure: Failure, request: pytest.FixtureRequest
) -> None:
    if failure.name == "few-images":
        request.getfixturevalue("grainy")
    run = run_of(failure)
    SAID[failure.name](run)
    found = {finding.rule for finding in examine(case_of(run))}
    assert set(failure.rules) <= found
    assert failure_of(run.architecture, run.settings) is failure


@each
def test_it_is_whole(failure: Failure) -> None:
    assert FAILURES[failure.name] is failure
    for shape in ((1, 28, 28), (3, 32, 32)):
        assert repairs.problems(failure.architecture(shape)) == ()
    assert set(failure.rules) <= set(RULES)
    assert failure.rules
    settings = TrainSettings.from_dict(dict(failure.settings))
    assert all(value != SETTINGS[name].default for name, value in failure.settings.items())
    assert failure_of(failure.architecture(), settings) is failure
    for words in failure.about(10):
        assert words.endswith(".")
        assert "{" not in words
    assert "ln 3 = 1.10" in FAILURES["zero-weights"].about(3)[1]


def test_a_sound_network_is_none_of_them() -> None:
    sound = FAILURES["rate-too-high"].architecture()
    assert failure_of(sound, TrainSettings()) is None
    bent = sound.with_layers((ReLU(), *sound.layers))
    assert failure_of(bent, TrainSettings(learning_rate=1.0, schedule="constant")) is None
