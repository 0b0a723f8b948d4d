"""The one histogram of values with a sign: vermilion below 0, blue above."""

from typing import TYPE_CHECKING, Any

import altair as alt

from cnn_core.figures import charts as print_charts
from pages.ui.charts import Chart, Look, Tables, by_sign, chart_kind, hover, rule, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _histogram_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    reach, top = options["reach"], options["top"]
    return print_charts.histogram(
        tables["table"],
        title=title,
        source=source,
        value_title=options["value"],
        height_title=options["height_title"],
        at=float(tables["at"]["at"][0]) if options["marked"] else None,
        limits={"x": (-reach, reach), "y": (0.0, top)},
    )


@chart_kind(
    {"table": {"from": [-1.0, 0.0], "to": [0.0, 1.0], "height": [0.25, 0.75]}, "at": {"at": [0.25]}},
    figure=_histogram_figure,
    values={"reach": 1.0, "top": 0.75},
    value="value",
    height_title="share",
    marked=True,
)
def signed_histogram(look: Look, *, value: str, height_title: str, marked: bool) -> Chart:
    """Bars from 0 up, vermilion below 0 and blue above; `marked`, a line where "at" is."""
    reach = alt.Scale(domain=[alt.ExprRef("-reach"), alt.ExprRef("reach")])
    bars = (
        table()
        .mark_rect(clip=True)
        .encode(
            alt.X("from:Q", title=value, scale=reach),
            alt.X2("to:Q"),
            alt.Y("height:Q", title=height_title, scale=alt.Scale(domain=[0, alt.ExprRef("top")])),
            alt.Y2(datum=0),
            color=by_sign("datum.from + datum.to"),
            tooltip=hover("#from", "#to", "#height", height=height_title),
        )
    )
    return alt.layer(bars, rule("x", "at")) if marked else bars
