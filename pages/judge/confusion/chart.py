"""A confusion matrix as a chart: right answers green, wrong ones vermilion, a click picks a cell."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_core import pictures
from cnn_core.judge import metrics
from pages.ui.words import percent

RIGHT, WRONG = "#009E73", "#D55E00"
DARK = "#17212E"  # a number on full green or vermilion: in both themes it stands out more than white does


def _rows(
    cm: NDArray[np.int64], classes: Sequence[str], chosen: tuple[int | None, int | None] | None
) -> list[dict[str, Any]]:
    """One record a cell. `strength` in 0..1: the share of its class, relative to the largest where wrong."""
    shares = metrics.normalize_rows(cm)
    largest = metrics.largest_share_wrong(cm) or 1.0
    return [
        {
            "true": classes[true],
            "predicted": classes[predicted],
            "images": int(cm[true, predicted]),
            "share": float(shares[true, predicted]),
            "right": true == predicted,
            "strength": float(shares[true, predicted]) / (1.0 if true == predicted else largest),
            "chosen": (true, predicted) == chosen,
        }
        for true in range(len(cm))
        for predicted in range(len(cm))
    ]


def _spec(rows: list[dict[str, Any]], classes: Sequence[str], field: str, dark: bool) -> dict[str, Any]:
    ink = "#E8EDF3" if dark else DARK
    look = {
        "labelFontSize": 14,
        "titleFontSize": 14,
        "labelColor": ink,
        "titleColor": ink,
        "labelOverlap": False,
        "labelFlush": False,
    }
    look |= {"grid": False, "ticks": False, "domain": False}

    def axis(name: str, title: str, **more: Any) -> dict[str, Any]:
        return {"field": name, "type": "nominal", "sort": list(classes), "title": title, "axis": look | more}

    number = {"field": field, "type": "quantitative", "format": ".1%" if field == "share" else "d"}
    return {
        "data": {"values": rows},
        "height": 430,
        "encoding": {
            "x": axis("predicted", "Predicted class", labelAngle=0 if len("".join(classes)) < 40 else -40),
            "y": axis("true", "True class"),
            "tooltip": [
                {"field": "true", "title": "true class"},
                {"field": "predicted", "title": "predicted class"},
                {"field": "images", "format": ",d"},
                {"field": "share", "format": ".2%", "title": "share of the true class"},
            ],
        },
        "layer": [
            {
                "params": [{"name": "cell", "select": {"type": "point", "fields": ["true", "predicted"]}}],
                "mark": {"type": "rect", "cursor": "pointer"},
                "encoding": {
                    "fill": {"condition": {"test": "datum.right", "value": RIGHT}, "value": WRONG},
                    "fillOpacity": {
                        "field": "strength",
                        "type": "quantitative",
                        "scale": None,
                        "legend": None,
                    },
                    "opacity": {"value": 1},
                },
            },
            {
                "transform": [{"filter": "datum.images > 0"}],
                "mark": {"type": "text", "fontSize": 14, "tooltip": True},
                "encoding": {
                    "text": number,
                    "color": {
                        "condition": {"test": "datum.strength > 0.9", "value": DARK},
                        "value": ink,
                    },
                },
            },
            {
                "transform": [{"filter": "datum.chosen"}],
                "mark": {
                    "type": "rect",
                    "filled": False,
                    "strokeWidth": 4,
                    "stroke": pictures.css(pictures.ACCENT),
                },
            },
        ],
        "config": {"view": {"stroke": "transparent"}},
    }


def confusion_chart(
    cm: NDArray[np.int64],
    classes: Sequence[str],
    *,
    key: str,
    shares: bool,
    chosen: tuple[int | None, int | None] | None,
    on_pick: Callable[[str, str], None],
) -> None:
    """Draw the matrix (K, K) as counts or as shares of its rows. `on_pick` gets a clicked cell's class names."""

    def picked() -> None:
        cells = st.session_state[key].selection.get("cell", [])
        if cells:
            on_pick(cells[0]["true"], cells[0]["predicted"])

    st.vega_lite_chart(
        spec=_spec(
            _rows(cm, classes, chosen),
            classes,
            "share" if shares else "images",
            st.context.theme.type == "dark",
        ),
        key=key,
        on_select=picked,
        alt="Confusion matrix; the table below holds the same numbers",
    )
    largest = metrics.largest_share_wrong(cm)
    st.caption(
        f"Green: right, from 0 to 100\u00a0% of the true class. Vermilion: wrong, from 0 to"
        f" {percent(largest, 2)} of it. Click a cell to see its images."
    )
