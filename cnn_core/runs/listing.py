"""Which runs there are, for lists that pages draw at every rerun: as quick with 10,000 runs as with ten.

The names come from one look into the folder of runs, taken again when a run came or went; what is told of a run from a
few small files, read again when one of them changed, and only for the runs that are shown.
"""

import logging
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from cnn_core import checkpoints, files
from cnn_core.checkpoints import CARD, Card, CheckpointError
from cnn_core.files import Stamp
from cnn_core.runs import about, history, ownership, recovery
from cnn_core.runs.records import BEST, DELETED, EVENTS, METRICS, SPEC, RunError, run_path, runs_home

MOST_OWN, MOST_OF_SERVER = 50, 20  # that are told of in a list
MOST_HEADS, MOST_MODELS = 2000, 200  # that are remembered, of those told of last
SETTLED_NS = 1_000_000_000  # a folder changed longer ago than this shows any later change in its time
_STAMP, _STAMP_LENGTH = "%Y%m%d-%H%M%S", 15  # how `records.create` begins a name
_STAMPED = re.compile(r"\d{8}-\d{6}-")
_LOG = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class RunHead:
    """What lists tell of a run. Where `damaged` holds a sentence, the rest may be empty.

    `id` can stand in a link and on a page. `status` and `reason` are those of `history.Run`; `created` in seconds since
    1970; `owner` None for one of the server's own; `accuracy` on the test images, 0..1, or None where it is not tested.
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


class _Names(NamedTuple):
    """The names of all runs' folders, newest first: by the tag of their owner, and those without one."""

    home: Path
    changed: int  # ns since 1970
    settled: bool  # whether any later change shows in that time
    tagged: dict[str, list[str]]
    untagged: list[str]


_mutex, _scanning = threading.Lock(), threading.Lock()
_names: _Names | None = None
_heads: OrderedDict[Path, tuple[tuple[Stamp | int | None, ...], RunHead]] = OrderedDict()
_models: OrderedDict[Path, Model] = OrderedDict()


def own(owner: str, most: int = MOST_OWN) -> Listed:
    """The runs of a visitor, by the hash of its browser's secret (`ownership.Visitor.owner`)."""
    names = _all_names().tagged.get(ownership.tag(owner), [])
    # The tag of another visitor may be the same. A run whose spec is damaged has nothing else.
    return _listed(names, most, lambda run: run.owner == owner or bool(run.damaged and run.owner is None))


def servers(most: int = MOST_OF_SERVER) -> Listed:
    """The server's own runs: those of the command line and of older versions, which nobody owns."""
    return _listed(_all_names().untagged, most, lambda run: run.owner is None)


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
    with _mutex:
        known = _models.get(path)
    if known is None or known.stamp != changed:
        try:
            known = Model(path, changed, checkpoints.read_card(path), "")
        except CheckpointError as error:
            known = Model(path, changed, None, str(error))
        with _mutex:
            _remember(_models, path, known, MOST_MODELS)
    return known


def _listed(names: Sequence[str], most: int, belongs: Callable[[RunHead], bool]) -> Listed:
    runs: list[RunHead] = []
    looked = 0
    # Folders that are no runs are passed over, but not without end.
    for name in names[: 4 * most]:
        if len(runs) == most:
            break
        looked += 1
        found = _named(name)
        if found is not None and belongs(found):
            runs.append(found)
    return Listed(tuple(runs), len(names) - looked)


def _named(name: str) -> RunHead | None:
    try:
        return _head(run_path(name))
    except RunError as error:  # a name that no link can hold
        shown = ascii(name)[1:-1]
        return RunHead(shown, shown, damaged=str(error))


def _head(path: Path) -> RunHead | None:
    recovery.look_at(path)
    stamps = tuple(_stamp(path / name) for name in (SPEC, EVENTS, METRICS, about.ABOUT, CARD, BEST))
    if stamps[0] is None and (stamps[1] is None or (path / DELETED).exists()):
        return None  # no run, or one that is being made or deleted
    with _mutex:
        known = _heads.get(path)
    if known is not None and known[0] == stamps:
        return known[1]
    found = _read_head(path)
    with _mutex:
        _remember(_heads, path, (stamps, found), MOST_HEADS)
    return found


def _read_head(path: Path) -> RunHead:
    run = RunHead(path.name, path.name)
    try:
        asked = history.read_spec(path)
        spec = asked.spec
        run = replace(run, owner=spec.get("owner"), title=history.title_of(spec, {}), created=spec["created"])
        run = replace(run, dataset=asked.settings.dataset)
        said = about.read(path)
        run = replace(run, title=history.title_of(spec, said), kept=said.get("kept", False))
        status, reason = history.read_end(path)
        run = replace(run, status=status, reason=reason)
        test = history.read_test(path)
    except RunError as error:
        return replace(run, damaged=str(error))
    has_model = (path / CARD).is_file() and (path / BEST).is_file()
    return replace(run, has_model=has_model, accuracy=None if test is None else test["accuracy"])


def _stamp(path: Path) -> Stamp | int | None:
    """A file's stamp, or the number of the error where it cannot be seen."""
    try:
        return files.stamp(path)
    except OSError as error:
        return error.errno


def _remember(known: "OrderedDict[Path, T]", path: Path, value: T, most: int) -> None:
    known[path] = value
    known.move_to_end(path)
    while len(known) > most:
        known.popitem(last=False)


def _all_names() -> _Names:
    global _names
    home = runs_home()
    try:
        changed = home.stat().st_mtime_ns
        with _scanning:
            if _names is None or (_names.home, _names.changed) != (home, changed) or not _names.settled:
                _names = _scan(home, changed)
            return _names
    except FileNotFoundError:
        pass  # not made yet
    except OSError:
        _LOG.exception("the folder of runs cannot be read; no run is listed")
    return _Names(home, 0, False, {}, [])


def _scan(home: Path, changed: int) -> _Names:
    settled = time.time_ns() - changed > SETTLED_NS
    found: list[tuple[str, str]] = []
    with os.scandir(home) as entries:
        for entry in entries:
            try:
                if not entry.name.startswith(".") and entry.is_dir():
                    found.append((_begun(entry), entry.name))
            except OSError:
                continue  # a link that leads nowhere, or deleted in this moment
    tagged: dict[str, list[str]] = {}
    untagged: list[str] = []
    for _, name in sorted(found, reverse=True):
        tag = ownership.tag_in(name)
        (untagged if tag is None else tagged.setdefault(tag, [])).append(name)
    return _Names(home, changed, settled, tagged, untagged)


def _begun(entry: "os.DirEntry[str]") -> str:
    """When a run began, as its folder's name begins; of one with another name, when its folder last changed."""
    if _STAMPED.match(entry.name):
        return entry.name[:_STAMP_LENGTH]
    return time.strftime(_STAMP, time.localtime(entry.stat().st_mtime))
