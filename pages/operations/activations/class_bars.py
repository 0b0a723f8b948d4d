"""Logits or probabilities as bars, one a class."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from pages.ui.charts import (
    MARK,
    NEGATIVE,
    POSITIVE,
    Chart,
    Look,
    Tables,
    by_sign,
    chart_kind,
    hover,
    limits,
    table,
    text_size,
)
from pages.ui.words import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _bars_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    frame = tables["table"]
    return print_charts.bars(
        frame,
        "class",
        "value",
        title=title,
        source=source,
        value_title=options["value_title"],
        colours=[NEGATIVE if value < 0 else POSITIVE for value in frame["value"]],
        framed_at=int(frame["true"].argmax()) if frame["true"].any() else None,
        texts=[plain(value, options["places"]) for value in frame["value"]],
        limits=(options["low"], options["high"]),
    )


@chart_kind(
    {"table": {"class": ["cat", "dog"], "value": [2.0, -1.0], "true": [True, False]}},
    figure=_bars_figure,
    values={"low": -2.0, "high": 3.0},
    value_title="logit z",
    places=2,
)
def class_bars(look: Look, *, value_title: str, places: int) -> Chart:
    """A bar a class, signed, its number at its end; the true class is framed."""
    large = alt.expr(text_size(16))
    y = alt.Y("class:N", sort=None, title=None, axis=alt.Axis(labelFontSize=large, labelOverlap=False))
    x = alt.X("value:Q", title=value_title, scale=limits("low", "high"), axis=alt.Axis(tickCount=5))
    bars = (
        table()
        .mark_bar(stroke=MARK)
        .encode(
            x,
            y,
            color=by_sign("datum.value"),
            strokeWidth=alt.condition("datum.true", alt.value(4), alt.value(0)),
            tooltip=hover("class", "#value", value=value_title),
        )
    )
    texts = (
        table()
        .mark_text(
            align=alt.expr("datum.value < 0 ? 'right' : 'left'"),
            dx=alt.expr("datum.value < 0 ? -6 : 6"),
            fontSize=large,
        )
        .encode(x, y, text=alt.Text("value:Q", format=f".{places}f"))
    )
    return alt.layer(bars, texts).properties(padding={"right": 48})  # room for the number of a full bar


def bars(
    classes: Sequence[str],
    values: Sequence[float],
    target: int,
    *,
    key: str,
    title: str,
    ends: tuple[float, float],
    places: int,
) -> Picture:
    """`values` of the classes as bars on an axis with these ends; `target` is the true class."""
    frame = pd.DataFrame(
        {"class": classes, "value": values, "true": [index == target for index in range(len(classes))]}
    )
    return class_bars.draw(
        {"table": frame},
        key=key,
        title=title,
        alt=f"{title} of each class; the table below has the numbers.",
        values={"low": ends[0], "high": ends[1]},
        height=max(280, 30 * len(classes) + 50),
        value_title=title,
        places=places,
    )
