"""What every kind of experiment is: a base, one thing that varies, and the trainings that this makes."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from cnn_core.arrays import not_allowed
from cnn_core.networks.architecture import Architecture
from cnn_core.training.settings import TrainSettings

MOST_SEEDS = 10
LONGEST_LABEL = 60  # letters


class SeriesError(ValueError):
    """An experiment that cannot be: the message says what is wrong with it and what is allowed."""


@dataclass(frozen=True)
class Base:
    """What an experiment begins with: all that stays as it is in those of its runs that do not change it."""

    architecture: Architecture
    settings: TrainSettings


@dataclass(frozen=True)
class Variant:
    """One of the things that are compared: a network with its settings, whatever the seed.

    `at` is its place on a numeric axis, None where it has only a name; `group` says on which of several lines it lies.
    """

    label: str
    architecture: Architecture
    settings: TrainSettings
    at: float | None = None
    group: str = ""


@dataclass(frozen=True)
class Asked:
    """One run of an experiment: a variant with a seed."""

    variant: Variant
    settings: TrainSettings

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.settings.seed


class Kind(ABC):
    """A kind of experiment: what it varies, which values may be chosen, and the networks and settings they make.

    `log`: its axis is logarithmic. `most_values` of them may be chosen. Where `seeds` is more than 1, it begins with
    so many.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    question: ClassVar[str]
    icon: ClassVar[str]
    most_values: ClassVar[int] = 12
    seeds: ClassVar[int] = 1

    def subjects(self, base: Base) -> tuple[str, ...]:
        """The settings of which one is varied; nothing where the kind says itself what it varies."""
        return ()

    def free(self, subject: str) -> bool:
        """Whether values are typed: numbers of which not all can be offered."""
        return False

    @abstractmethod
    def offered(self, base: Base, subject: str) -> tuple[str, ...]:
        """Values to choose from, as they read and as a link has them."""

    @abstractmethod
    def usual(self, base: Base, subject: str) -> tuple[str, ...]:
        """Those that are chosen at first."""

    @abstractmethod
    def variants(self, base: Base, subject: str, values: Sequence[str]) -> tuple[Variant, ...]:
        """What is compared. Raises `SeriesError` for a value that cannot be."""

    @abstractmethod
    def axis(self, subject: str) -> str:
        """What is varied, as an axis is called."""

    def log(self, subject: str) -> bool:
        """Whether its axis is logarithmic: numbers that differ by factors."""
        return False


def asked(variants: Sequence[Variant], seeds: int) -> tuple[Asked, ...]:
    """The runs: each variant with each seed, from the base's own on; all variants with the first seed come first.

    Raises `SeriesError` for a number of seeds that cannot be.
    """
    if not 1 <= seeds <= MOST_SEEDS:
        raise SeriesError(not_allowed("seeds", seeds, f"1 to {MOST_SEEDS}"))
    return tuple(
        Asked(variant, with_settings(variant.settings, seed=variant.settings.seed + number))
        for number in range(seeds)
        for variant in variants
    )


def with_settings(settings: TrainSettings, **changes: object) -> TrainSettings:
    """Settings with these changes, by the names that JSON knows. Raises `SettingsError` out of range."""
    return TrainSettings.from_dict({**settings.to_dict(), **changes})


def changed(base: Base, label: str, at: float | None = None, **changes: object) -> Variant:
    """The base with other settings, as a variant. Raises `SeriesError` where they cannot be."""
    try:
        settings = with_settings(base.settings, **changes)
    except ValueError as error:
        raise SeriesError(str(error)) from error
    return Variant(label[:LONGEST_LABEL], base.architecture, settings, at)


def renamed(variant: Variant, label: str) -> Variant:
    """The same, called otherwise, with a name for its place on an axis."""
    return replace(variant, label=label[:LONGEST_LABEL], at=None)


def named(text: str) -> str:
    """What somebody wrote, as it may stand in a sentence."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
