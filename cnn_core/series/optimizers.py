"""A race of optimizers: the same network, images and steps, each with its usual learning rate."""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from cnn_core.series.base import Base, Kind, SeriesError, Variant, changed, named
from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE


class Optimizers(Kind):
    """The base with each optimizer; the base's own keeps its learning rate."""

    name: ClassVar[str] = "optimizers"
    title: ClassVar[str] = "Optimizer race"
    question: ClassVar[str] = "The same steps, each optimizer at its usual learning rate: who learns fastest?"
    icon: ClassVar[str] = "sprint"

    @override
    def offered(self, base: Base, subject: str) -> tuple[str, ...]:
        return tuple(SETTINGS["optimizer"].choices.values())

    @override
    def usual(self, base: Base, subject: str) -> tuple[str, ...]:
        choices = SETTINGS["optimizer"].choices
        return tuple(choices[name] for name in ("sgd", "rmsprop", "adam"))

    @override
    def variants(self, base: Base, subject: str, values: Sequence[str]) -> tuple[Variant, ...]:
        if not values:
            raise SeriesError("Choose at least one optimizer.")
        titles = {title: name for name, title in SETTINGS["optimizer"].choices.items()}
        found = []
        for title in values:
            if title not in titles:
                raise SeriesError(f"{named(title)} is no optimizer here; there are {', '.join(titles)}.")
            name = titles[title]
            own = base.settings.optimizer == name
            rate = base.settings.learning_rate if own else USUAL_LEARNING_RATE[name]
            found.append(changed(base, f"{title}, {rate:g}", optimizer=name, learning_rate=rate))
        return tuple(found)

    @override
    def axis(self, subject: str) -> str:
        return "optimizer, learning rate"


KIND = Optimizers()
