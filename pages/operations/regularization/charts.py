"""The charts of this page: histograms by sign, batch norm's running mean, predictions under many dropout masks."""

from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np
import pandas as pd

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.histograms import histogram
from cnn_core.operations.batch_norm import RunningHistory
from cnn_core.operations.dropout import OneMask, PredictionSpread
from cnn_core.studies.overfitting import WeightHistogram
from pages.ui.charts import (
    MARK,
    MUTED,
    RIGHT,
    Chart,
    Look,
    Tables,
    at,
    chart_kind,
    hover,
    series,
    table,
)
from pages.ui.histogram import signed_histogram

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT, BINS = 270, 41
THIS_MASK, NO_DROPOUT = "this mask", "no dropout"
BATCH, RUNNING = "batch mean", "running mean"


def even(value: float) -> float:
    """The least of 1, 2, 3, 5, 7, 10, 20, 30, … that is `value` or more, for one of 1 or more."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1, 2, 3, 5, 7, 10) if step * power >= value))


def values_histogram(values: np.ndarray, reach: float, *, key: str, title: str) -> Picture:
    """Shares of a channel's values between -reach and reach; the line is their mean."""
    bins = histogram(values, (-reach, reach), BINS)
    frame = pd.DataFrame({"from": bins.left, "to": bins.right, "height": bins.share})
    return signed_histogram.draw(
        {"table": frame, "at": at(float(values.mean()))},
        key=key,
        title=title,
        alt=f"{title}: a histogram; mean and standard deviation stand above it.",
        # Quarters, for the chart is built anew wherever its axis moves.
        values={"reach": reach, "top": float(np.ceil(4 * bins.share.max()) / 4)},
        height=HEIGHT,
        value="value",
        height_title="share",
        marked=True,
    )


def weights_histogram(weights: WeightHistogram, top: int, reach: float, *, key: str, title: str) -> Picture:
    """Counts by weight; `top` and `reach` are the ends of the axes, the same for every run."""
    edges = weights.edges
    frame = pd.DataFrame({"from": edges[:-1], "to": edges[1:], "height": weights.counts})
    return signed_histogram.draw(
        {"table": frame},
        key=key,
        title=title,
        alt=f"Histogram of weights; their norm is {weights.norm:.2f}.",
        values={"reach": reach, "top": top},
        height=HEIGHT,
        value="weight",
        height_title="how many",
        marked=False,
    )


def _running_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    return print_charts.lines(
        tables["table"],
        "batch",
        "mean",
        title=title,
        source=source,
        x_title="batches seen",
        y_title="mean of the values",
        series="series",
        colours={BATCH: MUTED, RUNNING: MARK},
        dotted=[BATCH],
    )


@chart_kind(
    {"table": {"batch": [1, 1], "series": [BATCH, RUNNING], "mean": [0.5, 0.05]}}, figure=_running_figure
)
def running_mean(look: Look) -> Chart:
    """Every batch's mean as a point, the running mean as a line."""
    base = table().encode(
        alt.X("batch:Q", title="batches seen"),
        alt.Y("mean:Q", title="mean of the values"),
        series({BATCH: MUTED, RUNNING: MARK}),
        tooltip=hover("series", "batch", "#mean"),
    )
    points = base.transform_filter(f"datum.series == '{BATCH}'").mark_point(filled=True, size=40)
    line = base.transform_filter(f"datum.series == '{RUNNING}'").mark_line(strokeWidth=3)
    return alt.layer(points, line)


def running(history: RunningHistory, *, key: str, title: str) -> Picture:
    """The means of the batches and the running mean, batch by batch."""
    steps = np.arange(1, len(history.batch_mean) + 1)
    frame = pd.DataFrame({"batch": steps, BATCH: history.batch_mean, RUNNING: history.running_mean})
    last = history.running_mean[-1]
    return running_mean.draw(
        {"table": frame.melt("batch", var_name="series", value_name="mean")},
        key=key,
        title=title,
        alt=f"After {len(steps)} batches the running mean is {last:.3f}; batch means range from"
        f" {history.batch_mean.min():.3f} to {history.batch_mean.max():.3f}.",
        height=HEIGHT,
    )


def _spread_figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    return print_charts.ticks(
        tables["table"],
        "class",
        "probability",
        title=title,
        source=source,
        value_title="probability",
        marks=tables["marks"],
        mark="what",
        colours={THIS_MASK: MARK, NO_DROPOUT: RIGHT},
    )


@chart_kind(
    {
        "table": {"class": ["cat", "dog"], "probability": [0.4, 0.6]},
        "marks": {"class": ["cat", "cat"], "probability": [0.4, 0.5], "what": [THIS_MASK, NO_DROPOUT]},
    },
    figure=_spread_figure,
    classes=("cat", "dog"),
)
def mask_spread(look: Look, *, classes: tuple[str, ...]) -> Chart:
    """A tick for each mask; the mask of the picture and the answer without dropout stand out."""
    known = [THIS_MASK, NO_DROPOUT]
    x = alt.X("probability:Q", title="probability", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("class:N", sort=list(classes), title=None, axis=alt.Axis(labelOverlap=False))
    ticks = table().mark_tick(color=look.blue, opacity=0.45, thickness=2).encode(x, y)
    marks = (
        table("marks")
        .mark_point(filled=True, opacity=1)
        .encode(
            x,
            y,
            shape=alt.Shape("what:N", scale=alt.Scale(domain=known, range=["circle", "diamond"]), title=None),
            color=series({THIS_MASK: MARK, NO_DROPOUT: RIGHT}, "what"),
            # Both are seen where they coincide.
            size=alt.Size("what:O", sort=known, scale=alt.Scale(domain=known, range=[230, 70]), title=None),
            tooltip=hover("what", "class", "#probability"),
        )
    )
    return alt.layer(ticks, marks)


def mask_ticks(
    one: OneMask, many: PredictionSpread, classes: tuple[str, ...], *, key: str, title: str, height: int
) -> Picture:
    """The prediction under every mask, under the one of the picture, and without dropout."""
    draws = pd.DataFrame(many.draws, columns=list(classes)).melt(var_name="class", value_name="probability")
    answers = ((THIS_MASK, one.probabilities), (NO_DROPOUT, one.without))
    marks = pd.concat(
        pd.DataFrame({"class": classes, "probability": values, "what": what}) for what, values in answers
    )
    return mask_spread.draw(
        {"table": draws, "marks": marks},
        key=key,
        title=title,
        alt="Probability of each class under every mask; the table below has means and quantiles.",
        height=height,
        classes=classes,
    )
