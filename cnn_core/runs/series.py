"""An experiment on disk: one JSON file for each, with all the runs that it asks for and those that it has.

`CONVLENS_HOME/series/<id>.json`. What its runs led to stands in their own folders; here is which they are.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, TypedDict

from cnn_core import files, typed_json
from cnn_core.limits import limits
from cnn_core.networks import json_form
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import ownership
from cnn_core.series.base import Asked
from cnn_core.training.settings import TrainSettings
from cnn_core.typed_json import Count, Range

State = Literal["going", "paused", "ended"]
MOST_OWN = 20  # experiments of one visitor that are kept, the newest
MOST_FILES = 1000  # of all visitors
DAY = 86_400.0
_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[a-z]{1,20}-[0-9a-f]{16}")
NOT_THERE = "There is no such experiment here any more."


class SeriesFileError(ValueError):
    """An experiment that is not there or cannot be read; the message says so."""


class _RunJson(TypedDict):
    label: str
    at: float | None
    group: str
    network: Count  # its place in the list of networks
    changes: dict[str, object]  # settings that are not the base's
    run: str  # its run's id; empty where it has none yet
    reason: str  # why it never will, as a sentence; else empty


class _SeriesJson(TypedDict):
    owner: str
    kind: str
    subject: str
    created: Annotated[float, Range(0, 1e11)]  # seconds since 1970
    state: Literal["going", "paused", "ended"]
    networks: list[object]
    settings: dict[str, object]
    runs: list[_RunJson]


@dataclass(frozen=True)
class Planned:
    """One run of an experiment, asked for: `run` is its id once it has been submitted, `reason` why it never will."""

    label: str
    architecture: Architecture
    settings: TrainSettings
    at: float | None = None
    group: str = ""
    run: str = ""
    reason: str = ""

    @property
    def open(self) -> bool:
        """Whether it is still to be submitted."""
        return not self.run and not self.reason


@dataclass(frozen=True)
class Series:
    """An experiment: whose it is, of what kind, what it varies, and its runs in order.

    `state` is "going" while its runs follow one another, "paused" where somebody or something held it up, "ended" where
    nothing is left to be submitted. `settings` are the base's.
    """

    id: str
    owner: str
    kind: str
    subject: str
    created: float
    settings: TrainSettings
    runs: tuple[Planned, ...]
    state: State = "going"

    @property
    def next(self) -> int | None:
        """The place of the run that is submitted next; None where none is left."""
        return next((index for index, one in enumerate(self.runs) if one.open), None)

    @property
    def begun(self) -> tuple[str, ...]:
        """The ids of the runs that have been submitted."""
        return tuple(one.run for one in self.runs if one.run)

    def with_run(self, index: int, run: str = "", reason: str = "") -> "Series":
        """The same with a run's id, or with the reason why it has none."""
        runs = list(self.runs)
        runs[index] = replace(runs[index], run=run, reason=reason)
        return replace(self, runs=tuple(runs))


def plan(asked: Sequence[Asked], done: Planned | None = None) -> tuple[Planned, ...]:
    """The runs as they are asked for; `done` is one that there is already: what is the same is not trained again."""
    return tuple(
        Planned(
            one.variant.label,
            one.variant.architecture,
            one.settings,
            one.variant.at,
            one.variant.group,
            done.run if done is not None and _same(one, done) else "",
        )
        for one in asked
    )


def _same(asked: Asked, done: Planned) -> bool:
    return (asked.variant.architecture, asked.settings) == (done.architecture, done.settings)


def create(owner: str, kind: str, subject: str, settings: TrainSettings, runs: tuple[Planned, ...]) -> Series:
    """Write a new experiment down, after what is too old or too much has made room. Raises `OSError`."""
    now = time.time()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    made = Series(f"{stamp}-{kind}-{ownership.id_end(owner)}", owner, kind, subject, now, settings, runs)
    home().mkdir(parents=True, exist_ok=True)
    clear(owner)
    write(made)
    return made


def write(series: Series) -> None:
    """Write an experiment as it is now, all or nothing. Raises `OSError`."""
    networks = list(dict.fromkeys(one.architecture for one in series.runs))
    usual = series.settings.to_dict()
    content: _SeriesJson = {
        "owner": series.owner,
        "kind": series.kind,
        "subject": series.subject,
        "created": series.created,
        "state": series.state,
        "networks": [json_form.write(network) for network in networks],
        "settings": usual,
        "runs": [
            {
                "label": one.label,
                "at": one.at,
                "group": one.group,
                "network": networks.index(one.architecture),
                "changes": {
                    name: value for name, value in one.settings.to_dict().items() if value != usual[name]
                },
                "run": one.run,
                "reason": one.reason,
            }
            for one in series.runs
        ],
    }
    files.write_json(_path(series.id), content)


def read(series_id: str) -> Series:
    """The experiment of this id. Raises `SeriesFileError` where there is none, or its file is damaged."""
    if not _ID.fullmatch(series_id):
        raise SeriesFileError(NOT_THERE)
    try:
        content = typed_json.read(_path(series_id), _SeriesJson)
        networks = [json_form.read(one) for one in content["networks"]]
        runs = tuple(
            Planned(
                one["label"],
                networks[one["network"]],
                TrainSettings.from_dict({**content["settings"], **one["changes"]}),
                one["at"],
                one["group"],
                one["run"],
                one["reason"],
            )
            for one in content["runs"]
        )
        settings = TrainSettings.from_dict(content["settings"])
    except FileNotFoundError as error:
        raise SeriesFileError(NOT_THERE) from error
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise SeriesFileError(
            "The file of this experiment is damaged. Its runs are in the list of your runs."
        ) from error
    return Series(
        series_id,
        content["owner"],
        content["kind"],
        content["subject"],
        content["created"],
        settings,
        runs,
        content["state"],
    )


def own(owner: str) -> list[str]:
    """The ids of a visitor's experiments, the newest first, by their names alone."""
    tag = ownership.tag(owner)
    return [name for name in _names() if ownership.tag_in(name) == tag][:MOST_OWN]


def delete(series_id: str) -> None:
    """Forget an experiment; its runs stay. Raises `OSError`."""
    if _ID.fullmatch(series_id):
        files.remove(_path(series_id))


def clear(owner: str) -> None:
    """Remove what makes room for one more: of `owner` the oldest, and of all those too old or too many."""
    tag = ownership.tag(owner)
    names = _names()
    mine = [name for name in names if ownership.tag_in(name) == tag]
    too_many = {*mine[MOST_OWN - 1 :], *names[MOST_FILES - 1 :]}
    end = time.time() - limits().days * DAY
    for name in names:
        stamp = files.stamp(_path(name))
        if stamp is not None and (name in too_many or stamp.changed / 1e9 < end):
            files.remove(_path(name))


def home() -> Path:
    """The folder of all experiments."""
    return files.home() / "series"


def _path(series_id: str) -> Path:
    return home() / f"{series_id}.json"


def _names() -> list[str]:
    """The ids of all experiments, the newest first."""
    try:
        found = [path.stem for path in home().iterdir() if path.suffix == ".json"]
    except FileNotFoundError:
        return []
    return sorted((name for name in found if _ID.fullmatch(name)), reverse=True)
