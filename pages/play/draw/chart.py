"""The network's answer as bars, one a class."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from cnn_core.arrays import Floats
from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from pages.ui.charts import MUTED, POSITIVE, Chart, Look, Tables, chart_kind, table

if TYPE_CHECKING:
    from matplotlib.figure import Figure

AXIS = 60  # px of the axis below the bars


def _figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    frame = tables["table"]
    return print_charts.bars(
        frame,
        "class",
        "percent",
        title=title,
        source=source,
        value_title="probability, %",
        colours=[POSITIVE if best else MUTED for best in frame["best"]],
        texts=list(frame["text"]),
        limits=(0.0, 110.0),
    )


@chart_kind(
    {
        "table": {
            "class": ["0", "1"],
            "percent": [98.0, 2.0],
            "text": ["98.0 %", "2.0 %"],
            "best": [True, False],
        }
    },
    figure=_figure,
)
def probability_bars(look: Look) -> Chart:
    """A bar a class on an axis that is always 0 to 100 %, its number beside it; the largest stands out."""
    base = table().encode(
        alt.X(
            "percent:Q",
            title="probability, %",
            scale=alt.Scale(domain=[0, 100], clamp=True),
            axis=alt.Axis(values=[0, 25, 50, 75, 100]),
        ),
        alt.Y("class:N", sort=None, title=None),
    )
    bars = base.mark_bar(height=18).encode(
        color=alt.condition("datum.best", alt.value(POSITIVE), alt.value(MUTED))
    )
    texts = base.mark_text(align="left", dx=4).encode(text=alt.Text("text:N"))
    return alt.layer(bars, texts).properties(padding={"right": 56})  # room for the number of a full bar


def bars(probabilities: Floats, classes: Sequence[str], texts: Sequence[str], *, key: str) -> Picture:
    """The probabilities `(K,)` of the classes, each written as its text."""
    frame = pd.DataFrame(
        {
            "class": list(classes),
            "percent": 100 * probabilities.astype(float),
            "text": list(texts),
            "best": np.arange(len(classes)) == probabilities.argmax(),
        }
    )
    alt_text = "Probability of each class; the table below has the numbers."
    height = 27 * len(classes) + AXIS
    return probability_bars.draw(
        {"table": frame}, key=key, title="Probabilities", alt=alt_text, height=height
    )
