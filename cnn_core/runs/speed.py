"""How fast this machine trains: how many times as long its trainings took as `training.estimate` expects.

Written by the processes that train, read by the pages, in `speed.json` in ConvLens's folder. The median of the last
few decides, so that one training beside something else, or one network that the estimate does not fit, tells little.
"""

import logging
import math
from dataclasses import dataclass
from statistics import median
from typing import NotRequired, TypedDict

from cnn_core import files, machine, typed_json

FILE = "speed.json"
REMEMBERED = 9
TELLING_SECONDS = 1.0  # a shorter training measures the system's whims
UNKNOWN_SLOWNESS = 3.0  # of a machine that has not trained yet
_LOG = logging.getLogger(__name__)


class Ratios(TypedDict):
    """What `speed.json` holds: ratios of seconds taken to expected, on which device.

    `ratios` are the last trainings', oldest first; `first` that of a few batches, which counts until there is one.
    """

    device: str
    ratios: list[float]
    first: NotRequired[float]


@dataclass(frozen=True)
class Slowness:
    """How many times as long as expected a training takes here; `measured` where trainings said so."""

    factor: float = UNKNOWN_SLOWNESS
    measured: bool = False


def slowness() -> Slowness:
    """This machine's, as far as it is known; a file that is damaged or of another machine is none."""
    found = _read()
    if found["ratios"]:
        return Slowness(median(found["ratios"]), measured=True)
    return Slowness(found["first"], measured=True) if "first" in found else Slowness()


def note(expected: float, took: float) -> None:
    """Remember a training that `took` so many seconds where so many were `expected`."""
    if _tells(expected, took):
        found = _read()
        found["ratios"] = [*found["ratios"], took / expected][-REMEMBERED:]
        _write(found)


def note_first(expected: float, took: float) -> None:
    """Remember what a few batches took, in a moment that may have been a busy one: until a training tells more."""
    if _tells(expected, took):
        found = _read()
        found["first"] = took / expected
        _write(found)


def _tells(expected: float, took: float) -> bool:
    return expected > 0 and took > 0 and math.isfinite(took / expected)


def _write(found: Ratios) -> None:
    try:
        files.home().mkdir(parents=True, exist_ok=True)
        files.write_json(files.home() / FILE, found)
    except OSError as error:  # a full disk has other troubles, and the next run may tell
        _LOG.warning("this machine's speed could not be written down: %s", error)


def _read() -> Ratios:
    nothing: Ratios = {"device": machine.describe(), "ratios": []}
    try:
        found = typed_json.read(files.home() / FILE, Ratios)
    except FileNotFoundError:
        return nothing
    except (OSError, ValueError) as error:
        _LOG.warning("%s cannot be read: %s", FILE, error)
        return nothing
    said = [*found["ratios"], found.get("first", 1.0)]
    if found["device"] != machine.describe() or not all(math.isfinite(one) and one > 0 for one in said):
        return nothing
    return found
