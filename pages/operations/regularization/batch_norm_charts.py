"""Histograms of a channel, and its running mean beside the means of the batches."""

import numpy as np
import pandas as pd

from cnn_core.histograms import histogram
from cnn_core.operations.batch_norm import RunningHistory
from pages.ui.charts import MARK, NEGATIVE, POSITIVE, chart, colours, config, number, rule, tooltip
from pages.ui.twin import twin

HEIGHT, BINS = 270, 41


def tables(before: np.ndarray, after: np.ndarray, reach: float, history: RunningHistory) -> None:
    """The three pictures as tables."""
    first, second = (histogram(values, (-reach, reach), BINS) for values in (before, after))
    shares = {"from": first.left, "to": first.right, "before": first.share, "normalized": second.share}
    steps = {
        "batches seen": np.arange(1, len(history.batch_mean) + 1),
        "batch mean": history.batch_mean,
        "running mean": history.running_mean,
        "batch variance": history.batch_var,
        "running variance": history.running_var,
    }
    twin(
        "The three pictures as tables",
        {"Shares of the values": pd.DataFrame(shares), "Running statistics": pd.DataFrame(steps)},
    )


def histogram_of(values: np.ndarray, reach: float) -> None:
    """Shares of a channel's values between -reach and reach; the line is their mean."""
    bins = histogram(values, (-reach, reach), BINS)
    frame = pd.DataFrame({"from": bins.left, "to": bins.right, "share": bins.share})
    bars = {
        "mark": {"type": "rect"},
        "encoding": {
            "x": number("from", "value"),
            "x2": {"field": "to"},
            "y": number("share", "share"),
            "y2": {"datum": 0},
            "color": {
                "condition": {"test": "datum.from + datum.to < 0", "value": NEGATIVE},
                "value": POSITIVE,
            },
            "tooltip": tooltip("#from", "#to", "#share"),
        },
    }
    spec = {"layer": [bars, rule("x", float(values.mean()))], "config": config()}
    alt = f"Histogram: mean {values.mean():.2f}, standard deviation {values.std():.2f}."
    chart(frame, spec, height=HEIGHT, alt=alt)


def running(history: RunningHistory) -> None:
    """Every batch's mean as a point, the running mean as a line."""
    steps = np.arange(1, len(history.batch_mean) + 1)
    frame = pd.DataFrame(
        {"batch": steps, "batch mean": history.batch_mean, "running mean": history.running_mean}
    )
    frame = frame.melt("batch", var_name="series", value_name="mean")
    colour = colours({"batch mean": "#8A94A0", "running mean": MARK})
    shared = {"x": number("batch", "batches seen"), "y": number("mean", None), "color": colour}
    layers = [
        {
            "transform": [{"filter": f"datum.series == '{name}'"}],
            "mark": mark,
            "encoding": {**shared, "tooltip": tooltip("series", "batch", "#mean")},
        }
        for name, mark in (
            ("batch mean", {"type": "point", "filled": True, "size": 40}),
            ("running mean", {"type": "line", "strokeWidth": 3}),
        )
    ]
    last = history.running_mean[-1]
    alt = f"After {len(steps)} batches the running mean is {last:.3f}; batch means range from"
    alt += f" {history.batch_mean.min():.3f} to {history.batch_mean.max():.3f}."
    chart(frame, {"layer": layers, "config": config()}, height=HEIGHT, alt=alt)
