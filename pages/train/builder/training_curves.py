"""Curves of loss and accuracy that grow while a network trains, and the same numbers as a table."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.runs.records import Run
from pages.ui.charts import TRAINING, VALIDATION, Chart, Look, Tables, chart_kind, hover, series, table

MOST_POINTS = 150
HEIGHT = 250  # px
COLOURS = {"training": TRAINING, "validation": VALIDATION}


def _figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> Any:
    return print_charts.lines(
        tables["table"],
        "epoch",
        "value",
        title=title,
        source=source,
        x_title="epoch",
        y_title=options["quantity"],
        series="curve",
        colours=COLOURS,
        marked=["validation"],
        limits={"x": (0.0, options["epochs"])},
    )


@chart_kind(
    {"table": {"epoch": [0.5, 1.0], "value": [2.3, 0.4], "curve": ["training", "validation"]}},
    figure=_figure,
    values={"epochs": 3},
    quantity="loss (cross-entropy)",
)
def training_curve(look: Look, *, quantity: str) -> Chart:
    """A quantity over epochs, training beside validation, whose points stand at the ends of epochs."""
    base = table().encode(
        alt.X(
            "epoch:Q",
            title="epoch",
            scale=alt.Scale(domain=[0, alt.ExprRef("epochs")]),
            axis=alt.Axis(tickMinStep=1),
        ),
        alt.Y("value:Q", title=quantity, scale=alt.Scale(zero=False)),
        series(COLOURS, "curve"),
        tooltip=hover("curve", "#epoch", "#value", value=quantity),
    )
    lines = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=14))
    ends = base.transform_filter("datum.curve == 'validation'").mark_point(filled=True, size=80, opacity=1)
    return alt.layer(lines, ends)


def curve(run: Run, quantity: str, title: str, *, key: str) -> Picture:
    """`quantity` ("loss" or "accuracy") over epochs; the specification stays, so the browser only adds points."""
    return training_curve.draw(
        {"table": _points(run, quantity)},
        key=key,
        title=f"{title} while training",
        alt=f"{title} by epoch, training and validation; the numbers of each epoch stand below.",
        values={"epochs": run.settings.epochs},
        height=HEIGHT,
        quantity=title,
    )


def epoch_table(run: Run) -> pd.DataFrame:
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
    return pd.DataFrame(rows)


def _points(run: Run, quantity: str) -> pd.DataFrame:
    """`epoch`, `value`, `curve`: training as means over batches, validation at the end of each epoch."""
    steps = run.started["steps_per_epoch"] if run.started else 1
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
