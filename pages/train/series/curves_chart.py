"""The curves of all variants laid over each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from pages.train.series.keys import Key
from pages.train.series.looks import HEIGHT, colours_of, dash_of
from pages.ui.charts import SERIES, Chart, Look, Tables, chart_kind, hover, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEGEND_COLUMNS = 3
LONG_NAME = 14  # letters from which on there are two columns


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
        scale=alt.Scale(domain=domain, range=[dash_of(index) for index in range(len(names))]),
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
