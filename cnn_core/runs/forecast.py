"""What a training will take of this server, told before it begins, and whether that is too much."""

from dataclasses import dataclass
from pathlib import Path

from cnn_core.data import catalog
from cnn_core.files import megabytes
from cnn_core.limits import Limits, limits
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import kept_weights, speed
from cnn_core.training.estimate import Images, run_seconds
from cnn_core.training.settings import TrainSettings

REFUSED_AFTER_TIMES = 2  # the minutes allowed: estimates are right within about as much
_NPY_HEADER = 128  # bytes


@dataclass(frozen=True)
class Forecast:
    """What a run will take.

    `seconds` of training on this machine, or a guess for a slow one where it is not `measured`; `bytes` of disk at
    most, and `least` where the weights of no more than one epoch are kept.
    """

    seconds: float
    measured: bool
    bytes: int
    least: int

    def refusal(self, most: Limits) -> str:
        """Why such a run may not begin, and what to do, as a sentence; empty where it may."""
        if self.least > most.run_bytes:
            return (
                f"It would need {megabytes(self.least)} of disk; at most {megabytes(most.run_bytes)} a run here."
                " Take a network with fewer parameters."
            )
        if self.seconds > REFUSED_AFTER_TIMES * 60 * most.minutes:
            return f"{self._long(most)}: take fewer epochs, fewer images or a smaller network."
        return ""

    def words(self, most: Limits) -> str:
        """How long it will take, and what happens where that is longer than a run may train, as a sentence."""
        if self.seconds > 60 * most.minutes:
            return f"{self._long(most)}: it will be stopped then, with its best weights."
        return f"{self._takes()}."

    def _long(self, most: Limits) -> str:
        return f"{self._takes()}; at most {duration(60 * most.minutes)} here"

    def _takes(self) -> str:
        where = "on this machine" if self.measured else "on a slow machine; this one is not measured yet"
        return f"About {duration(self.seconds)} {where}"


def forecast(architecture: Architecture, settings: TrainSettings) -> Forecast:
    """What a run with this network, which has no problems, will take."""
    slow = speed.slowness()
    epochs = max(1, kept_weights.most_epochs(architecture, settings, limits().run_bytes))
    steps = kept_weights.most_steps(architecture, settings, limits().run_bytes)
    return Forecast(
        run_seconds(architecture, settings, images(settings.dataset), slow.factor),
        slow.measured,
        kept_weights.run_bytes(architecture, settings, epochs, steps),
        kept_weights.run_bytes(architecture, settings, 1),
    )


def images(dataset: str) -> Images:
    """How many images a dataset has: as its files are large, else as the catalogue says."""
    info = catalog.find(dataset)
    if info is None:
        return Images(0, 0)
    one = info.array_bytes // sum(info.sizes) - 1  # a byte is the label's
    training, test = (
        _count(info.folder / f"x_{split}.npy", one, size)
        for split, size in zip(("train", "test"), info.sizes)
    )
    return Images(training, test)


def _count(file: Path, one: int, otherwise: int) -> int:
    try:
        return max(0, file.stat().st_size - _NPY_HEADER) // one
    except OSError:
        return otherwise


def duration(seconds: float) -> str:
    """A span of time in its largest unit, as one says it: 20 s, 6 min, 140 h."""
    if seconds < 55:
        return f"{max(1, round(seconds))} s"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:,.0f} h"
