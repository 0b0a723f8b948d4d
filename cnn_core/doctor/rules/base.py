"""What rules look at, and what they find."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import log, sqrt
from typing import Literal, NamedTuple

from cnn_core.networks.layers import Layer
from cnn_core.runs.history import Run

Shown = Literal["", "loss", "accuracy", "matrix"]


class LayerState(NamedTuple):
    """A layer's weights after training, and what it answers to test images.

    `largest` is the largest weight's magnitude (0 without weights); `channels` how many channels or features it has,
    `dead` how many of them are 0 for all of the images; `alike` says that all its filters, two or more, are the same.
    """

    name: str
    largest: float
    channels: int
    dead: int
    alike: bool


@dataclass(frozen=True)
class Inside:
    """What is in a trained network: a state a layer, in order, seen with `images` test images."""

    layers: tuple[LayerState, ...]
    images: int


@dataclass(frozen=True, eq=False)
class Case:
    """A run to be examined; `inside` is None where it has no weights, and `by_heart` has the losses of training its
    network anew on one batch, step by step, where that was tried."""

    run: Run
    inside: Inside | None = None
    by_heart: tuple[float, ...] = ()

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return self.run.architecture.classes

    @property
    def guessing(self) -> float:
        """The loss of giving all classes the same probability: ln K."""
        return log(self.classes)

    @cached_property
    def losses(self) -> list[float]:
        """The mean training loss of each epoch that has one."""
        return [epoch["loss"] for epoch in self.run.epochs if epoch["loss"] is not None]

    @cached_property
    def validation(self) -> list[tuple[float, float]]:
        """(Loss, accuracy) on the validation images after each epoch; empty where none are held out."""
        return [
            (epoch["validation_loss"], epoch["validation_accuracy"])
            for epoch in self.run.epochs
            if epoch["validation_loss"] is not None and epoch["validation_accuracy"] is not None
        ]

    @property
    def held_out(self) -> int:
        """How many validation images there are; 0 where that is not known."""
        return 0 if self.run.started is None else self.run.started.get("validation_images", 0)

    def error_of(self, share: float, images: int | None = None) -> float:
        """The standard error of a share of the validation images, or of so many: √(p(1 − p)/n), never quite 0."""
        number = max(1, self.held_out if images is None else images)
        return sqrt(max(share * (1 - share), 1 / (4 * number)) / number)


@dataclass(frozen=True)
class Experiment:
    """The same run with one change, which tells whether a finding is right.

    `settings` are those that change, by name; `layers` the network's where it does. `page` is where it is done; on any
    other than "builder" nothing changes and something is looked at.
    """

    words: str
    settings: Mapping[str, object] = field(default_factory=dict)
    layers: tuple[Layer, ...] | None = None
    page: str = "builder"


@dataclass(frozen=True)
class Finding:
    """What a rule found.

    Args:
        sentence: the finding.
        evidence: the numbers of this run that show it.
        cause: what it usually comes from.
        experiment: what tests it.
        shown: the curve, or the matrix, in which it is seen.
        explained: whether nothing is wrong, though it looks so.
        rule: the title of its rule, put in by `examine`.
    """

    sentence: str
    evidence: str
    cause: str
    experiment: Experiment
    shown: Shown = ""
    explained: bool = False
    rule: str = ""

    def by(self, rule: str) -> "Finding":
        """The same, found by the rule of this title."""
        return replace(self, rule=rule)


Find = Callable[[Case], Finding | None]


def rate_times(case: Case, factor: float) -> Experiment:
    """The same run with another learning rate."""
    rate = float(f"{min(max(case.run.settings.learning_rate * factor, 1e-6), 1e4):.2g}")
    return Experiment(f"The same with a learning rate of {rate:g}", {"learning_rate": rate})
