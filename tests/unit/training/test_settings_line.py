"""Settings as a line: read as they were written, and what is wrong with one is said."""

import pytest

from cnn_core.training.settings import SettingsError, TrainSettings
from cnn_core.training.settings_line import from_line, to_line


def test_a_line_holds_what_is_not_usual() -> None:
    settings = TrainSettings.from_dict(
        {
            "dataset": "digits",
            "epochs": 2,
            "optimizer": "sgd",
            "nesterov": True,
            "shift": 2,
            "train_limit": 500,
        }
    )
    line = to_line(settings)
    assert line == "optimizer=sgd nesterov=True epochs=2 train_limit=500 shift=2"
    assert from_line(line, "digits") == settings
    assert to_line(TrainSettings(dataset="digits")) == ""


@pytest.mark.parametrize(
    "line", ["epochs", "epochs=x", "epochs=0", "magic=1", "dataset=mnist", "nesterov=maybe"]
)
def test_what_cannot_be_is_said(line: str) -> None:
    with pytest.raises(SettingsError):
        from_line(line, "digits")
