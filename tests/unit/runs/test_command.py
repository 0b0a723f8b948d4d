"""A card's command is the training itself: parsed again, it gives the same network and the same settings."""

import shlex
from dataclasses import fields, replace
from pathlib import Path

import pytest

from cnn_core import checkpoints, train
from cnn_core.data.datasets import INFO
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers.dense import Flatten, Linear
from cnn_core.networks.layers.elementwise import Dropout
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import records
from cnn_core.runs.command import PROGRAM, train_command
from cnn_core.runs.execution import execute
from cnn_core.training.settings import TrainSettings

LINE = "conv8_k5_s2_p2-bn-leakyrelu0.1-pool2_s1-dropout0.25-flatten-linear32_nobias-gelu-linear10"
OTHER = {
    "dataset": "fashion_mnist",
    "optimizer": "sgd",
    "learning_rate": 0.12345678901234567,
    "schedule": "constant",
    "momentum": 0.85,
    "weight_decay": 1e-5,
    "batch_size": 32,
    "epochs": 7,
    "seed": 2**31 - 1,
    "validation_fraction": 0.0,
    "train_limit": 500,
    "device": "cpu",
}


def own(line: str, dataset: str = "digits") -> Architecture:
    height, width, channels = INFO[dataset].shape
    return Architecture((channels, height, width), shorthand.from_text(line), 10)


def read(command: str) -> tuple[Architecture, TrainSettings]:
    assert command.startswith(PROGRAM + " ")
    return train.asked(train.parser().parse_args(shlex.split(command.removeprefix(PROGRAM))))


def test_every_setting_is_tried() -> None:
    assert OTHER.keys() == {field.name for field in fields(TrainSettings)}


@pytest.mark.parametrize("name", OTHER)
def test_a_setting_that_is_not_the_usual_one_is_in_the_command(name: str) -> None:
    settings = replace(TrainSettings(), **{name: OTHER[name]})
    assert read(train_command(own(LINE, settings.dataset), settings)) == (
        own(LINE, settings.dataset),
        settings,
    )


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("dataset", INFO)
def test_a_preset_goes_by_its_name(preset: str, dataset: str) -> None:
    height, width, channels = INFO[dataset].shape
    architecture = PRESETS[preset].architecture((channels, height, width), len(INFO[dataset].classes))
    settings = TrainSettings(dataset=dataset, **{k: v for k, v in OTHER.items() if k != "dataset"})
    command = train_command(architecture, settings)
    assert f"--preset {preset}" in command
    assert read(command) == (architecture, settings)


def test_the_usual_settings_are_a_short_command() -> None:
    settings = TrainSettings(dataset="digits", epochs=1)
    assert train_command(own("conv8-flatten-linear10"), settings) == (
        "python -m cnn_core.train --dataset digits --network conv8-flatten-linear10 --epochs 1 --seed 0"
    )


def test_a_network_that_no_option_can_name_has_no_command() -> None:
    settings = TrainSettings(dataset="digits")
    narrow = Architecture((1, 8, 8), (Flatten(), Linear(10)), 10)
    assert train_command(narrow, settings) == ""
    # A line has nine digits at most, so this rate of dropout can stand in none.
    fine = Architecture((1, 28, 28), (Dropout(0.12345678901), Flatten(), Linear(10)), 10)
    assert train_command(fine, settings) == ""


def test_the_command_on_a_runs_card_makes_its_network_again_bit_for_bit(tmp_path: Path) -> None:
    settings = TrainSettings(dataset="digits", epochs=1, train_limit=100, seed=3, device="cpu")
    run = execute(records.create(own("conv4_s2-relu-flatten-linear10"), settings))
    spec, card = (run.path / records.SPEC).read_text(), checkpoints.read_card(run.path)
    assert "command" not in spec
    assert str(Path.cwd()) not in spec
    assert str(run.path.parent) not in spec + (run.path / checkpoints.CARD).read_text()
    words = shlex.split(card.command.removeprefix(PROGRAM))
    assert train.main([*words, "--out", str(tmp_path / "again")]) == 0
    again = (tmp_path / "again" / records.BEST).read_bytes()
    assert again == (run.path / records.BEST).read_bytes()
