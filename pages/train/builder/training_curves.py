"""Curves of loss and accuracy that grow while a network trains, and the same numbers as a table."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_type_hints

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.runs.events import Epoch
from cnn_core.runs.history import Run
from pages.train.builder.keys import Key
from pages.ui.charts import TRAINING, VALIDATION, Chart, Look, Tables, chart_kind, hover, series, table
from pages.ui.curve_points import points

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {"training": TRAINING, "validation": VALIDATION}
# The table of epochs has a column for each field of its event but these, named as here or by the field.
UNSHOWN = ("type", "time", "gradient_norms", "update_ratios", "dead_relus")
NAMES = {"loss": "training loss", "accuracy": "training accuracy", "best": "best so far"}
GUESSES = 2.0  # times the loss of guessing: what lies above is cut
# The loss of a training that diverges: 20 digits would leave no room for the curve.
SHORT_WHERE_HUGE = "abs(datum.value) < 1e6 ? datum.label : format(datum.value, '.0e')"


@dataclass(frozen=True)
class Curve:
    """One chart: a field of `events.Batch` as training, and of `events.Epoch` as validation, where it is measured.

    A `share` lies between 0 and 1, and the axis shows all of that; of any other quantity, what is above `GUESSES`
    times that of guessing among the classes is cut where it is a `loss`. What is `folded` stands away from the others.
    """

    title: str
    batch: str
    validation: str | None
    share: bool = False
    loss: bool = False
    folded: bool = False


CURVES = (
    Curve("Loss (cross-entropy)", batch="loss", validation="validation_loss", loss=True),
    Curve("Accuracy", batch="accuracy", validation="validation_accuracy", share=True),
    Curve("Learning rate", batch="learning_rate", validation=None, folded=True),
    Curve("Gradient norm", batch="gradient_norm", validation=None, folded=True),
    Curve("Update / weights", batch="update_ratio", validation=None, folded=True),
)


def _figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    drawn = tables["table"]
    cut = drawn["value"] > drawn["shown"]
    return print_charts.lines(
        drawn,
        "epoch",
        "shown",
        title=title,
        source=source,
        x_title="epoch",
        y_title=options["quantity"] + (f", cut at {drawn['shown'].max():.2f}" if cut.any() else ""),
        series="curve",
        colours=_colours(options["validated"]),
        marked=["validation"],
        limits={} if options["zoom"] else {"x": (0.0, options["epochs"])},
    )


@chart_kind(
    {
        "table": {
            "epoch": [0.5, 1.0],
            "value": [2.3, 0.4],
            "shown": [2.3, 0.4],
            "curve": ["training", "validation"],
            "label": ["", "best"],
        }
    },
    figure=_figure,
    values={"epochs": 3},
    quantity="loss (cross-entropy)",
    share=False,
    zoom=False,
    validated=True,
)
def training_curve(look: Look, *, quantity: str, share: bool, zoom: bool, validated: bool) -> Chart:
    """A quantity over epochs, training beside validation, whose points stand at the ends of epochs.

    One that is not `validated` is of the training alone, and needs no legend.

    With `zoom` both axes show what there is and no more, so that a curve that has flattened shows its last steps.
    """
    # Every layer has all points: one without any, as validation's is in the first epoch, has no extent for its axis.
    epochs = alt.Scale(zero=False, nice=False) if zoom else alt.Scale(domain=[0, alt.ExprRef("epochs")])
    values = alt.Scale(domain=[0, 1]) if share and not zoom else alt.Scale(zero=not zoom)
    base = table().encode(
        alt.X("epoch:Q", title="epoch", scale=epochs, axis=alt.Axis(tickMinStep=1)),
        alt.Y("shown:Q", title=quantity, scale=values, axis=alt.Axis(labelExpr=SHORT_WHERE_HUGE)),
        tooltip=hover("curve", "#epoch", "#value", value=quantity),
    )
    lines = series(_colours(validated), "curve")
    if not validated:
        lines = lines.legend(None)
    ends = base.mark_point(filled=True, opacity=1, strokeWidth=2).encode(
        lines,
        size=alt.condition("datum.curve == 'validation'", alt.value(80), alt.value(14)),
        stroke=alt.condition("datum.label", alt.value(look.ink), alt.value("transparent")),
    )
    best = base.mark_text(fontSize=14, fontWeight="bold", dy=18 if share else -16, color=look.ink).encode(
        text="label:N"
    )
    return alt.layer(base.mark_line(strokeWidth=2.5).encode(lines), ends, best)


def _colours(validated: bool) -> dict[str, str]:
    return COLOURS if validated else {"training": TRAINING}


def curve(
    run: Run, shown: Curve, *, zoom: bool = False, height: int | Literal["stretch"] = "stretch"
) -> Picture:
    """One of `CURVES` over epochs; the specification stays, so the browser only adds points."""
    since = last_epochs(run) if zoom else 0.0
    of_both = ", training and validation" if shown.validation else ""
    drawn = points(run, shown.batch, shown.validation, top=top(run) if shown.loss else None, since=since)
    return training_curve.draw(
        {"table": drawn},
        key=f"{Key.CURVE}-{shown.batch}",
        title=f"{shown.title} while training",
        alt=f"{shown.title} by epoch{of_both}; the numbers of each epoch stand below.",
        values={"epochs": run.settings.epochs},
        height=height,
        quantity=shown.title,
        share=shown.share,
        zoom=zoom,
        validated=shown.validation is not None,
    )


def top(run: Run) -> float:
    """The largest loss that is drawn: `GUESSES` times that of guessing, ln K for K classes."""
    return GUESSES * math.log(run.architecture.classes)


def last_epochs(run: Run) -> int:
    """The epoch from which on the zoom shows a run: the later half of what it has trained."""
    now = run.batches[-1] if run.batches else None
    return 0 if now is None else int((now["epoch"] + now["step"] / run.steps_per_epoch) / 2)


def explosion(run: Run) -> str:
    """What is to be said of a loss that does not fit into its chart; nothing where it fits."""
    shown = CURVES[0]
    drawn = points(run, shown.batch, shown.validation, top=top(run))
    cut = drawn[drawn["value"] > drawn["shown"]]
    if cut.empty:
        return ""
    highest = cut.iloc[int(cut["value"].to_numpy().argmax())]
    loss, epoch = float(highest["value"]), float(highest["epoch"])
    told = f"{loss:.2f}" if loss < 100 else f"{loss:,.0f}" if loss < 1e9 else f"{loss:.0e}"
    return (
        f"The loss rose to {told} in epoch {math.ceil(epoch)}, where guessing has {top(run) / GUESSES:.2f}:"
        f" the curve is cut at {top(run):.2f}. Steps this large throw the weights about; take a smaller learning rate."
    )


def make_ready() -> None:
    """Write the charts while the network is being built, so that the first numbers of a training need not wait."""
    for shown in (one for one in CURVES if not one.folded):
        training_curve.make_ready(
            quantity=shown.title, share=shown.share, zoom=False, validated=shown.validation is not None
        )


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
