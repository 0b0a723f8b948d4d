"""Charts of the shift test: a quantity over the shift, with the shift looked at marked; the change after each layer."""

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from pages.ui.charts import MUTED, POSITIVE, SERIES, Chart, Look, Tables, at, chart_kind, rule, series, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FARTHEST = 8  # pixels that the shift test goes each way
SHIFT = "pixels to the right"
COLOURS = (MUTED, *SERIES)  # the first series is what the others are compared with


def _curve_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    return print_charts.lines(
        tables["table"],
        SHIFT,
        "share",
        title=title,
        source=source,
        x_title=SHIFT,
        y_title=options["share"],
        series="series" if options["order"] else None,
        colours=dict(zip(options["order"], COLOURS)),
        marked=[*options["order"], ""],
        labels="label" if options["labelled"] else None,
        at={"x": float(tables["shift"]["at"][0])},
        percent=True,
    )


@chart_kind(
    {
        "table": {SHIFT: [-1, 0], "share": [0.5, 0.0], "series": ["a", "b"], "label": ["7", "1"]},
        "shift": {"at": [1]},
    },
    figure=_curve_figure,
    share="Relative change",
    order=("a", "b"),
    labelled=True,
)
def shift_curve(look: Look, *, share: str, order: tuple[str, ...], labelled: bool) -> Chart:
    """A share over the shift, a line for each series of `order`; a label at each point where it is `labelled`."""
    x = alt.X(f"{SHIFT}:Q", title=SHIFT, axis=alt.Axis(tickMinStep=1, format="+d"))
    y = alt.Y("share:Q", title=share, axis=alt.Axis(format=".0%", tickCount=6))
    hover = [alt.Tooltip(f"{SHIFT}:Q", format="+d"), alt.Tooltip("share:Q", title=share, format=".2%")]
    line = table().mark_line(point=alt.OverlayMarkDef(size=50), strokeWidth=2.5, color=POSITIVE).encode(x, y)
    if order:
        below = alt.Legend(orient="bottom", columns=3, labelLimit=260)
        line = line.encode(series(dict(zip(order, COLOURS))).legend(below), alt.Order(f"{SHIFT}:Q"))
        hover.append(alt.Tooltip("series:N", title="output of"))
    layers = [rule("x", "shift", dash=[4, 4]), line.encode(tooltip=hover)]
    if labelled:
        written = table().mark_text(dy=-14, fontSize=15, fontWeight=600, color=look.blue)
        layers.append(written.encode(x, y, text=alt.Text("label:N")))
    return alt.layer(*layers)


def lines(
    frame: pd.DataFrame,
    *,
    y: str,
    today: int,
    key: str,
    title: str,
    share: str,
    by: str | None = None,
    order: tuple[str, ...] = (),
    label: str | None = None,
) -> Picture:
    """Column `y` of `frame` (a share, 0 and more, `share` in words) over its column `SHIFT`.

    A line for each value of column `by`, in `order`; the shift `today` is marked, column `label` written at each point.
    """
    named = {y: "share"} | ({by: "series"} if by else {}) | ({label: "label"} if label else {})
    return shift_curve.draw(
        {"table": frame.rename(columns=named), "shift": at(today)},
        key=key,
        title=title,
        alt=f"{share} over the shift; the table below has the numbers.",
        height=300,
        share=share,
        order=order,
        labelled=label is not None,
    )


def _bars_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    frame = tables["table"]
    return print_charts.bars(
        frame,
        "layer",
        "change",
        title=title,
        source=source,
        value_title="relative change",
        colours=[POSITIVE if pools else MUTED for pools in frame["pools"]],
        upright=True,
        percent=True,
    )


@chart_kind(
    {"table": {"layer": ["conv1", "pool1"], "change": [0.6, 0.4], "pools": [False, True]}},
    figure=_bars_figure,
)
def layer_bars(look: Look) -> Chart:
    """The change after each layer, in the table's order; pooling layers stand out."""
    colour = alt.Scale(domain=[True, False], range=[POSITIVE, MUTED])
    drawn: Chart = (
        table()
        .mark_bar()
        .encode(
            alt.X("layer:N", sort=None, title="layer", axis=alt.Axis(labelAngle=-40, labelLimit=140)),
            alt.Y("change:Q", title="relative change", axis=alt.Axis(format=".0%", tickCount=6)),
            alt.Color("pools:N", scale=colour, legend=None),
            tooltip=[alt.Tooltip("layer:N"), alt.Tooltip("change:Q", title="relative change", format=".1%")],
        )
    )
    return drawn


def bars(frame: pd.DataFrame, *, key: str, title: str) -> Picture:
    """Column "change" (a share) for each "layer"; those where "pools" is true stand out."""
    alt_text = "Relative change after each layer; the table below has the numbers."
    return layer_bars.draw({"table": frame}, key=key, title=title, alt=alt_text, height=280)
