"""Curves of loss and accuracy that grow while a network trains, and the same numbers as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.runs.records import Run
from pages.ui.charts import TRAINING, VALIDATION, ink

MOST_POINTS = 150


def curve(where: DeltaGenerator, run: Run, quantity: str, title: str) -> None:
    """`quantity` ("loss" or "accuracy") over epochs; the specification stays, so the browser only adds points."""
    where.vega_lite_chart(_points(run, quantity), _chart(title, run.settings.epochs), height=250)


def table(run: Run) -> None:
    """The numbers at the end of each epoch."""
    rows = [
        {
            "epoch": epoch["epoch"] + 1,
            "training loss": epoch["loss"],
            "validation loss": epoch["validation_loss"],
            "training accuracy": epoch["accuracy"],
            "validation accuracy": epoch["validation_accuracy"],
            "seconds": epoch["seconds"],
            "best so far": epoch["best"],
        }
        for epoch in run.epochs
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True)


def _points(run: Run, quantity: str) -> pd.DataFrame:
    """`epoch`, `value`, `curve`: training as means over batches, validation at the end of each epoch."""
    steps = max(1, int(run.started.get("steps_per_epoch", 1)))
    rows = [
        (batch["epoch"] + batch["step"] / steps, batch[quantity], "training")
        for batch in _thinned(run.batches, quantity)
    ]
    rows += [
        (epoch["epoch"] + 1.0, epoch[f"validation_{quantity}"], "validation")
        for epoch in run.epochs
        if epoch[f"validation_{quantity}"] is not None
    ]
    return pd.DataFrame(rows, columns=["epoch", "value", "curve"])


def _thinned(batches: Sequence[Mapping[str, Any]], quantity: str) -> list[dict[str, float]]:
    """At most `MOST_POINTS` points, each the mean of as many neighbours."""
    known = [batch for batch in batches if batch[quantity] is not None]
    size = -(-len(known) // MOST_POINTS) or 1
    groups = [known[start : start + size] for start in range(0, len(known), size)]
    return [
        {
            "epoch": group[-1]["epoch"],
            "step": group[-1]["step"],
            quantity: sum(batch[quantity] for batch in group) / len(group),
        }
        for group in groups
    ]


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
