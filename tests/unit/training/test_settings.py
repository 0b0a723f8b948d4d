"""One field is one setting: the class, JSON and the command line know it, and refuse the same in the same words."""

import math
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from cnn_core import train
from cnn_core.data.augmentation import Augmentation
from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE, SettingsError, TrainSettings

CHANGES = {one.name for one in fields(Augmentation)}


def made(name: str, value: object) -> object:
    """The object that holds this setting."""
    return Augmentation(**{name: value}) if name in CHANGES else TrainSettings(**{name: value})


def option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def wrong_values() -> Iterator[tuple[str, object]]:
    """Every setting with values that it cannot have, as a command line can say them."""
    for name, one in SETTINGS.items():
        if one.choices:
            yield name, "nothing of these"
        elif one.low is not None and one.high is not None:
            yield from ((name, value) for value in (one.kind(one.low - 1), one.kind(one.high + 1), "many"))
            yield name, 1.5 if one.kind is int else math.nan


def test_every_field_is_a_setting_with_a_label_and_a_default_that_it_allows() -> None:
    named = {one.name for one in fields(TrainSettings)} - {"augmentation"} | CHANGES
    assert set(SETTINGS) == named
    for one in SETTINGS.values():
        assert one.label
        assert one.problem(one.default) == ""
        assert [value for value in one.offered if one.problem(value)] == []
        assert not one.offered or one.default in one.offered
        assert one.step is None or 0 < one.step < one.high - one.low


def test_json_and_the_command_line_know_every_setting() -> None:
    assert set(TrainSettings().to_dict()) == set(SETTINGS)
    options = {action.dest: action for action in train.parser()._actions}
    for name, one in SETTINGS.items():
        assert options[name].default == one.default
        assert option(name) in options[name].option_strings
        assert one.choices == {} or set(one.choices) == set(options[name].metavar.strip("{}").split(","))


@pytest.mark.parametrize(("name", "value"), list(wrong_values()))
def test_out_of_range_is_the_same_sentence_for_class_json_and_command_line(
    name: str, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    sentence = f"{name} is {value!r}; allowed is {SETTINGS[name].allowed}."
    with pytest.raises(ValueError, match=name) as refused:
        made(name, value)
    assert str(refused.value) == sentence
    with pytest.raises(SettingsError) as unread:
        TrainSettings.from_dict({name: value})
    assert str(unread.value) == sentence
    assert train.main([option(name), str(value)]) == 2
    assert capsys.readouterr().err == f"error: {sentence}\n"


@pytest.mark.parametrize("name", SETTINGS)
def test_the_ends_of_every_range_are_taken_and_survive_json_and_the_command_line(name: str) -> None:
    one = SETTINGS[name]
    values = [*one.choices] or [one.low, one.high] if one.kind is not bool else [True]
    for value in values:
        if value is None:
            continue  # a text of any kind
        settings = TrainSettings.from_dict({name: value})
        assert settings.to_dict()[name] == value
        assert TrainSettings.from_dict(settings.to_dict()) == settings
        words = [option(name)] if one.kind is bool else [option(name), str(value)]
        assert getattr(train.parser().parse_args(words), name) == value


def test_what_json_lacks_has_its_default_and_what_it_does_not_know_is_refused() -> None:
    assert TrainSettings.from_dict({}) == TrainSettings()
    assert TrainSettings.from_dict({"shift": 2, "epochs": 5}) == replace(
        TrainSettings(epochs=5), augmentation=Augmentation(shift=2)
    )
    with pytest.raises(SettingsError, match="unknown setting 'warmup'; known are: alpha, batch_size"):
        TrainSettings.from_dict({"warmup": 3})


def test_every_optimizer_has_its_usual_learning_rate() -> None:
    assert list(USUAL_LEARNING_RATE) == list(SETTINGS["optimizer"].choices)
    assert USUAL_LEARNING_RATE[SETTINGS["optimizer"].default] == SETTINGS["learning_rate"].default
