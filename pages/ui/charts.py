"""What the charts of several pages have in common: text large enough for the back row, and the colours' roles."""

from typing import Any

import pandas as pd
import streamlit as st

TRAINING, VALIDATION = "#0072B2", "#E69F00"
POSITIVE, NEGATIVE = "#0072B2", "#D55E00"
RIGHT, WRONG = "#009E73", "#D55E00"
MARK = "#CC79A7"  # what is looked at

Spec = dict[str, Any]


def ink() -> str:
    """The colour of text that a chart draws itself, in the theme that the viewer has."""
    return "#E8EDF3" if st.context.theme.type == "dark" else "#17212E"


def bright(colour: str) -> str:
    """A thin mark's colour: in the dark theme the blue of the theme, for `POSITIVE` is too dark to be seen there."""
    return "#4FA8DC" if colour == POSITIVE and st.context.theme.type == "dark" else colour


# An outermost label stands at its tick: pushed inwards ("flush"), it would name another value.
def config() -> Spec:
    """The `config` of every chart, in the theme that the viewer has."""
    size = {"labelFontSize": 14, "titleFontSize": 14, "labelColor": ink(), "titleColor": ink()}
    return {
        "axis": {**size, "labelLimit": 200, "labelFlush": False},
        "legend": {**size, "title": None, "orient": "top", "labelLimit": 400},
        "header": {**size, "title": None},
        "text": {"fontSize": 14},
    }


def number(field: str, title: str | None, **more: Any) -> Spec:
    """An encoding of a measured field; `more` adds scale, axis and the like."""
    return {"field": field, "type": "quantitative", "title": title, **more}


def tooltip(*fields: str) -> list[Spec]:
    """What hovering tells: text fields by their name, numbers with four places (prefix such a field with #)."""
    return [
        {"field": field[1:], "type": "quantitative", "format": ".4f"}
        if field.startswith("#")
        else {"field": field}
        for field in fields
    ]


def colours(pairs: dict[str, str], **more: Any) -> Spec:
    """A colour for each series, in the legend's order."""
    return {"field": "series", "scale": {"domain": list(pairs), "range": list(pairs.values())}, **more}


def dashes(solid: str, dashed: str) -> Spec:
    """Two series told apart without colour; one legend then shows both."""
    return {"field": "series", "scale": {"domain": [solid, dashed], "range": [[1, 0], [6, 3]]}}


def rule(axis: str, value: float, colour: str = MARK, **more: Any) -> Spec:
    """A line across the chart at `value` of the axis "x" or "y"."""
    mark = {"type": "rule", "color": colour, "strokeWidth": 2, **more}
    place = {"field": "at", "type": "quantitative"}
    return {"mark": mark, "data": {"values": [{"at": value}]}, "encoding": {axis: place}}


def chart(data: pd.DataFrame, spec: Spec, **more: Any) -> None:
    """Draw `spec` over `data`; `more` as `st.vega_lite_chart` has it.

    The rows that a layer brings along go beside the spec instead of into it: while the spec stays the same, the browser
    moves marks, and builds the chart anew where anything in it differs, `alt` included, which takes far longer.
    """
    layers, tables = [], {"table": data}
    for index, layer in enumerate(spec["layer"]):
        if "data" in layer:
            tables[f"layer{index}"] = pd.DataFrame(layer["data"]["values"])
            layer = layer | {"data": {"name": f"layer{index}"}}
        layers.append(layer)
    # All tables go by name: Streamlit takes an only named one for the chart's own, whatever else there is.
    st.vega_lite_chart(spec | {"data": {"name": "table"}, "layer": layers, "datasets": tables}, **more)
