"""A card's command is the training itself: parsed again, it gives the same network and the same settings."""

import shlex
from pathlib import Path

import pytest

from cnn_core import checkpoints, train
from cnn_core.data import catalog
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Dropout, Flatten, Linear
from cnn_core.networks.presets import PRESETS
from cnn_core.ranges import Setting
from cnn_core.runs import records
from cnn_core.runs.command import PROGRAM, train_command
from cnn_core.runs.execution import execute
from cnn_core.training.settings import SETTINGS, TrainSettings

LINE = "conv8_k5_s2_p2-bn-leakyrelu0.1-pool2_s1-dropout0.25-flatten-linear32_nobias-gelu-linear10"


def another(setting: Setting) -> object:
    """A value that is allowed and not the usual one; numbers with as many digits as they have."""
    if setting.name == "dataset":
        return "fashion_mnist"
    if setting.choices:
        return next(choice for choice in setting.choices if choice != setting.default)
    if setting.kind is bool:
        return not setting.default
    value = setting.low + (setting.high - setting.low) / 7
    return round(value) if setting.kind is int else value


OTHER = {name: another(setting) for name, setting in SETTINGS.items()}


def own(line: str, dataset: str = "digits") -> Architecture:
    height, width, channels = catalog.info(dataset).shape
    return Architecture((channels, height, width), shorthand.from_text(line), 10)


def read(command: str) -> tuple[Architecture, TrainSettings]:
    assert command.startswith(PROGRAM + " ")
    return train.asked(train.parser().parse_args(shlex.split(command.removeprefix(PROGRAM))))


@pytest.mark.parametrize("name", OTHER)
def test_a_setting_that_is_not_the_usual_one_is_in_the_command(name: str) -> None:
    settings = TrainSettings.from_dict({name: OTHER[name]})
    assert settings != TrainSettings()
    assert read(train_command(own(LINE, settings.dataset), settings)) == (
        own(LINE, settings.dataset),
        settings,
    )


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("dataset", [info.name for info in catalog.all_infos()])
def test_a_preset_goes_by_its_name(preset: str, dataset: str) -> None:
    height, width, channels = catalog.info(dataset).shape
    architecture = PRESETS[preset].architecture((channels, height, width), len(catalog.info(dataset).classes))
    settings = TrainSettings.from_dict({**OTHER, "dataset": dataset})
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


def test_a_network_keeps_every_digit_of_its_numbers() -> None:
    settings = TrainSettings(dataset="digits")
    fine = Architecture((1, 28, 28), (Dropout(0.12345678901), Flatten(), Linear(10)), 10)
    assert read(train_command(fine, settings)) == (fine, settings)


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


@pytest.mark.parametrize("name", checkpoints.names())
def test_a_shipped_networks_card_has_the_command_that_its_settings_give(name: str) -> None:
    card = checkpoints.read_card(name)
    assert card.command == train_command(card.architecture, TrainSettings.from_dict(card.settings))
