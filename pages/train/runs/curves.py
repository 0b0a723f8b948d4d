"""Curves laid over one another: a loss and an accuracy, of the validation or of the training images."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from cnn_core.figures.picture import Picture
from cnn_core.runs.events import Epoch
from cnn_core.runs.history import Run
from pages.train.runs.charts import run_curves
from pages.train.runs.choice import Heads
from pages.train.runs.keys import Key
from pages.ui.controls import segments
from pages.ui.curve_points import points
from pages.ui.run_names import run_name
from pages.ui.twin import twin
from pages.ui.words import percent

VALIDATION, TRAINING = "Validation", "Training"
GUESSES = 2.0  # times the loss of guessing: what lies above is cut
HEIGHT = 290  # px at 1280×720
LAYOUT = f"""<style>
.st-key-{Key.CURVES} > div {{ flex: 1 1 15rem; min-width: 15rem; }}
</style>"""


@dataclass(frozen=True)
class Quantity:
    """What a chart shows: a field of `events.Batch` and of `Epoch`, and of `Epoch` on the validation images."""

    name: str
    trained: str
    validated: str
    share: bool = False

    def of(self, epoch: Epoch, split: str) -> float | None:
        """Its number at the end of an epoch; None where there is none."""
        value = epoch.get(self.trained if split == TRAINING else self.validated)
        return float(value) if isinstance(value, int | float) and math.isfinite(value) else None

    def written(self, value: float | None) -> str:
        """The number as one reads it."""
        if value is None:
            return "–"
        return percent(value, 2) if self.share else f"{value:.4f}"


QUANTITIES = (
    Quantity("loss", "loss", "validation_loss"),
    Quantity("accuracy", "accuracy", "validation_accuracy", share=True),
)


def show(heads: Heads, runs: Mapping[str, Run]) -> None:
    """The charts, and under them the numbers of each epoch."""
    st.html(LAYOUT)
    split = segments("Images", [VALIDATION, TRAINING], Key.SPLIT, VALIDATION, hide_label=True)
    with_numbers = {letter: run for letter, run in runs.items() if len(line(run, QUANTITIES[0], split))}
    for letter in runs.keys() - with_numbers.keys():
        st.caption(f"{letter} has no {split.lower()} numbers yet, or held no images out.")
    if not with_numbers:
        return
    pictures: list[Picture] = []
    with st.container(horizontal=True, gap="small", key=Key.CURVES):
        for quantity in QUANTITIES:
            pictures.append(_chart(with_numbers, quantity, split))
    tables = {f"{split} {one.name}": reading(with_numbers, one, split) for one in QUANTITIES}
    named = ", ".join(f"{letter}: {run_name(heads[letter])}" for letter in with_numbers)
    twin("The numbers of each epoch", tables, pictures, named, words=_words(split), key=Key.CURVES)


def _words(split: str) -> str:
    if split == TRAINING:
        return "Means over the epoch's batches, while the weights still change and dropout is on."
    return "On the images held out, at the end of each epoch."


def _chart(runs: Mapping[str, Run], quantity: Quantity, split: str) -> Picture:
    drawn = pd.concat(
        [line(run, quantity, split).assign(run=letter) for letter, run in runs.items()], ignore_index=True
    )
    name = f"{split.lower()} {quantity.name}"
    return run_curves.draw(
        {"table": drawn, "read": reading(runs, quantity, split)},
        key=f"{Key.CURVE}-{quantity.name}",
        title=f"{split} {quantity.name} of {len(runs)} runs",
        alt=f"{name} of the runs {', '.join(runs)} by epoch; the numbers of each epoch stand below.",
        values={"epochs": max(max(run.settings.epochs, len(run.epochs)) for run in runs.values())},
        height=HEIGHT,
        quantity=name,
        runs=tuple(runs),
        points=split == VALIDATION,
    )


def line(run: Run, quantity: Quantity, split: str) -> pd.DataFrame:
    """A run's points: `epoch`, `shown`. A loss above `GUESSES` times that of guessing is cut there."""
    if split == TRAINING:
        top = None if quantity.share else GUESSES * math.log(run.architecture.classes)
        return points(run, quantity.trained, None, top=top)[["epoch", "shown"]]
    found = [(epoch["epoch"] + 1.0, quantity.of(epoch, split)) for epoch in run.epochs]
    top = 1.0 if quantity.share else GUESSES * math.log(run.architecture.classes)
    rows = [(epoch, min(value, top)) for epoch, value in found if value is not None]
    return pd.DataFrame(rows, columns=["epoch", "shown"])


def reading(runs: Mapping[str, Run], quantity: Quantity, split: str) -> pd.DataFrame:
    """A row an epoch, a column a run: what each had reached then, as text."""
    epochs = range(max((len(run.epochs) for run in runs.values()), default=0))
    columns: dict[str, list[float] | list[str]] = {"epoch": [epoch + 1.0 for epoch in epochs]}
    for letter, run in runs.items():
        columns[letter] = [
            quantity.written(quantity.of(run.epochs[epoch], split) if epoch < len(run.epochs) else None)
            for epoch in epochs
        ]
    return pd.DataFrame(columns)
