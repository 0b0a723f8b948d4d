"""The curve in which a finding is seen: loss or accuracy of the batches, and of the validation images."""

import math
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.runs.history import Run
from pages.train.doctor.keys import Key
from pages.ui.charts import (
    TRAINING,
    VALIDATION,
    Chart,
    Look,
    Tables,
    at,
    chart_kind,
    hover,
    rule,
    series,
    table,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {"training": TRAINING, "validation": VALIDATION}
TOP = 3.0  # times the loss of guessing: what lies above is cut


def _figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
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
        at={"y": float(tables["guessing"]["at"][0])},
    )


@chart_kind(
    {
        "table": {"epoch": [0.5, 1.0], "value": [2.3, 0.4], "curve": ["training", "validation"]},
        "guessing": {"at": [2.3]},
    },
    figure=_figure,
    quantity="loss",
)
def examined_curve(look: Look, *, quantity: str) -> Chart:
    """A quantity over epochs, and a line where somebody is who guesses."""
    base = table().encode(
        alt.X("epoch:Q", title="epoch", axis=alt.Axis(tickMinStep=1)),
        alt.Y("value:Q", title=f"{quantity} (dashed: guessing)"),
        series(COLOURS, "curve"),
        tooltip=hover("curve", "#epoch", "#value", value=quantity),
    )
    points = base.mark_point(filled=True, opacity=1, size=50).transform_filter("datum.curve == 'validation'")
    return alt.layer(base.mark_line(strokeWidth=2.5), points, rule("y", "guessing", dash=[6, 4]))


def curve_table(run: Run, quantity: str) -> pd.DataFrame:
    """The points: batches as training at their place in the epochs, the end of each epoch as validation."""
    top = TOP * math.log(run.architecture.classes) if quantity == "loss" else 1.0
    batches = [
        (
            batch["epoch"] + batch["step"] / run.steps_per_epoch,
            batch["loss" if quantity == "loss" else "accuracy"],
        )
        for batch in run.batches
    ]
    ends = [
        (epoch["epoch"] + 1.0, epoch["validation_loss" if quantity == "loss" else "validation_accuracy"])
        for epoch in run.epochs
    ]
    rows = [
        (place, min(value, top), curve)
        for curve, points in (("training", batches), ("validation", ends))
        for place, value in points
        if value is not None and math.isfinite(value)
    ]
    return pd.DataFrame(rows, columns=["epoch", "value", "curve"])


def draw_curve(run: Run, quantity: str, name: str) -> Picture:
    """Draw loss or accuracy of a run called `name`."""
    classes = run.architecture.classes
    return examined_curve.draw(
        {
            "table": curve_table(run, quantity),
            "guessing": at(math.log(classes) if quantity == "loss" else 1 / classes),
        },
        key=Key.CURVE,
        title=f"{quantity.capitalize()} of {name}",
        alt=f"{quantity.capitalize()} by epoch, training and validation; the table below has the numbers.",
        height=300,
        quantity=quantity,
    )
