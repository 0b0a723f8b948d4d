"""Charts of the shift test: a quantity over the shift, with the shift looked at marked."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages.ui.charts import chart, config, rule

FARTHEST = 8  # pixels that the shift test goes each way
COLOURS = ["#999999", "#0072B2", "#E69F00", "#009E73", "#56B4E9", "#CC79A7"]


def lines(
    frame: pd.DataFrame,
    *,
    y: str,
    at: int,
    title: str,
    colour: str | None = None,
    order: Sequence[str] = (),
    label: str | None = None,
) -> None:
    """`y` (a share, 0 and more) over "pixels to the right"; `at` is marked, `label` is written at each point."""
    x = {
        "field": "pixels to the right",
        "type": "quantitative",
        "title": "pixels to the right",
        "axis": {"tickMinStep": 1, "format": "+d"},
    }
    value = {
        "field": y,
        "type": "quantitative",
        "title": title,
        "axis": {"format": ".0%", "tickCount": 6},
    }
    hover = [
        {"field": "pixels to the right", "format": "+d"},
        {"field": y, "title": title, "format": ".2%"},
    ]
    main: dict[str, Any] = {
        "mark": {"type": "line", "point": {"size": 50}, "strokeWidth": 2.5, "color": COLOURS[1]},
        "encoding": {"x": x, "y": value, "tooltip": hover},
    }
    if colour:
        main["encoding"]["color"] = {
            "field": colour,
            "type": "nominal",
            "sort": list(order),
            "scale": {"domain": list(order), "range": COLOURS[: len(order)]},
            "legend": {
                "orient": "bottom",
                "columns": 3,
                "labelFontSize": 14,
                "title": None,
                "labelLimit": 260,
            },
        }
        hover.append({"field": colour})
    layers: list[dict[str, Any]] = [
        rule("x", at, strokeDash=[4, 4]),
        main,
    ]
    if label:
        written = {"type": "text", "dy": -14, "fontSize": 15, "fontWeight": 600, "color": COLOURS[1]}
        layers.append(
            {"mark": written, "encoding": {"x": x, "y": value, "text": {"field": label, "type": "nominal"}}}
        )
    chart(frame, {"layer": layers, "height": 300, "config": config()})


def bars(frame: pd.DataFrame, *, x: str, y: str, title: str, highlighted: str) -> None:
    """`y` (a share) for each `x`, in the frame's order; the bars where column `highlighted` is true stand out."""
    axis = {"labelAngle": -40, "labelLimit": 140}
    encoding = {
        "x": {"field": x, "type": "nominal", "sort": None, "axis": axis},
        "y": {
            "field": y,
            "type": "quantitative",
            "title": title,
            "axis": {"format": ".0%", "tickCount": 6},
        },
        "color": {
            "field": highlighted,
            "type": "nominal",
            "scale": {"domain": [True, False], "range": ["#0072B2", "#999999"]},
            "legend": None,
        },
        "tooltip": [{"field": x}, {"field": y, "title": title, "format": ".1%"}],
    }
    st.vega_lite_chart(frame, {"mark": "bar", "encoding": encoding, "height": 280, "config": config()})
