"""How fast this machine trains: how many times as long its trainings took as `training.estimate` expects.

Written by the processes that train, read by the pages, in `speed.json` in ConvLens's folder. The median of the last
few decides, so that one training beside something else, or one network that the estimate does not fit, tells little.
"""

import logging
import math
from dataclasses import dataclass
from statistics import median
from typing import TypedDict

from cnn_core import files, machine, typed_json

FILE = "speed.json"
REMEMBERED = 9
TELLING_SECONDS = 1.0  # a shorter training measures the system's whims
UNKNOWN_SLOWNESS = 3.0  # of a machine that has not trained yet
_LOG = logging.getLogger(__name__)


class Ratios(TypedDict):
    """What `speed.json` holds: on which device, and the last trainings' ratios of seconds taken to expected, oldest
    first."""

    device: str
    ratios: list[float]


@dataclass(frozen=True)
class Slowness:
    """How many times as long as expected a training takes here; `measured` where trainings said so."""

    factor: float = UNKNOWN_SLOWNESS
    measured: bool = False


def slowness() -> Slowness:
    """This machine's, as far as it is known; a file that is damaged or of another machine is none."""
    ratios = _read()
    return Slowness(median(ratios), measured=True) if ratios else Slowness()


def note(expected: float, took: float) -> None:
    """Remember a training that `took` so many seconds where so many were `expected`."""
    if expected <= 0 or not math.isfinite(took / expected) or took <= 0:
        return
    ratios = [*_read(), took / expected][-REMEMBERED:]
    try:
        files.home().mkdir(parents=True, exist_ok=True)
        files.write_json(files.home() / FILE, Ratios(device=machine.describe(), ratios=ratios))
    except OSError as error:  # a full disk has other troubles, and the next run may tell
        _LOG.warning("this machine's speed could not be written down: %s", error)


def _read() -> list[float]:
    try:
        found = typed_json.read(files.home() / FILE, Ratios)
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        _LOG.warning("%s cannot be read: %s", FILE, error)
        return []
    if found["device"] != machine.describe():
        return []
    return [ratio for ratio in found["ratios"] if math.isfinite(ratio) and ratio > 0][-REMEMBERED:]
