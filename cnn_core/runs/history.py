"""A run as its folder tells it, read while it is still being written: what was asked, and what has happened since."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from cnn_core import files, typed_json
from cnn_core.checkpoints import CARD, Scores, scores_of
from cnn_core.networks import json_form
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import about, event_file, naming
from cnn_core.runs.about import About
from cnn_core.runs.event_file import EventFile
from cnn_core.runs.events import Batch, Epoch, NewLearningRate, Started
from cnn_core.runs.folding import STATUS_AFTER, Folding, place, reason_of
from cnn_core.runs.records import BEST, EVENTS, METRICS, SPEC, GoneError, Spec, damaged
from cnn_core.training.settings import SettingsError, TrainSettings

ACTIVE = ("queued", "running")
RESUMABLE = ("paused", "interrupted")


class Asked(NamedTuple):
    """A run as it was asked for."""

    spec: Spec
    architecture: Architecture
    settings: TrainSettings


@dataclass(frozen=True)
class Run:
    """A run as its folder tells it now.

    `status` is one of queued, running, paused, interrupted, stopped, failed, finished; `reason` a sentence where it is
    failed, paused or interrupted, or finished early. `started` is its last start; `epochs` are the events of that type,
    `batches` about 1,000 at most of theirs, evenly spread, with the first and the last; `learning_rates` those that
    were chosen in between; `test` is what `metrics.json` holds, or None. `owner` is its browser's hash, None for the
    server's own; `named` says whether somebody gave it its title, `note` is what its owner wrote of it.
    Shared by all who look: nothing in it is ever changed.
    """

    id: str
    path: Path
    title: str
    architecture: Architecture
    settings: TrainSettings
    created: float
    status: str = "queued"
    reason: str = ""
    started: Started | None = None
    batches: tuple[Batch, ...] = ()
    epochs: tuple[Epoch, ...] = ()
    learning_rates: tuple[NewLearningRate, ...] = ()
    test: Scores | None = None
    owner: str | None = None
    kept: bool = False
    named: bool = True
    note: str = ""

    @property
    def active(self) -> bool:
        """Whether it waits or trains."""
        return self.status in ACTIVE

    @property
    def resumable(self) -> bool:
        """Whether it can be continued from where it was."""
        return self.status in RESUMABLE

    @property
    def has_model(self) -> bool:
        """Whether there are weights to look at."""
        return has_model(self.path)

    @property
    def steps_per_epoch(self) -> int:
        """Batches of an epoch; 1 where training has not begun."""
        return self.started["steps_per_epoch"] if self.started is not None else 1

    @property
    def progress(self) -> float:
        """How much of the training is done, 0..1."""
        if self.status == "finished":
            return 1.0
        if not self.batches:
            return 0.0
        (epoch, step), steps = place(self.batches[-1]), self.steps_per_epoch
        return min(1.0, (epoch * steps + step) / (self.settings.epochs * steps))

    @property
    def images_per_second(self) -> float | None:
        """The latest training speed."""
        return float(self.batches[-1]["images_per_second"]) if self.batches else None


def has_model(path: Path) -> bool:
    """Whether the run in `path` has weights to look at, and the card that describes them."""
    return files.is_file(path / BEST) and files.is_file(path / CARD)


def read(path: Path) -> Run:
    """The run in `path` as it is now. Raises `RunError` where there is none, or a file of it is damaged."""
    asked, said = read_spec(path), about.read(path)
    return run_of(path, asked, said, fold(path), read_test(path))


def run_of(path: Path, asked: Asked, said: About, folding: Folding, test: Scores | None) -> Run:
    """The run that the files of its folder make."""
    title, named = name_of(path, asked, said)
    return Run(
        id=path.name,
        path=path,
        title=title,
        named=named,
        architecture=asked.architecture,
        settings=asked.settings,
        created=asked.spec["created"],
        status=folding.status,
        reason=folding.reason,
        started=folding.started,
        batches=folding.batches,
        epochs=folding.epochs,
        learning_rates=folding.learning_rates,
        test=test,
        owner=asked.spec.get("owner"),
        kept=said.get("kept", False),
        note=said.get("note", ""),
    )


def name_of(path: Path, asked: Asked, said: About) -> naming.Name:
    """What the run in `path` is called, see `naming`."""
    return naming.name(path.name, asked.spec, said, asked.architecture, asked.settings.dataset)


def fold(path: Path) -> Folding:
    """What the events of the run in `path` add up to. Raises `RunError` where they cannot be read."""
    file = EventFile(path)
    try:
        file.catch_up()
    except OSError as error:
        raise damaged(path, EVENTS, error) from error
    return file.folding


def read_end(path: Path) -> tuple[str, str]:
    """A run's status and its reason alone, from the end of its events: quick however long it trained.

    Raises `RunError`.
    """
    try:
        last = event_file.last_event(path)
    except OSError as error:
        raise damaged(path, EVENTS, error) from error
    return ("queued", "") if last is None else (STATUS_AFTER[last["type"]], reason_of(last))


def read_status(path: Path) -> str:
    """A run's status alone, as `read_end`."""
    return read_end(path)[0]


def read_spec(path: Path) -> Asked:
    """What was asked of the run in `path`. Raises `RunError` where there is none, or its spec is damaged."""
    try:
        spec = typed_json.read(path / SPEC, Spec)
        architecture = json_form.read(spec["architecture"])
        settings = TrainSettings.from_dict(spec["settings"])
        if not isinstance(settings.dataset, str):
            raise SettingsError("dataset is no name")
    except FileNotFoundError as error:
        raise GoneError(path.name) from error
    except (OSError, ValueError, TypeError) as error:  # the errors of networks and settings are ValueErrors
        raise damaged(path, SPEC, error) from error
    return Asked(spec, architecture, settings)


def read_test(path: Path) -> Scores | None:
    """The test scores of the run in `path`; None where it has none yet. Raises `RunError` where they are damaged."""
    try:
        return scores_of(typed_json.parse(files.read_whole(path / METRICS)))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise damaged(path, METRICS, error) from error
