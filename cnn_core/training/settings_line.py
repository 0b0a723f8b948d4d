"""Settings as one line that can be typed, copied and sent: those that are not the usual ones, "epochs=2 optimizer=sgd".

The dataset is no part of it.
"""

from cnn_core.arrays import not_allowed
from cnn_core.training.settings import SETTINGS, SettingsError, TrainSettings

LEFT_OUT = "dataset"
ON_OR_OFF = {"True": True, "False": False}


def to_line(settings: TrainSettings) -> str:
    """The line; empty where all settings are the usual ones."""
    usual = TrainSettings().to_dict()
    return " ".join(
        f"{name}={value}"
        for name, value in settings.to_dict().items()
        if value != usual[name] and name != LEFT_OUT
    )


def from_line(line: str, dataset: str) -> TrainSettings:
    """The settings that a line says, on this dataset. Raises `SettingsError` for what cannot be read or be so."""
    values: dict[str, object] = {}
    for word in line.split():
        name, _, text = word.partition("=")
        if name not in SETTINGS or name == LEFT_OUT or not text:
            raise SettingsError(not_allowed("settings", repr(word[:40]), "name=value, as in epochs=2"))
        setting = SETTINGS[name]
        values[name] = ON_OR_OFF.get(text, text) if setting.kind is bool else setting.read(text)
    return TrainSettings.from_dict({**values, "dataset": dataset})
