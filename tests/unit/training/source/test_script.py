"""Exported trainings run as they are, and reach the app's scores.

The app's spread: its test accuracy over three seeds; a file's score lies no further below or above than what the seeds
differ by and three standard errors of a share of the 355 test images together.
"""

import math
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from cnn_core.data import catalog
from cnn_core.data.augmentation import Augmentation
from cnn_core.data.datasets import load
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.training.batches import split
from cnn_core.training.compute import bfloat16_pays
from cnn_core.training.initialization import initialize
from cnn_core.training.settings import SETTINGS, TrainSettings
from cnn_core.training.source.changes import changed_source
from cnn_core.training.source.images import load_source
from cnn_core.training.source.script import training_script
from cnn_core.training.trainer import Trainer
from tests.support.app_training import app_score, trained

pytestmark = pytest.mark.usefixtures("one_thread")
SMALL = Architecture((1, 28, 28), shorthand.from_text("conv8-relu-pool-flatten-linear10"), 10)
BLOCKS = Architecture(
    (1, 28, 28), shorthand.from_text("conv4_s2-residual8_s2-separable8-gap-flatten-linear10"), 10
)
EVERY_CHANGE = Augmentation(shift=2, rotate=10.0, zoom=0.1, flip=True, brightness=0.1, noise=0.05, cutout=4)


def settings(**changes: object) -> TrainSettings:
    return TrainSettings.from_dict({"dataset": "digits", "epochs": 4, "batch_size": 64, **changes})


def names_of(source: str) -> dict[str, object]:
    """What importing the file defines; it does not train."""
    names: dict[str, object] = {"__name__": "exported"}
    exec(compile(source, "network.py", "exec"), names)
    return names


@pytest.fixture(scope="module")
def spread() -> tuple[float, float]:
    """The lowest and the highest score that the app's may be taken to have."""
    scores = [app_score(SMALL, settings(seed=seed)) for seed in range(3)]
    mean = sum(scores) / len(scores)
    error = math.sqrt(mean * (1 - mean) / 355)
    return min(scores) - 3 * error, max(scores) + 3 * error


@pytest.mark.parametrize("module", [False, True])
def test_it_runs_as_it_is_and_reaches_the_apps_score(
    module: bool, spread: tuple[float, float], tmp_path: Path
) -> None:
    (tmp_path / "network.py").write_text(training_script(SMALL, settings(), module=module), encoding="utf-8")
    command = [sys.executable, "network.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    tested = re.search(r"test: loss [\d.]+, ([\d.]+)% right", done.stdout)
    assert tested is not None
    assert spread[0] <= float(tested[1]) / 100 <= spread[1]
    assert done.stdout.count("validation loss") == 4
    assert "ConvLens" not in done.stderr


@pytest.mark.skipif(
    torch.cuda.is_available() or bfloat16_pays(torch.device("cpu")),
    reason="the app and the file compute in different numbers here",
)
@pytest.mark.parametrize(
    "changes",
    [{"seed": 3}, {"stratified": True, "train_limit": 900}, {"validation_fraction": 0.0, "optimizer": "sgd"}],
    ids=str,
)
def test_where_nothing_else_is_drawn_its_score_is_the_apps(changes: dict[str, object]) -> None:
    """The same images in the same order: the app's weights to within rounding, and all but a few of its answers."""
    wanted = settings(device="cpu", **changes)
    names = names_of(training_script(SMALL, wanted))
    train, model = names["train"], names["model"]
    assert callable(train)
    assert isinstance(model, torch.nn.Module)
    score = train()
    trainer = Trainer(SMALL, wanted, load("digits"))
    assert abs(trained(trainer) - score) < 2.5 / 355
    for name, value in trainer.weights().items():
        torch.testing.assert_close(model.state_dict()[name], value, atol=2e-3, rtol=0)


def variants() -> Iterator[dict[str, object]]:
    """Settings in which every choice and every setting that a file can differ by comes up."""
    for schedule in SETTINGS["schedule"].choices:
        yield {"schedule": schedule, "optimizer": "sgd", "learning_rate": 0.05, "nesterov": True}
    for optimizer in SETTINGS["optimizer"].choices:
        yield {"optimizer": optimizer, "learning_rate": 0.002, "weight_decay": 0.001}
    for first in SETTINGS["initialization"].choices:
        yield {"initialization": first}
    yield {"early_stopping": "loss", "patience": 1, "epochs": 3}
    yield {"early_stopping": "accuracy", "patience": 1, "clip_norm": 1.0, "label_smoothing": 0.1}
    yield {"validation_fraction": 0.0, "schedule": "plateau"}
    yield {"stratified": True, "softmax_before_loss": True, "test_inputs": "bytes", "beta1": 0.8}
    yield dict(vars(EVERY_CHANGE))


@pytest.mark.parametrize("module", [False, True])
@pytest.mark.parametrize("changes", list(variants()), ids=str)
def test_every_setting_makes_a_file_that_trains(
    changes: dict[str, object], module: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = settings(**{"epochs": 2, "train_limit": 100, **changes})
    architecture = BLOCKS if "early_stopping" in changes else SMALL
    names = names_of(training_script(architecture, wanted, module=module))
    model = names["model"]
    assert isinstance(model, torch.nn.Module)
    torch.manual_seed(wanted.seed)
    ours = build(architecture)
    initialize(ours, wanted.initialization)
    for name, value in ours.state_dict().items():  # the same first weights
        assert torch.equal(model.state_dict()[name], value)
    x = torch.rand(2, 1, 28, 28)
    assert torch.equal(model.eval()(x), ours.eval()(x))
    train = names["train"]
    assert callable(train)
    assert 0 <= train() <= 1
    assert "test: loss" in capsys.readouterr().out
    moved = any(not torch.equal(value, ours.state_dict()[name]) for name, value in model.state_dict().items())
    assert moved


def test_the_digits_and_their_split_are_the_apps() -> None:
    names: dict[str, object] = {"torch": torch}
    exec(load_source("digits"), names)
    ours = load("digits")
    read = names["load"]
    assert callable(read)
    for part, images, labels in (
        ("train", ours.x_train, ours.y_train),
        ("test", ours.x_test, ours.y_test),
    ):
        theirs, answers = read(part)
        assert torch.equal(theirs.permute(0, 2, 3, 1), torch.tensor(images))
        assert torch.equal(answers, torch.tensor(labels).long())
    order = torch.randperm(1442, generator=torch.Generator().manual_seed(0))
    training, validation = split(1442, 0.1, 0)
    assert torch.equal(torch.cat([validation, training]), order)


@pytest.mark.parametrize("info", catalog.all_infos(), ids=lambda info: info.name)
def test_every_dataset_is_read_by_a_function_that_says_from_where(info: catalog.DatasetInfo) -> None:
    source = training_script(SMALL, TrainSettings(info.name))
    compile(source, "network.py", "exec")
    assert "torchvision.datasets" in source or "sklearn" in source
    assert "data/own/x_{split}.npy" in load_source("own")


def test_changes_move_as_the_apps_do() -> None:
    """A dot that is shifted, without chance: only one shift is left to be drawn."""
    source = changed_source(Augmentation(shift=3)).replace("torch.randint(-3, 4,", "torch.randint(3, 4,")
    names: dict[str, object] = {"torch": torch, "nn": torch.nn}
    exec(source, names)
    images = torch.zeros(1, 1, 12, 10)
    images[0, 0, 4, 5] = 1
    changed = names["changed"]
    assert callable(changed)
    expected = torch.zeros(1, 1, 12, 10)
    expected[0, 0, 7, 8] = 1
    torch.testing.assert_close(changed(images), expected, atol=1e-4, rtol=0)


def test_only_what_the_settings_need_stands_there() -> None:
    plain = training_script(SMALL, settings(schedule="constant", validation_fraction=0.0))
    for word in ("scheduler", "changed", "copy", "best", "Muon", "clip_grad", "smoothing", "init."):
        assert word not in plain
    assert len(plain.splitlines()) < 80
