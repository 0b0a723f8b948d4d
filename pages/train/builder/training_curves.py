"""Curves of loss and accuracy that grow while a network trains, and the same numbers as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast, get_type_hints

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.runs.events import Batch, Epoch
from cnn_core.runs.records import Run
from pages.ui.charts import TRAINING, VALIDATION, ink

MOST_POINTS = 150
# The table of epochs has a column for each field of its event but these, named as here or by the field.
UNSHOWN = ("type", "time")
NAMES = {"loss": "training loss", "accuracy": "training accuracy", "best": "best so far"}


@dataclass(frozen=True)
class Curve:
    """One chart: a field of `events.Batch` as training, and of `events.Epoch` as validation, where it is measured."""

    title: str
    batch: str
    validation: str | None


CURVES = (
    Curve("Loss (cross-entropy)", batch="loss", validation="validation_loss"),
    Curve("Accuracy", batch="accuracy", validation="validation_accuracy"),
)


def curve(where: DeltaGenerator, run: Run, shown: Curve) -> None:
    """One of `CURVES` over epochs; the specification stays, so the browser only adds points."""
    where.vega_lite_chart(points(run, shown), _chart(shown.title, run.settings.epochs), height=250)


def table(run: Run) -> None:
    """The numbers at the end of each epoch."""
    st.dataframe(rows(run), hide_index=True)


def rows(run: Run) -> pd.DataFrame:
    """A row for each epoch, a column for each of its event's fields, with the unit where there is one."""
    columns = {
        name: [epoch.get(name) for epoch in run.epochs]
        for name in get_type_hints(Epoch)
        if name not in UNSHOWN
    }
    frame = pd.DataFrame(columns)
    frame["epoch"] += 1
    return frame.rename(columns=lambda name: NAMES.get(name, name.replace("_", " ")))


def points(run: Run, shown: Curve) -> pd.DataFrame:
    """`epoch`, `value`, `curve`: training as means over batches, validation at the end of each epoch."""
    steps = run.steps_per_epoch
    means = ((batch["epoch"] + batch["step"] / steps, _field(batch, shown.batch)) for batch in run.batches)
    known = [(epoch, value) for epoch, value in means if value is not None]
    lines = [(epoch, value, "training") for epoch, value in _thinned(known)]
    if shown.validation is not None:
        ends = ((epoch["epoch"] + 1.0, _field(epoch, shown.validation)) for epoch in run.epochs)
        lines += [(epoch, value, "validation") for epoch, value in ends if value is not None]
    return pd.DataFrame(lines, columns=["epoch", "value", "curve"])


def _field(event: Batch | Epoch, name: str) -> float | None:
    """A field that a row of `CURVES` names; None where it was no number."""
    value = cast(Mapping[str, object], event).get(name)
    return float(value) if isinstance(value, int | float) else None


def _thinned(known: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most `MOST_POINTS` points, each the mean of as many neighbours, at the epoch of the last of them."""
    size = -(-len(known) // MOST_POINTS) or 1
    groups = [known[start : start + size] for start in range(0, len(known), size)]
    return [(group[-1][0], sum(value for _, value in group) / len(group)) for group in groups]


def _chart(title: str, epochs: int) -> dict[str, Any]:
    colour = {
        "field": "curve",
        "scale": {"domain": ["training", "validation"], "range": [TRAINING, VALIDATION]},
        "legend": {"title": None, "orient": "bottom-right" if title == "Accuracy" else "top-right"},
    }
    encoding = {
        "x": {
            "field": "epoch",
            "type": "quantitative",
            "scale": {"domain": [0, epochs]},
            "axis": {"tickMinStep": 1},
        },
        "y": {"field": "value", "type": "quantitative", "scale": {"zero": False}, "title": title},
        "color": colour,
        "tooltip": [
            {"field": "curve", "title": "curve"},
            {"field": "epoch", "type": "quantitative", "format": ".2f"},
            {"field": "value", "type": "quantitative", "format": ".4f", "title": title},
        ],
    }
    size = {"labelFontSize": 14, "titleFontSize": 14, "labelColor": ink(), "titleColor": ink()}
    return {
        "encoding": encoding,
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 14}}},
            {
                "transform": [{"filter": "datum.curve == 'validation'"}],
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            },
        ],
        "config": {"axis": {**size, "labelFlush": False}, "legend": size},
    }
