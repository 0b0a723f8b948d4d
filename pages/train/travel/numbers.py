"""A journey in numbers: its table, its curves, what is said of each moment, and its pictures as files."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture, of_maps
from cnn_core.judge import metrics
from cnn_core.runs.history import Run
from cnn_core.runs.travel import Followed
from pages.train.travel.answers import Journey
from pages.train.travel.keys import Key
from pages.train.travel.travel_board import Curves
from pages.ui.charts import LIGHT, TRAINING, VALIDATION
from pages.ui.matrix_figure import matrix_picture
from pages.ui.twin import Table
from pages.ui.words import percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_POINTS = 400
COLUMNS = ("training accuracy", "training loss", "validation accuracy", "validation loss")


def training_curve(run: Run) -> Curves:
    """What was told of the batches: means over those since the last one told."""
    told = run.batches[:: -(-len(run.batches) // MOST_POINTS) or 1]
    steps = run.steps_per_epoch
    return _curves(
        [(one["epoch"] * steps + one["step"], one["accuracy"], one["loss"]) for one in told],
    )


def validation_curve(run: Run) -> Curves:
    """The scores on the validation images after each epoch, where some were held out."""
    steps = run.steps_per_epoch
    return _curves(
        [
            ((one["epoch"] + 1) * steps, one["validation_accuracy"], one["validation_loss"])
            for one in run.epochs
            if one["validation_accuracy"] is not None
        ]
    )


def tested_curve(now: Journey) -> Curves:
    """The scores on the test images at each moment."""
    return _curves([(at, one.accuracy, one.loss) for at, one in zip(now.at, now.judged)])


def _curves(points: Sequence[tuple[int, float | None, float | None]]) -> Curves:
    columns = np.array(points, np.float64).reshape(-1, 3).T  # None, of runs of old, is no number
    return Curves(*columns)


def table(now: Journey) -> pd.DataFrame:
    """A row for each moment: its scores on the test images, and what the run wrote down then."""
    rows = []
    for one, at, judged in zip(now.moments, now.at, now.judged):
        row: dict[str, object] = {
            "moment": one.words,
            "batches done": at,
            "test accuracy": judged.accuracy,
            "test loss": judged.loss,
        }
        if one.epoch:
            epoch = next(told for told in now.run.epochs if told["epoch"] == one.epoch - 1)
            told = (
                epoch["accuracy"],
                epoch["loss"],
                epoch["validation_accuracy"],
                epoch["validation_loss"],
            )
            row |= dict(zip(COLUMNS, told))
        rows.append(row)
    return pd.DataFrame(rows)


def readouts(now: Journey) -> list[str]:
    """The scores at each moment, exactly, as a sentence."""
    said = []
    for one, judged in zip(now.moments, now.judged):
        words = f"{percent(judged.accuracy, 2)} of {now.images:,} test images right, loss {judged.loss:.4f}"
        epoch = next((told for told in now.run.epochs if one.epoch and told["epoch"] == one.epoch - 1), None)
        if epoch is not None and epoch["validation_accuracy"] is not None:
            words += f" · validation {percent(epoch['validation_accuracy'], 2)}"
        if epoch is not None and epoch["loss"] is not None:
            words += f" · training {percent(epoch['accuracy'], 2)}, loss {epoch['loss']:.4f}"
        said.append(words + ("" if one.epoch else _batches(now.run, one.step)))
    return said


def _batches(run: Run, step: int) -> str:
    """What was told of the batches of the first epoch around number `step`: means over them."""
    before = 0
    for told in run.batches:
        if told["epoch"] or not step:
            break
        if told["step"] >= step and told["loss"] is not None:
            which = (
                f"batch {told['step']}"
                if told["step"] == before + 1
                else f"batches {before + 1} to {told['step']}"
            )
            return f" · training, {which}: {percent(told['accuracy'], 2)}, loss {told['loss']:.4f}"
        before = told["step"]
    return ""


def pictures(now: Journey, shown: Followed, layer: str, at: int, classes: tuple[str, ...]) -> list[Picture]:
    """The curves, and filters, maps and confusion matrix at a moment, as files."""
    when = now.moments[at].words
    return [
        Picture(Key.CURVES, "Accuracy over the moments", _figure(now), table(now)),
        matrix_picture(now.judged[at].matrix, classes, key=Key.MATRIX, shares=False),
        of_maps(Key.KERNELS, f"Weights of {shown.owner} {when}", shown.kernels[at], group=shown.group),
        of_maps(Key.MAPS, f"Answers of {layer} {when}", shown.maps[at]),
    ]


def _figure(now: Journey) -> "Callable[[str, str], Figure]":
    def figure(title: str, source: str) -> "Figure":
        series = {
            "training": training_curve(now.run),
            "validation": validation_curve(now.run),
            "test": tested_curve(now),
        }
        frame = pd.concat(
            [
                pd.DataFrame({"batches": one.at, "accuracy": one.accuracy, "series": name})
                for name, one in series.items()
            ]
        )
        return print_charts.lines(
            frame,
            "batches",
            "accuracy",
            title=title,
            source=source,
            x_title="batches done",
            y_title="accuracy",
            series="series",
            colours={"training": TRAINING, "validation": VALIDATION, "test": LIGHT.ink},
            marked=["validation", "test"],
            limits={"y": (0.0, 1.0)},
            percent=True,
        )

    return figure


def tables(now: Journey, at: int, classes: tuple[str, ...]) -> dict[str, Table]:
    """All moments in a table, and the confusion matrix of one."""
    return {
        "Every moment": table(now),
        f"Confusion matrix {now.moments[at].words}: a row is a true class": metrics.labelled(
            now.judged[at].matrix, classes
        ),
    }
