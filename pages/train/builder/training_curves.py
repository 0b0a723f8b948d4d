"""Curves of loss and accuracy that grow while a network trains, and the same numbers as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast, get_type_hints

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.runs.events import Batch, Epoch
from cnn_core.runs.history import Run
from pages.train.builder.keys import Key
from pages.ui.charts import TRAINING, VALIDATION, Chart, Look, Tables, chart_kind, hover, series, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_POINTS = 150
HEIGHT = 250  # px
COLOURS = {"training": TRAINING, "validation": VALIDATION}
# The table of epochs has a column for each field of its event but these, named as here or by the field.
UNSHOWN = ("type", "time")
NAMES = {"loss": "training loss", "accuracy": "training accuracy", "best": "best so far"}


@dataclass(frozen=True)
class Curve:
    """One chart: a field of `events.Batch` as training, and of `events.Epoch` as validation, where it is measured."""

    title: str
    batch: str
    validation: str | None


# The loss of a training that diverges: 20 digits would leave no room for the curve.
SHORT_WHERE_HUGE = "abs(datum.value) < 1e6 ? datum.label : format(datum.value, '.0e')"
CURVES = (
    Curve("Loss (cross-entropy)", batch="loss", validation="validation_loss"),
    Curve("Accuracy", batch="accuracy", validation="validation_accuracy"),
)


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
    # Every layer has all points: one without any, as validation's is in the first epoch, has no extent for its axis.
    base = table().encode(
        alt.X(
            "epoch:Q",
            title="epoch",
            scale=alt.Scale(domain=[0, alt.ExprRef("epochs")]),
            axis=alt.Axis(tickMinStep=1),
        ),
        alt.Y(
            "value:Q", title=quantity, scale=alt.Scale(zero=False), axis=alt.Axis(labelExpr=SHORT_WHERE_HUGE)
        ),
        series(COLOURS, "curve"),
        tooltip=hover("curve", "#epoch", "#value", value=quantity),
    )
    ends = base.mark_point(filled=True, opacity=1).encode(
        size=alt.condition("datum.curve == 'validation'", alt.value(80), alt.value(14))
    )
    return alt.layer(base.mark_line(strokeWidth=2.5), ends)


def curve(run: Run, shown: Curve) -> Picture:
    """One of `CURVES` over epochs; the specification stays, so the browser only adds points."""
    return training_curve.draw(
        {"table": points(run, shown)},
        key=f"{Key.CURVE}-{shown.batch}",
        title=f"{shown.title} while training",
        alt=f"{shown.title} by epoch, training and validation; the numbers of each epoch stand below.",
        values={"epochs": run.settings.epochs},
        height=HEIGHT,
        quantity=shown.title,
    )


def make_ready() -> None:
    """Write the charts while the network is being built, so that the first numbers of a training need not wait."""
    for shown in CURVES:
        training_curve.make_ready(quantity=shown.title)


def epoch_table(run: Run) -> pd.DataFrame:
    """A row for each epoch, a column for each field of its event."""
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
