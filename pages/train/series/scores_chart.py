"""Scores against what was varied, each seed a dot."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.series.outcomes import Outcome, scored
from pages.train.series.keys import Key
from pages.train.series.looks import DASHES, HEIGHT, colours_of
from pages.ui.charts import MUTED, Chart, Look, Tables, chart_kind, hover, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROOM = 1.5  # a logarithmic axis goes on by this factor beyond its outermost values


def _wider(low: float, high: float) -> tuple[float, float]:
    """The ends of a linear axis, with some room beside what lies at them."""
    room = (ROOM - 1) * (high - low) / 5
    return low - room, high + room


def _scores_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    return print_charts.lines(
        tables["table"],
        "at" if options["places"] else "label",
        "accuracy",
        title=title,
        source=source,
        x_title=options["axis"],
        y_title="test accuracy",
        series="label",
        colours=colours_of(options["names"]),
        dotted=options["names"],
        log_x=options["log"],
    )


@chart_kind(
    {
        "table": {
            "label": ["10", "100"],
            "at": [10.0, 100.0],
            "group": ["", ""],
            "accuracy": [0.4, 0.8],
            "seed": ["0", "0"],
        },
        "means": {
            "label": ["10", "100"],
            "at": [10.0, 100.0],
            "group": ["", ""],
            "mean": [0.4, 0.8],
            "low": [0.3, 0.7],
            "high": [0.5, 0.9],
        },
    },
    figure=_scores_figure,
    names=("10", "100"),
    axis="training images",
    places=(10.0, 100.0),
    log=True,
    groups=("",),
)
def scores_chart(
    look: Look,
    *,
    names: tuple[str, ...],
    axis: str,
    places: tuple[float, ...],
    log: bool,
    groups: tuple[str, ...],
) -> Chart:
    """Test accuracy of each run as a dot, the mean and its interval as a bar, a line from mean to mean.

    `places` are those of all variants on a numeric axis, whether or not they have scores yet; none: it has names.
    """
    if places:
        ends = (places[0] / ROOM, places[-1] * ROOM) if log else _wider(places[0], places[-1])
        scale = alt.Scale(type="log" if log else "linear", domain=list(ends), nice=False, zero=False)
        ticks_at = alt.Axis(values=list(places), format=",~g", labelOverlap="greedy")
        x = alt.X("at:Q", title=axis, scale=scale, axis=ticks_at)
    else:
        named = alt.Axis(labelAngle=0, labelLimit=110)
        x = alt.X("label:N", title=axis, scale=alt.Scale(domain=list(names)), axis=named)
    y_axis = alt.Axis(format=".1~%")
    colour = alt.Color(
        "label:N", scale=alt.Scale(domain=list(names), range=list(colours_of(names).values())), legend=None
    )
    tip = [
        *hover("label", label=axis),
        *(alt.Tooltip(f"{name}:Q", format=".2%", title=name) for name in ("mean", "low", "high")),
    ]
    means = table("means").encode(
        x,
        alt.Y("mean:Q", title="test accuracy", scale=alt.Scale(zero=False), axis=y_axis),
        tooltip=tip,
    )
    # The whole bar, whatever of it lies beyond the dots, has its place on the axis.
    bars = means.mark_rule(strokeWidth=3, opacity=0.75).encode(
        alt.Y("low:Q", title="test accuracy"), alt.Y2("high:Q"), colour
    )
    ticks = means.mark_tick(orient="horizontal", thickness=3, size=18).encode(colour)
    dots = (
        table()
        .mark_point(filled=True, size=70, opacity=0.9, stroke=look.ink, strokeWidth=0.8)
        .encode(
            x,
            alt.Y("accuracy:Q", title="test accuracy", scale=alt.Scale(zero=False), axis=y_axis),
            colour,
            tooltip=[
                *hover("label", "seed", label=axis),
                alt.Tooltip("accuracy:Q", format=".2%", title="test accuracy"),
            ],
        )
    )
    if not places:
        return alt.layer(bars, ticks, dots)
    line = means.mark_line(color=MUTED, strokeWidth=2)
    if len(groups) > 1:
        scale = alt.Scale(domain=list(groups), range=[list(DASHES[1]), list(DASHES[0])])
        line = line.encode(alt.StrokeDash("group:N", scale=scale, title=None))
    return alt.layer(line, bars, ticks, dots)


def draw_scores(outcomes: Sequence[Outcome], axis: str, log: bool, title: str) -> Picture:
    """Draw the scores that are known."""
    known = scored(outcomes)
    placed = all(one.at is not None for one in outcomes) and len({one.at for one in outcomes}) > 1
    logarithmic = log and placed and all((one.at or 0.0) > 0 for one in outcomes)
    rows = [
        (one.label, one.at, one.group, score.accuracy, str(score.seed))
        for one in known
        for score in one.scores
    ]
    means = [(one.label, one.at, one.group, one.mean, one.interval.low, one.interval.high) for one in known]
    return scores_chart.draw(
        {
            "table": pd.DataFrame(rows, columns=["label", "at", "group", "accuracy", "seed"]),
            "means": pd.DataFrame(means, columns=["label", "at", "group", "mean", "low", "high"]),
        },
        key=Key.SCORES,
        title=title,
        alt=f"Test accuracy by {axis}: a dot for each run, a bar for the interval; the table below has the numbers.",
        height=HEIGHT,
        names=tuple(one.label for one in outcomes),
        axis=axis,
        places=tuple(sorted({one.at or 0.0 for one in outcomes})) if placed else (),
        log=logarithmic,
        groups=tuple(dict.fromkeys(one.group for one in outcomes)),
    )
