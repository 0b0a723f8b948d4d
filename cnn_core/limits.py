"""What one visitor, and all together, may take of a server: each limit a field, settable as `CONVLENS_<FIELD>`.

They are for visitors of the dashboard; who starts a training on the command line owns the machine. Only the size of a
network counts there too: it is part of what a network may be.
"""

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cnn_core import ranges
from cnn_core.files import home
from cnn_core.ranges import Setting, setting

MEGABYTE = 1_000_000
LARGEST_SHARE = 5  # all runs take a fifth of the disk they lie on at most, where nothing else is said
SHOWS_ONLY = "This server only shows: training is switched off. To train, run ConvLens on your own machine."


class LimitReached(RuntimeError):
    """What was asked for would exceed a limit of this server; the message says which, and what to do."""


class LimitsError(ValueError):
    """A limit that is set to what it cannot be; the message names its variable, the value and what is allowed."""


@dataclass(frozen=True)
class Limits:
    """All limits of a server. A field's label says what is counted; sizes are in MB of 1,000,000 bytes.

    Raises `LimitsError` where a value is out of range.
    """

    training: str = setting(
        "on",
        label="`off`: nobody trains here, the server only shows",
        choices={"on": "Visitors may train", "off": "The server only shows"},
    )
    queue_per_visitor: int = setting(
        3, label="runs of one visitor that wait or train (one at a time trains)", low=1, high=10_000
    )
    series_runs: int = setting(12, label="runs of one experiment, which follow one another", low=1, high=200)
    queue_per_address: int = setting(
        40, label="runs from one network address that wait or train", low=1, high=10_000
    )
    queue: int = setting(60, label="runs that wait or train, in all", low=1, high=10_000)
    minutes: float = setting(
        30.0, label="minutes of training a run, counted over its resumes", low=0.01, high=1e6
    )
    run_mb: int = setting(400, label="MB of disk a run", low=10, high=10**8)
    visitor_mb: int = setting(1000, label="MB of disk a visitor", low=1, high=10**8)
    disk_mb: int | None = setting(
        None,
        label="MB of disk for all visitors' runs",
        help="10000, or a fifth of the disk where that is less",
        low=1,
        high=10**9,
    )
    days: float = setting(
        14.0, label="days that a run is left alone which nobody keeps or trains", low=0.01, high=1e5
    )
    upload_mb: int = setting(
        20, label="MB of one upload (no more than Streamlit's `server.maxUploadSize`)", low=1, high=10_000
    )
    kept_mb: int = setting(
        50, label="MB of memory for what browsers drew and brought, in all", low=1, high=10**6
    )
    kept_hours: float = setting(
        8.0, label="hours without a visit after which that is forgotten", low=0.01, high=1e5
    )
    sessions: int = setting(300, label="open tabs, in all", low=1, high=10**6)
    sessions_per_address: int = setting(100, label="open tabs from one network address", low=1, high=10**6)
    parameters: int = setting(10_000_000, label="parameters of a network", low=1000, high=10**10)
    activations: int = setting(
        1_000_000, label="values that a network keeps for one image", low=1000, high=10**9
    )
    multiply_adds: int = setting(
        1_000_000_000, label="multiply-adds of a network for one image", low=1000, high=10**12
    )

    def __post_init__(self) -> None:
        for field, one in settings().items():
            if wrong := one.problem(getattr(self, field)):
                raise LimitsError(wrong)

    @property
    def trains(self) -> bool:
        """Whether visitors may train."""
        return self.training == "on"

    @property
    def run_bytes(self) -> int:
        """Disk of one run."""
        return self.run_mb * MEGABYTE

    @property
    def visitor_bytes(self) -> int:
        """Disk of one visitor's runs."""
        return self.visitor_mb * MEGABYTE

    @property
    def disk_bytes(self) -> int:
        """Disk of all runs: as set, else 10 GB, or a fifth of the disk where that is less."""
        if self.disk_mb is not None:
            return self.disk_mb * MEGABYTE
        return min(10_000 * MEGABYTE, shutil.disk_usage(_existing(home())).total // LARGEST_SHARE)


def settings() -> dict[str, Setting]:
    """Every limit by its field; the setting's own name is its environment variable."""
    return {
        field: replace(one, name=f"CONVLENS_{field.upper()}") for field, one in ranges.ranges(Limits).items()
    }


def read(environment: Mapping[str, str]) -> Limits:
    """The limits that these variables set; one that is missing or empty has its default.

    Raises `LimitsError` for a value that a limit cannot have.
    """
    given: dict[str, Any] = {
        field: one.read(text)
        for field, one in settings().items()
        if (text := environment.get(one.name, "").strip())
    }
    return Limits(**given)


_reading = threading.Lock()
_read: list[Limits] = []


def limits() -> Limits:
    """This process's limits, read from its environment at the first call. Raises `LimitsError` as `read` does."""
    with _reading:
        if not _read:
            _read.append(read(os.environ))
        return _read[-1]


@contextmanager
def using(**changes: object) -> Iterator[Limits]:
    """Let `limits()` be others for a while, in all threads, as tests need: `using(minutes=1.0)`."""
    values: dict[str, Any] = {**asdict(limits()), **changes}
    changed = Limits(**values)
    with _reading:
        _read.append(changed)
    try:
        yield changed
    finally:
        with _reading:
            _read.remove(changed)


def _existing(path: Path) -> Path:
    """The nearest folder above `path` that is there."""
    return next((folder for folder in (path, *path.parents) if folder.is_dir()), Path())
