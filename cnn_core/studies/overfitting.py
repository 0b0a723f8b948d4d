"""Small training runs that differ from one baseline in one thing, and the file in which they lie.

A small network on few images learns them by heart; each experiment changes one setting. They are trained
by `python -m cnn_core.studies.train_overfitting` and shipped as `models/overfitting/runs.json`, which this module
reads.
"""

import json
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from cnn_core.arrays import not_allowed
from cnn_core.data.augmentation import Augmentation
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import BatchNorm, Conv2d, Dropout, Flatten, Layer, Linear, MaxPool2d, ReLU
from cnn_core.training.settings import TrainSettings

STUDY_FILE = Path(__file__).resolve().parents[2] / "models" / "overfitting" / "runs.json"

COMMON = TrainSettings(
    optimizer="sgd",
    learning_rate=0.05,
    schedule="constant",
    batch_size=32,
    epochs=30,
    train_limit=300,
    device="cpu",
)
"""What all experiments are trained with, on 300 images of MNIST."""


class StudyError(ValueError):
    """The file of precomputed runs is missing or damaged; the message says which and what to do."""


@dataclass(frozen=True)
class Experiment:
    """One change to the baseline, in its layers or in its settings."""

    name: str
    title: str
    dropout: float = 0.0
    batch_norm: bool = False
    settings: TrainSettings = COMMON

    def architecture(self, input_shape: tuple[int, int, int], classes: int) -> Architecture:
        """Two convolutions of 16 and 32 filters, a hidden layer of 128, one logit a class."""
        layers: list[Layer] = []
        for filters in (16, 32):
            norm = [BatchNorm()] if self.batch_norm else []
            layers += [Conv2d(filters, padding="same"), *norm, ReLU(), MaxPool2d(2)]
        layers += [Flatten(), Linear(128), ReLU()]
        layers += [Dropout(self.dropout)] if self.dropout else []
        return Architecture(input_shape, (*layers, Linear(classes)), classes)


MOVED, FLIPPED = Augmentation(shift=2, rotate=10.0, zoom=0.1), Augmentation(flip=True)

EXPERIMENTS: dict[str, Experiment] = {
    experiment.name: experiment
    for experiment in (
        Experiment("baseline", "Without"),
        Experiment("dropout", "Dropout 0.5", dropout=0.5),
        Experiment("batch-norm", "Batch norm", batch_norm=True),
        Experiment("decay-0.003", "Weight decay 0.003", settings=replace(COMMON, weight_decay=0.003)),
        Experiment("decay-0.01", "Weight decay 0.01", settings=replace(COMMON, weight_decay=0.01)),
        Experiment("augmented", "Shift, rotate, zoom", settings=replace(COMMON, augmentation=MOVED)),
        Experiment("flipped", "Flip left to right", settings=replace(COMMON, augmentation=FLIPPED)),
        Experiment("softmax-twice", "Softmax twice", settings=replace(COMMON, softmax_before_loss=True)),
    )
}
"""Every experiment by its name; all else (network, images, optimizer, seeds) is the same."""


@dataclass(frozen=True)
class History:
    """One run, epoch by epoch; losses in nats, accuracies in 0..1, None where a loss was not finite.

    `running_loss` is what a training loop reports: the mean over the epoch's batches, in training mode, of
    the loss that is minimized. The others are measured after the epoch in evaluation mode, by cross-entropy.
    """

    running_loss: tuple[float | None, ...]
    running_accuracy: tuple[float, ...]
    training_loss: tuple[float | None, ...]
    training_accuracy: tuple[float, ...]
    validation_loss: tuple[float | None, ...]
    validation_accuracy: tuple[float, ...]


@dataclass(frozen=True)
class WeightHistogram:
    """A layer's final weights: counts in bins of one width from `low` to `high`, and the weights' L2 norm."""

    layer: str
    low: float
    high: float
    counts: tuple[int, ...]
    norm: float

    @property
    def edges(self) -> tuple[float, ...]:
        """The bins' borders, one more than there are counts."""
        width = (self.high - self.low) / len(self.counts)
        return tuple(self.low + index * width for index in range(len(self.counts) + 1))

    def reach(self, share: float = 0.995) -> float:
        """The least magnitude, a bin's border, that at least `share` (0..1) of the weights stay within."""
        borders = sorted({abs(edge) for edge in self.edges})
        total = sum(self.counts)
        bins = list(zip(self.edges, self.edges[1:], self.counts, strict=False))
        for border in borders:
            inside = sum(n for low, high, n in bins if max(abs(low), abs(high)) <= border + 1e-9)
            if inside >= share * total:
                return border
        return borders[-1]


@dataclass(frozen=True)
class StudyRun:
    """An experiment's histories, one a seed, and the weights of the first seed's network."""

    experiment: str
    histories: dict[int, History]
    weights: tuple[WeightHistogram, ...]

    def mean(self, quantity: str) -> tuple[float | None, ...]:
        """Mean of `quantity` over the seeds, epoch by epoch; None where any of them is.

        Raises `ValueError` for a quantity that is no field of `History`.
        """
        per_seed = [self._values(history, quantity) for history in self.histories.values()]
        return tuple(
            None if None in values else sum(v for v in values if v is not None) / len(values)
            for values in zip(*per_seed, strict=True)
        )

    def epochs_validation_below_running(self) -> int:
        """In how many epochs the mean validation loss is lower than the mean loss that training reported."""
        pairs = zip(self.mean("validation_loss"), self.mean("running_loss"), strict=True)
        return sum(v is not None and r is not None and v < r for v, r in pairs)

    @staticmethod
    def _values(history: History, quantity: str) -> tuple[float | None, ...]:
        if quantity not in {f.name for f in fields(History)}:
            raise ValueError(not_allowed("quantity", repr(quantity), "a field of History"))
        values: tuple[float | None, ...] = getattr(history, quantity)
        return values

    def final(self, quantity: str) -> tuple[float, float, float]:
        """Mean, smallest and largest of `quantity` (a field of `History`) after the last epoch, over the seeds.

        Raises `ValueError` for another name, and where a run ended with a loss that is not finite.
        """
        last = [self._values(history, quantity)[-1] for history in self.histories.values()]
        finite = [value for value in last if value is not None]
        if len(finite) < len(last):
            raise ValueError(f"{quantity} of {self.experiment!r} ended without a finite value")
        return sum(finite) / len(finite), min(finite), max(finite)


@dataclass(frozen=True)
class Study:
    """All runs, and what was common to them; `command` makes them again."""

    command: str
    dataset: str
    training_images: int
    validation_images: int
    epochs: int
    batch_size: int
    learning_rate: float
    momentum: float
    versions: dict[str, str]
    runs: dict[str, StudyRun]


def read_study(path: Path = STUDY_FILE) -> Study:
    """The runs in `path`. Raises `StudyError` where the file is missing, damaged or of another layout."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        runs = {name: _read_run(name, run) for name, run in data["runs"].items()}
        return Study(**{**{f.name: data[f.name] for f in fields(Study)}, "runs": runs})
    except FileNotFoundError as error:
        raise StudyError(
            f"There are no precomputed runs ({path.name} is missing); "
            "python -m cnn_core.studies.train_overfitting makes them."
        ) from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise StudyError(
            f"The precomputed runs in {path.name} cannot be read ({error!r}); "
            "python -m cnn_core.studies.train_overfitting makes them again."
        ) from error


def _read_run(name: str, data: dict[str, Any]) -> StudyRun:
    histories = {
        int(seed): History(**{key: tuple(values) for key, values in history.items()})
        for seed, history in data["histories"].items()
    }
    weights = tuple(
        WeightHistogram(**{**layer, "counts": tuple(layer["counts"])}) for layer in data["weights"]
    )
    return StudyRun(name, histories, weights)
