"""Which runs there are, for lists that pages draw at every rerun: as quick with 10,000 runs as with ten.

The names come from one look into the folder of runs, taken again when a run came or went; what is told of a run from a
few small files, read again when one of them changed, and only for the runs that are shown.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from cnn_core import checkpoints, files
from cnn_core.checkpoints import CARD, Card, CheckpointError
from cnn_core.files import Stamp
from cnn_core.runs import about, history, ownership, recovery
from cnn_core.runs.names import Names
from cnn_core.runs.recent import Recent
from cnn_core.runs.records import (
    ADVICE,
    BEST,
    DELETED,
    EVENTS,
    METRICS,
    SPEC,
    UNREADABLE,
    GoneError,
    RunError,
    run_path,
    runs_home,
)

MOST_OWN, MOST_OF_SERVER = 50, 20  # that are told of in a list
MOST_HEADS, MOST_MODELS = 2000, 200  # that are remembered, of those told of last


@dataclass(frozen=True)
class RunHead:
    """What lists tell of a run. Where `damaged` holds a sentence, the rest may be empty.

    `id` can stand in a link and on a page. `status` and `reason` are those of `history.Run`; `created` in seconds since
    1970; `owner` None for one of the server's own; `accuracy` on the test images, 0..1, or None where it is not tested;
    `named` says whether somebody gave it its title; `note` is what its owner wrote of it.
    """

    id: str
    title: str
    status: str = ""
    reason: str = ""
    created: float = 0.0
    dataset: str = ""
    owner: str | None = None
    kept: bool = False
    has_model: bool = False
    accuracy: float | None = None
    damaged: str = ""
    named: bool = True
    note: str = ""

    @property
    def active(self) -> bool:
        """Whether it waits or trains."""
        return self.status in history.ACTIVE


class Listed(NamedTuple):
    """The newest runs of a list, newest first, and how many more there are."""

    runs: tuple[RunHead, ...]
    more: int


class Model(NamedTuple):
    """A run's trained network as its card tells it: `card` is None where there is none, `damaged` says why.

    `stamp` changes whenever the card does.
    """

    path: Path
    stamp: int
    card: Card | None
    damaged: str


_names = Names()
_heads: Recent[tuple[tuple[Stamp | int | None, ...], RunHead]] = Recent(MOST_HEADS)
_models: Recent[Model] = Recent(MOST_MODELS)


def own(owner: str, most: int = MOST_OWN) -> Listed:
    """The runs of a visitor, by the hash of its browser's secret (`ownership.Visitor.owner`)."""
    # The tag of another visitor may be the same. A run whose spec is damaged has nothing else.
    return _listed(
        ownership.tag(owner), most, lambda run: run.owner == owner or bool(run.damaged and run.owner is None)
    )


def servers(most: int = MOST_OF_SERVER) -> Listed:
    """The server's own runs: those of the command line and of older versions, which nobody owns."""
    return _listed(None, most, lambda run: run.owner is None)


def head(run_id: str) -> RunHead | None:
    """What lists tell of one run, whoever's it is; None where there is no such run."""
    try:
        return _head(run_path(run_id))
    except RunError:
        return None


def model(path: Path) -> Model:
    """The trained network in a folder: a run's (`records.run_path`) or a shipped one (`checkpoints.folder`)."""
    try:
        stamp = files.stamp(path / CARD)
    except OSError as error:
        return Model(path, 0, None, f"the card of {path.name!r} cannot be read ({error.strerror}).")
    changed = 0 if stamp is None else stamp.changed
    known = _models.get(path)
    if known is None or known.stamp != changed:
        try:
            known = Model(path, changed, checkpoints.read_card(path), "")
        except CheckpointError as error:
            known = Model(path, changed, None, str(error))
        _models.put(path, known)
    return known


def _listed(tag: str | None, most: int, belongs: Callable[[RunHead], bool]) -> Listed:
    # Folders that are no runs are passed over, but not without end.
    names, more = _names.newest(runs_home(), tag, 4 * most)
    runs: list[RunHead] = []
    sound = 0  # damaged ones take no place from others
    for position, name in enumerate(names):
        if sound == most:
            more += len(names) - position
            break
        found = _named(name)
        if found is not None and belongs(found):
            runs.append(found)
            sound += not found.damaged
    return Listed(tuple(runs), more)


def _named(name: str) -> RunHead | None:
    try:
        return _head(run_path(name))
    except RunError as error:  # a name that no link can hold
        shown = ascii(name)[1:-1]
        return RunHead(shown, shown, damaged=str(error))


def _head(path: Path) -> RunHead | None:
    recovery.look_at(path)
    stamps = tuple(_stamp(path / name) for name in (SPEC, EVENTS, METRICS, about.ABOUT, CARD, BEST))
    if stamps[0] is None and (stamps[1] is None or os.path.lexists(path / DELETED)):
        return None  # no run, or one that is being made or deleted
    known = _heads.get(path)
    if known is None or known[0] != stamps:
        known = _heads.put(path, (stamps, _read_head(path)))
    return known[1]


def _read_head(path: Path) -> RunHead:
    run = RunHead(path.name, path.name)
    try:
        asked = history.read_spec(path)
        spec = asked.spec
        title, named = history.name_of(path, asked, {})
        run = replace(run, owner=spec.get("owner"), title=title, named=named, created=spec["created"])
        run = replace(run, dataset=asked.settings.dataset)
        said = about.read(path)
        title, named = history.name_of(path, asked, said)
        run = replace(run, title=title, named=named, kept=said.get("kept", False), note=said.get("note", ""))
        status, reason = history.read_end(path)
        run = replace(run, status=status, reason=reason)
        test = history.read_test(path)
    except GoneError:
        return replace(run, damaged=f"the run {path.name!r} {UNREADABLE}{SPEC} is missing. {ADVICE}")
    except RunError as error:
        return replace(run, damaged=str(error))
    return replace(
        run, has_model=history.has_model(path), accuracy=None if test is None else test["accuracy"]
    )


def _stamp(path: Path) -> Stamp | int | None:
    """A file's stamp, or the number of the error where it cannot be seen."""
    try:
        return files.stamp(path)
    except OSError as error:
        return error.errno
