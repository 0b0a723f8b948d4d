"""Scores against what was varied, each seed a dot, and the curves of all variants laid over each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.series.outcomes import Outcome, scored
from pages.train.series.keys import Key
from pages.ui.charts import MUTED, SERIES, Chart, Look, Tables, chart_kind, hover, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 330  # px
DASHES = ((1, 0), (7, 4), (2, 3))  # of the first five variants, the next five, the rest
LEGEND_COLUMNS = 3
LONG_NAME = 14  # letters from which on there are two columns
ROOM = 1.5  # a logarithmic axis goes on by this factor beyond its outermost values


def colours_of(names: Sequence[str]) -> dict[str, str]:
    """A colour for each variant; from the sixth on they begin again, with another dash."""
    return {name: SERIES[index % len(SERIES)] for index, name in enumerate(names)}


def _dash(index: int) -> list[int]:
    return list(DASHES[min(index // len(SERIES), len(DASHES) - 1)])


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


def _curves_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    names = options["names"]
    return print_charts.lines(
        tables["table"],
        "epoch",
        "value",
        title=title,
        source=source,
        x_title=options["over"],
        y_title=options["quantity"],
        series="label",
        colours=colours_of(names),
        dashed=names[len(SERIES) :],
        marked=list(names),
    )


@chart_kind(
    {
        "table": {
            "label": ["10", "10"],
            "epoch": [1.0, 2.0],
            "value": [0.4, 0.8],
            "low": [0.3, 0.7],
            "high": [0.5, 0.9],
        },
        "wide": {"epoch": [1.0, 2.0], "v0": [0.4, 0.8]},
    },
    figure=_curves_figure,
    names=("10",),
    quantity="validation accuracy",
    over="epoch",
    share=True,
    band=True,
)
def curves_chart(
    look: Look, *, names: tuple[str, ...], quantity: str, over: str, share: bool, band: bool
) -> Chart:
    """A line for each variant, the mean over its seeds; with `band` the seeds lie within it. Over epochs, hovering
    reads all variants at once."""
    form = ".2%" if share else ".4f"
    legend = alt.Legend(
        columns=LEGEND_COLUMNS - (max(map(len, names)) > LONG_NAME),
        symbolType="stroke",
        symbolStrokeWidth=3,
        symbolSize=300,
        symbolOpacity=1,
    )
    domain = list(names)
    colour = alt.Color(
        "label:N",
        scale=alt.Scale(domain=domain, range=list(colours_of(names).values())),
        title=None,
        legend=legend,
    )
    dash = alt.StrokeDash(
        "label:N",
        scale=alt.Scale(domain=domain, range=[_dash(index) for index in range(len(names))]),
        title=None,
        legend=legend,
    )
    x = alt.X("epoch:Q", title=over, axis=alt.Axis(tickMinStep=1))
    y = alt.Y(
        "value:Q",
        title=quantity,
        scale=alt.Scale(zero=False),
        axis=alt.Axis(format=".1~%") if share else alt.Axis(),
    )
    tip = [
        *hover("label", label="variant"),
        alt.Tooltip("epoch:Q", format=".1f", title=over),
        alt.Tooltip("value:Q", format=form, title=quantity),
    ]
    base = table().encode(x, y, colour, tooltip=tip)
    layers = [
        base.mark_line(strokeWidth=2.5).encode(dash),
        base.mark_point(filled=True, opacity=1, size=40),
    ]
    if band:
        layers.insert(
            0, base.mark_area(opacity=0.18).encode(alt.Y("low:Q", title=quantity), alt.Y2("high:Q"))
        )
    if over == "epoch":
        nearest = alt.selection_point(nearest=True, on="pointermove", fields=["epoch"], empty=False)
        reading = [alt.Tooltip(f"v{index}:Q", format=form, title=name) for index, name in enumerate(names)]
        layers.append(
            table("wide")
            .mark_rule(color=look.ink, strokeWidth=2)
            .encode(
                alt.X("epoch:Q", title=over),
                opacity=alt.condition(nearest, alt.value(0.5), alt.value(0)),
                tooltip=[alt.Tooltip("epoch:Q", title="epoch"), *reading],
            )
            .add_params(nearest)
        )
    return alt.layer(*layers)


def draw_curves(
    curves: pd.DataFrame, names: Sequence[str], *, quantity: str, over: str, share: bool, title: str
) -> Picture:
    """Draw the curves that are known, see `gathered.curves`."""
    wide = pd.DataFrame({"epoch": sorted(set(curves["epoch"]))})
    for index, name in enumerate(names):
        own = curves[curves["label"] == name].set_index("epoch")["value"]
        wide[f"v{index}"] = wide["epoch"].map(own)
    return curves_chart.draw(
        {"table": curves, "wide": wide},
        key=Key.CURVES,
        title=title,
        alt=f"{quantity.capitalize()} by {over}, a line for each variant; the table below has the numbers.",
        height=HEIGHT,
        names=tuple(names),
        quantity=quantity,
        over=over,
        share=share,
        band=bool((curves["high"] > curves["low"]).any()),
    )
