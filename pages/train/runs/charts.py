"""The page's charts: runs' curves over one another, a confusion matrix, the difference of two, a coin's tosses."""

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from cnn_core.figures import charts as print_charts
from cnn_core.figures import maps
from cnn_core.pictures import MUTED as GRAY
from cnn_core.pictures import css
from pages.train.runs.looks import COLOURS, DASHED, DASHES
from pages.ui.charts import (
    MARK,
    MUTED,
    NEGATIVE,
    POSITIVE,
    RIGHT,
    WRONG,
    Chart,
    Look,
    Tables,
    by_sign,
    chart_kind,
    hover,
    rule,
    series,
    table,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CUT = "abs(datum.value) < 1e6 ? datum.label : format(datum.value, '.0e')"
DEEPEST = 0.85  # opacity of the fullest cell: its number is read on it


def _curves_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    runs = options["runs"]
    return print_charts.lines(
        tables["table"],
        "epoch",
        "shown",
        title=title,
        source=source,
        x_title="epoch",
        y_title=options["quantity"],
        series="run",
        colours={run: COLOURS[run] for run in runs},
        dashed=[run for run in runs if run in DASHED],
        marked=list(runs),
        limits={"x": (0.0, options["epochs"])},
    )


@chart_kind(
    {
        "table": {"epoch": [1.0, 1.0], "shown": [0.4, 0.3], "run": ["A", "B"], "value": ["0.4000", "0.3000"]},
        "read": {"epoch": [1.0], "A": ["0.4000"], "B": ["0.3000"]},
    },
    figure=_curves_figure,
    values={"epochs": 3},
    inked=True,  # else the blue of A is that of E in a dark theme
    quantity="validation loss",
    runs=("A", "B"),
    points=True,
)
def run_curves(look: Look, *, quantity: str, runs: tuple[str, ...], points: bool) -> Chart:
    """A quantity of several runs over epochs; wherever the pointer is, a line reads all of them at that epoch."""
    epochs = alt.X(
        "epoch:Q",
        title="epoch",
        scale=alt.Scale(domain=[0, alt.ExprRef("epochs")]),
        axis=alt.Axis(tickMinStep=1),
    )
    colour = series({run: COLOURS[run] for run in runs}, "run")
    broken = alt.StrokeDash(
        "run:N", scale=alt.Scale(domain=list(runs), range=[DASHES[run] for run in runs]), legend=None
    )
    base = table().encode(
        epochs,
        alt.Y("shown:Q", title=quantity, scale=alt.Scale(zero=False), axis=alt.Axis(labelExpr=CUT)),
        colour,
    )
    line = base.mark_line(strokeWidth=2.5).encode(broken)
    ends = base.mark_point(filled=True, opacity=1, size=60 if points else 12)
    here = alt.selection_point(
        name="here", fields=["epoch"], nearest=True, on="pointermove", clear="pointerout", empty=False
    )
    reading = (
        table("read")
        .mark_rule(color=look.ink, strokeWidth=2)
        .encode(
            epochs,
            opacity=alt.condition(here, alt.value(0.5), alt.value(0)),
            tooltip=[
                alt.Tooltip("epoch:Q", title="epoch"),
                *(alt.Tooltip(f"{run}:N", title=run) for run in runs),
            ],
        )
        .add_params(here)
    )
    return alt.layer(line, ends, reading)


def _matrix_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    cells = tables["table"]
    classes = list(dict.fromkeys(cells["true"]))
    side = len(classes)
    fills = np.zeros((side, side, 4))
    right = np.array(list(cells["right"]), bool).reshape(side, side)
    for shown, colour in ((right, RIGHT), (~right, WRONG)):
        fills[shown, :3] = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    fills[..., 3] = np.asarray(cells["shade"], float).reshape(side, side)
    texts = np.array(list(cells["text"]), object).reshape(side, side).tolist()
    return maps.matrix(texts, fills, classes, title=title, source=source, scale=options["scale"])


def _cells(look: Look, colour: object, *columns: str, written: bool) -> Chart:
    """Cells of a row a true class and a column an answer, with their numbers where these are `written`."""
    base = table().encode(
        alt.X("read as:N", sort=None, title="read as", axis=alt.Axis(labelAngle=0, orient="top")),
        alt.Y("true:N", sort=None, title="true class"),
        tooltip=hover("true", "read as", *columns),
    )
    shade = alt.Opacity("shade:Q", scale=alt.Scale(domain=[0, 1], range=[0, DEEPEST]), legend=None)
    boxes: alt.Chart = base.mark_rect(stroke=MUTED, strokeWidth=0.3, strokeOpacity=1).encode(
        shade, color=colour
    )
    if not written:
        return boxes
    return alt.layer(boxes, base.mark_text(color=look.ink).encode(text="text:N"))


@chart_kind(
    {
        "table": {
            "true": ["a", "a", "b", "b"],
            "read as": ["a", "b", "a", "b"],
            "right": [True, False, False, True],
            "images": [9, 1, 2, 8],
            "of its class": ["90 %", "10 %", "20 %", "80 %"],
            "shade": [0.9, 0.5, 1.0, 0.8],
            "text": ["", "1", "2", ""],
        }
    },
    figure=_matrix_figure,
    inked=True,
    written=True,
    scale="green: right",
)
def matrix(look: Look, *, written: bool, scale: str) -> Chart:
    """A confusion matrix: green what is right, vermilion what is not, numbers in the wrong cells."""
    colour = alt.condition("datum.right", alt.value(RIGHT), alt.value(WRONG))
    return _cells(look, colour, "images", "of its class", written=written)


def _difference_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    cells = tables["table"]
    classes = list(dict.fromkeys(cells["true"]))
    side = len(classes)
    fills = np.zeros((side, side, 4))
    more = np.asarray(cells["difference"], float).reshape(side, side)
    for shown, colour in ((more >= 0, POSITIVE), (more < 0, NEGATIVE)):
        fills[shown, :3] = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    fills[..., 3] = np.asarray(cells["shade"], float).reshape(side, side)
    texts = np.array(list(cells["text"]), object).reshape(side, side).tolist()
    return maps.matrix(texts, fills, classes, title=title, source=source, scale=options["scale"])


@chart_kind(
    {
        "table": {
            "true": ["a", "a", "b", "b"],
            "read as": ["a", "b", "a", "b"],
            "difference": [2, -2, 0, 0],
            "first": [9, 1, 2, 8],
            "second": [7, 3, 2, 8],
            "shade": [1.0, 1.0, 0.0, 0.0],
            "text": ["+2", "−2", "", ""],
        }
    },
    figure=_difference_figure,
    inked=True,
    written=True,
    scale="blue: the first has more",
)
def difference(look: Look, *, written: bool, scale: str) -> Chart:
    """One confusion matrix less another: blue where the first has more images, vermilion where the second has."""
    return _cells(look, by_sign("datum.difference"), "first", "second", "difference", written=written)


def _tosses_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    drawn = tables["table"]
    return print_charts.bars(
        drawn,
        "heads",
        "likely",
        title=title,
        source=source,
        value_title="how likely",
        colours=[MARK if uneven else css(GRAY) for uneven in drawn["uneven"]],
        upright=True,
    )


@chart_kind(
    {
        "table": {
            "from": [-0.5, 0.5, 1.5],
            "to": [0.5, 1.5, 2.5],
            "heads": [0, 1, 2],
            "likely": [0.25, 0.5, 0.25],
            "uneven": [True, False, True],
        },
        "found": {"at": [2]},
    },
    figure=_tosses_figure,
    first="A",
)
def tosses(look: Look, *, first: str) -> Chart:
    """How often so many of a fair coin's tosses fall to one side; those as uneven as what was found are marked."""
    bars = (
        table()
        .mark_rect()
        .encode(
            alt.X("from:Q", title=f"images that {first} alone reads rightly", scale=alt.Scale(zero=False)),
            alt.X2("to:Q"),
            alt.Y("likely:Q", title="how likely by chance"),
            alt.Y2(datum=0),
            color=alt.condition("datum.uneven", alt.value(MARK), alt.value(MUTED)),
            tooltip=hover("heads", "#likely", heads=f"to {first}", likely="how likely"),
        )
    )
    return alt.layer(bars, rule("x", "found", look.ink, dash=[6, 4]))
