"""The charts of this page, but for the bars of classes: a function and its slope, softmax once and twice."""

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.histograms import histogram
from cnn_core.operations import activation_effects as effects
from cnn_core.operations.activation_functions import Nonlinearity
from pages.ui.charts import (
    MUTED,
    NEGATIVE,
    POSITIVE,
    RIGHT,
    WRONG,
    Chart,
    Look,
    Tables,
    at,
    chart_kind,
    dashes,
    hover,
    rule,
    series,
    table,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FUNCTION, SLOPE = "function", "slope"
ONCE, TWICE = "Softmax once", "Softmax twice"
BINS = 40


def _curve_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    return print_charts.lines(
        tables["table"],
        "x",
        "y",
        title=title,
        source=source,
        x_title="value before",
        y_title="value after; slope",
        series="series",
        colours={FUNCTION: POSITIVE, SLOPE: NEGATIVE},
        dashed=[SLOPE],
        behind=tables["map"],
    )


@chart_kind(
    {
        "table": {"x": [0.0, 1.0], "y": [0.0, 1.0], "series": [FUNCTION, SLOPE]},
        "map": {"left": [0.0], "right": [1.0], "share": [1.0]},
        "zero": {"at": [0.0]},
    },
    figure=_curve_figure,
)
def function_and_slope(look: Look) -> Chart:
    """Both over the values of a map; behind them, in gray, how often each value occurs."""
    value = "value before (gray: how often it occurs)"
    share = alt.Y("share:Q", title=None, axis=None, scale=alt.Scale(domain=[0, 1]))
    bars = (
        table("map")
        .mark_rect(color=MUTED, opacity=0.4)
        .encode(alt.X("left:Q", title=value), alt.X2("right:Q"), share, alt.Y2(datum=0))
    )
    line = (
        table()
        .mark_line(strokeWidth=3)
        .encode(
            alt.X("x:Q", title=value),
            alt.Y("y:Q", title="value after; slope"),
            series({FUNCTION: POSITIVE, SLOPE: NEGATIVE}),
            dashes(FUNCTION, SLOPE),
            tooltip=hover("series", "#x", "#y"),
        )
    )
    axes = [rule(axis, "zero", MUTED, width=1) for axis in ("x", "y")]
    both: Chart = alt.layer(bars, alt.layer(line, *axes)).resolve_scale(y="independent")
    return both


def curve(chosen: Nonlinearity, before: np.ndarray, reach: float, *, key: str, height: int) -> Picture:
    """The function and its slope between -reach and reach, and where the values of the map `before` lie."""
    sampled = effects.sample_curve(chosen, reach)
    lines = pd.DataFrame(
        {
            "x": [*sampled.x, *sampled.x],
            "y": [*sampled.y, *sampled.slope],
            "series": [FUNCTION] * len(sampled.x) + [SLOPE] * len(sampled.x),
        }
    )
    bins = histogram(before, (-reach, reach), BINS)
    shares = pd.DataFrame({"left": bins.left, "right": bins.right, "share": bins.share})
    return function_and_slope.draw(
        {"table": lines, "map": shares, "zero": at(0)},
        key=key,
        title=f"{chosen.title} and its slope",
        alt=f"The function and its slope between {-reach:.1f} and {reach:.1f}; the table below has the numbers.",
        height=height,
    )


def _twice_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    return print_charts.lines(
        tables["table"],
        "lead",
        "value",
        title=title,
        source=source,
        x_title="lead of the true class",
        y_title=options["quantity"],
        series="series",
        colours={ONCE: RIGHT, TWICE: WRONG},
        dashed=[TWICE],
        at={"x": float(tables["lead"]["at"][0])},
    )


@chart_kind(
    {
        "table": {"lead": [0.0, 1.0], "value": [0.5, 0.2], "series": [ONCE, TWICE]},
        "lead": {"at": [-6.0]},
        "floor": {"at": [1.46]},
    },
    figure=_twice_figure,
    quantity="loss",
    floored=True,
)
def once_and_twice(look: Look, *, quantity: str, floored: bool) -> Chart:
    """A quantity over the lead, with softmax once and twice; lines at today's lead and, `floored`, at the least."""
    line = (
        table()
        .mark_line(strokeWidth=3)
        .encode(
            alt.X("lead:Q", title="lead of the true class"),
            alt.Y("value:Q", title=quantity),
            series({ONCE: RIGHT, TWICE: WRONG}),
            dashes(ONCE, TWICE),
            tooltip=hover("series", "#lead", "#value", value=quantity),
        )
    )
    floors = [rule("y", "floor", WRONG, width=1, dash=[2, 4])] if floored else []
    return alt.layer(line, rule("x", "lead"), *floors)


def twice(
    lead: np.ndarray,
    once_values: np.ndarray,
    twice_values: np.ndarray,
    quantity: str,
    today: float,
    *,
    key: str,
    floor: float | None = None,
    height: int = 310,
) -> Picture:
    """Both losses, or both gradients, over the lead; lines mark today's lead and the `floor` of the second."""
    frame = pd.DataFrame(
        {
            "lead": [*lead, *lead],
            "value": [*once_values, *twice_values],
            "series": [ONCE] * len(lead) + [TWICE] * len(lead),
        }
    )
    floors = {} if floor is None else {"floor": at(floor)}
    return once_and_twice.draw(
        {"table": frame, "lead": at(today), **floors},
        key=key,
        title=f"{quantity.title()} with softmax once and twice",
        alt=f"{quantity.title()} over the lead of the true class, softmax once and twice; the numbers stand above.",
        height=height,
        quantity=quantity,
        floored=floor is not None,
    )
