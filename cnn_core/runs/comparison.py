"""What several runs were told to do, row by row: what differs between them, and how many choices that are."""

from collections.abc import Sequence
from dataclasses import dataclass

from cnn_core.data import catalog
from cnn_core.networks import shorthand
from cnn_core.runs.history import Run
from cnn_core.training.settings import SETTINGS

NETWORK, DATASET, SEED = "Network", "Dataset", "Seed"
UNREAD = "–"  # a setting that others leave unread: momentum beside Adam


@dataclass(frozen=True)
class Row:
    """One thing that runs were told: its label, and its value for each as text, None where that run does not read it.

    `follows` says that it is no choice of its own: the number of parameters follows from the network.
    """

    label: str
    values: tuple[str | None, ...]
    follows: bool = False

    @property
    def differs(self) -> bool:
        """Whether the runs differ in it."""
        return len(set(self.values)) > 1

    @property
    def chosen(self) -> bool:
        """Whether it is a choice in which runs that make it differ."""
        return not self.follows and len({value for value in self.values if value is not None}) > 1


def rows(runs: Sequence[Run]) -> list[Row]:
    """All that decides the numbers of these runs; those rows first in which they differ, the network after its like."""
    found = [
        Row(NETWORK, tuple(shorthand.to_text(run.architecture.layers) for run in runs)),
        Row("Parameters", tuple(f"{run.architecture.parameters:,}" for run in runs), follows=True),
        Row(DATASET, tuple(catalog.title(run.settings.dataset) for run in runs)),
    ]
    told = [run.settings.to_dict() for run in runs]
    for name, setting in SETTINGS.items():
        if name == "dataset":
            continue
        values = tuple(text(name, one[name]) if setting.is_read(one) else None for one in told)
        if any(value is not None for value in values):
            found.append(Row(setting.label, values))
    started = [run.started for run in runs]
    for label, key in (
        ("Images trained on", "images"),
        ("Images held out", "validation_images"),
        ("Device it ran on", "device"),
        ("Precision", "precision"),
    ):
        seen = tuple(None if one is None or key not in one else _plain(one.get(key)) for one in started)
        if any(value is not None for value in seen):
            found.append(Row(label, seen, follows=True))
    return sorted(
        found, key=lambda row: (not row.differs, row.label == NETWORK)
    )  # the longest value comes last


def text(name: str, value: object) -> str:
    """A setting's value as one reads it: "Adam", "0.004", "all", "yes"."""
    if value is None:
        return "all"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return SETTINGS[name].choices.get(str(value)) or _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def said(found: Sequence[Row]) -> str:
    """What may be concluded from runs with these rows, as a sentence; labels are the app's own words."""
    chosen = [row.label for row in found if row.chosen]
    if not chosen:
        return "They were told the same in everything: on one machine they end with the same numbers."
    if chosen == [SEED]:
        return "They differ in their seed alone: how far their scores lie apart is chance."
    if len(chosen) == 1:
        return (
            f"They differ in one choice, **{chosen[0]}**: what else differs in their scores is chance,"
            " which runs with other seeds would show."
        )
    return (
        f"They differ in **{len(chosen)} choices** ({', '.join(chosen)}): which of them makes the difference,"
        " these runs cannot tell. Change one at a time."
    )
