"""What a single value is varied of: a training setting, the dropout rate, the number of filters."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from typing_extensions import override

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Dropout, Layer
from cnn_core.ranges import Setting, setting
from cnn_core.ranges import ranges as settings_of
from cnn_core.series.base import Base, SeriesError, Variant, changed, named
from cnn_core.training.settings import SETTINGS

# What an experiment varies by other means, or what a comparison of scores on the same images cannot vary.
NOT_VARIED = ("dataset", "device", "seed", "train_limit", "optimizer")
FIRST = ("learning_rate", "batch_size", "epochs", "dropout", "width", "weight_decay", "label_smoothing")
FACTORS = (0.1, 0.3, 1.0, 3.0, 10.0)
BY_FACTORS = ("learning_rate", "eps")
MOST_USUAL = 4  # of those that are offered, where nothing else is said


class Subject(ABC):
    """Something with values; `setting` says what they may be, and how they are called."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    @property
    def name(self) -> str:
        """What a link calls it."""
        return self.setting.name

    @property
    def free(self) -> bool:
        """Whether values are typed: numbers, of which not all can be offered."""
        return self.setting.kind in (int, float) and not self.setting.offered

    @property
    def log(self) -> bool:
        """Whether its values differ by factors."""
        return self.name in (*BY_FACTORS, "batch_size", "width")

    @abstractmethod
    def now(self, base: Base) -> object:
        """The base's own value; None where it has none, or several."""

    @abstractmethod
    def changed(self, base: Base, label: str, at: float | None, value: object) -> Variant:
        """The base with this value. Raises `SeriesError` where that cannot be."""

    def offered(self, base: Base) -> tuple[str, ...]:
        """Values to choose from, in order."""
        if self.setting.kind is bool:
            return ("off", "on")
        options = tuple(self.setting.choices) or self.setting.offered
        return tuple(spelled(self.setting, value) for value in options) or self.usual(base)

    def usual(self, base: Base) -> tuple[str, ...]:
        """Values to begin with."""
        if not self.free:
            offered = self.offered(base)
            return offered[1:-1:2] if len(offered) > MOST_USUAL + 2 else offered[:MOST_USUAL]
        numbers: Sequence[float]
        if self.name in BY_FACTORS:
            now = self.now(base)
            around = float(now) if isinstance(now, int | float) else float(self.setting.default)
            numbers = [float(f"{around * factor:.2g}") for factor in FACTORS]
        else:
            numbers = self.setting.tried or (self.setting.default,)
        kept = [self.setting.kind(one) for one in numbers if not self.setting.problem(self.setting.kind(one))]
        return tuple(dict.fromkeys(spelled(self.setting, one) for one in kept))

    def variant(self, base: Base, text: str) -> Variant:
        """The base with the value that a text means. Raises `SeriesError`."""
        value = read(self.setting, text)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        at = float(str(value)) if number else None
        return self.changed(base, spelled(self.setting, value), at, value)


class OfTraining(Subject):
    """A training setting."""

    @override
    def now(self, base: Base) -> object:
        value: object = base.settings.to_dict()[self.name]
        return value

    @override
    def changed(self, base: Base, label: str, at: float | None, value: object) -> Variant:
        return changed(base, label, at, **{self.name: value})


@dataclass(frozen=True)
class _OfNetwork:
    dropout: float = setting(
        0.0, label="Dropout", low=0.0, high=0.95, step=0.05, tried=(0.0, 0.25, 0.5, 0.75)
    )
    width: float = setting(
        1.0, label="Filters and units, times", low=0.05, high=8.0, step=0.5, tried=(0.25, 0.5, 1.0, 2.0)
    )


OF_NETWORK = settings_of(_OfNetwork)


class DropoutRate(Subject):
    """The rate of all Dropout layers; a network without any gets one before its last Linear. 0: without them."""

    @override
    def now(self, base: Base) -> object:
        rates = {layer.drop_rate for layer in base.architecture.layers if layer.drop_rate}
        return 0.0 if not rates else rates.pop() if len(rates) == 1 else None

    @override
    def changed(self, base: Base, label: str, at: float | None, value: object) -> Variant:
        rate, layers = float(str(value)), base.architecture.layers
        if not rate:
            new = tuple(layer for layer in layers if not layer.drop_rate)
        elif any(layer.drop_rate for layer in layers):
            new = tuple(Dropout(rate) if layer.drop_rate else layer for layer in layers)
        else:
            last = _last(layers)
            if last is None:
                raise SeriesError("This network has no Linear layer before which a Dropout could stand.")
            new = (*layers[:last], Dropout(rate), *layers[last:])
        return with_layers(changed(base, label, at), new)


class Width(Subject):
    """How many filters and units all layers have but the last, as a factor of the base's own."""

    @override
    def now(self, base: Base) -> object:
        return 1.0

    @override
    def changed(self, base: Base, label: str, at: float | None, value: object) -> Variant:
        factor, layers = float(str(value)), base.architecture.layers
        last = _last(layers)
        new = tuple(_widened(layer, factor) if i != last else layer for i, layer in enumerate(layers))
        return with_layers(changed(base, label, at), new)


def _last(layers: tuple[Layer, ...]) -> int | None:
    """Where the last Linear stands, which gives the classes; None where there is none."""
    return max((index for index, layer in enumerate(layers) if layer.units is not None), default=None)


def _widened(layer: Layer, factor: float) -> Layer:
    wide = [one.name for one in fields(layer) if one.name in ("out_channels", "out_features")]
    return replace(layer, **{name: max(1, round(getattr(layer, name) * factor)) for name in wide})


def with_layers(variant: Variant, layers: tuple[Layer, ...]) -> Variant:
    """The variant with other layers. Raises `SeriesError` for too many."""
    if len(layers) > Architecture.MAX_LAYERS:
        raise SeriesError(f"A network has at most {Architecture.MAX_LAYERS} layers.")
    return replace(variant, architecture=replace(variant.architecture, layers=layers))


SUBJECTS: dict[str, Subject] = {
    **{name: OfTraining(one) for name, one in SETTINGS.items() if name not in NOT_VARIED},
    "dropout": DropoutRate(OF_NETWORK["dropout"]),
    "width": Width(OF_NETWORK["width"]),
}
"""Everything of which a single value may be varied, by the name that a link has for it."""


def varied(base: Base) -> tuple[str, ...]:
    """What can be varied of this base, that first which most is asked about."""
    now = base.settings.to_dict()
    names = [name for name, one in SUBJECTS.items() if one.setting.is_read(now)]
    return (*(name for name in FIRST if name in names), *(name for name in names if name not in FIRST))


def subject(name: str) -> Subject:
    """The subject of this name. Raises `SeriesError` where there is none."""
    if name not in SUBJECTS:
        raise SeriesError(f"{named(name)} is nothing that can be varied here.")
    return SUBJECTS[name]


def read(setting: Setting, text: str) -> object:
    """The value that a text means for a setting: as one types it, or as its choices are titled.

    Raises `SeriesError` where it means none.
    """
    text = text.strip()
    by_title = {title: value for value, title in setting.choices.items()}
    value: object
    if setting.kind is bool:
        value = {"on": True, "off": False}.get(text.lower(), text)
    elif setting.kind is str:
        value = by_title.get(text, text)
    else:
        value = setting.read(text.replace(",", ""))
    if setting.problem(value):
        raise SeriesError(f"{setting.label} cannot be {named(text)}; allowed is {setting.allowed}.")
    return value


def spelled(setting: Setting, value: object) -> str:
    """A setting's value as it reads; `read` understands it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    return setting.choices.get(str(value), str(value))
