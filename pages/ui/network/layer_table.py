"""The layers of a network as a table: what each gives, costs and sees, with a bar for its parameters and its work."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from cnn_core.networks import costs
from cnn_core.networks.architecture import Architecture
from pages.ui.words import count, shape

ROW = 35  # px of a row, as Streamlit draws it
MOST_ROWS = 13  # more of them scroll


def layer_table(
    architecture: Architecture,
    *,
    batch: int = 1,
    key: str = "",
    selected: int = 0,
    on_pick: Callable[[int], None] | None = None,
    hidden: bool = False,
) -> None:
    """The table; the memory is of so many images. `hidden` leaves out parameters and work, to be predicted first.

    With `on_pick` the row `selected` is marked, and a click on another calls it with that layer's index; `key` is then
    the table's.
    """
    infos = architecture.summary()
    unit, unit_bytes = _unit(max((costs.activation_bytes(info, batch) for info in infos), default=0))
    rows = [
        {
            "layer": info.name,
            "output": shape(info.output_shape),
            "parameters": info.parameters,
            "multiply-adds": info.macs,
            "memory": costs.activation_bytes(info, batch) / unit_bytes,
            "sees": f"{info.receptive_field}×{info.receptive_field}",
            "step": str(info.jump or ""),
            "how the parameters add up": costs.arithmetic(info),
            "settings": info.layer.settings_text(),
            "input": shape(info.input_shape),
        }
        for info in infos
    ]
    told = ["parameters", "multiply-adds", "how the parameters add up"] if hidden else []
    columns = {
        "parameters": st.column_config.ProgressColumn(
            **_bar("parameters", max((info.parameters for info in infos), default=0), 125)
        ),
        "multiply-adds": st.column_config.ProgressColumn(
            **_bar("multiply-adds for one image", max((info.macs for info in infos), default=0), 150)
        ),
        "memory": st.column_config.NumberColumn(
            "memory",
            format=f"%.2f {unit}",
            help=f"The layer's outputs for {count(batch, 'image')}, as float32",
        ),
        "sees": st.column_config.TextColumn(help="The receptive field: pixels that one value depends on"),
        "step": st.column_config.TextColumn(
            help="How far apart in the image two neighbouring values look, in pixels"
        ),
    }
    table = pd.DataFrame(rows).drop(columns=told, errors="ignore")
    if on_pick is None:
        st.dataframe(table, hide_index=True, height="content", column_config=columns)
        return
    if _rows(st.session_state.get(key), len(infos)) != [selected]:
        st.session_state[key] = {"selection": {"rows": [selected], "columns": [], "cells": []}}

    def picked() -> None:
        others = [row for row in _rows(st.session_state.get(key), len(infos)) if row != selected]
        if others:
            on_pick(others[0])

    st.dataframe(
        table,
        hide_index=True,
        height=ROW * (min(len(infos), MOST_ROWS) + 1) + 3,
        column_config=columns,
        key=key,
        on_select=picked,
        selection_mode=["single-row-required", "single-cell"],
        alt="The layers; choose one by its row, or in the list beside it.",
    )


def _unit(most: float) -> tuple[str, float]:
    """One unit for all rows, so that they can be compared: the largest of which `most` bytes are one or more."""
    units = {"GB": 1e9, "MB": 1e6, "kB": 1e3}
    return next(((name, size) for name, size in units.items() if most >= size), ("kB", 1e3))


def _bar(title: str, most: int, width: int) -> dict[str, Any]:
    """What a column with bars is made with."""
    return {
        "help": f"A full bar: the layer with the most {title}",
        "format": "localized",
        "min_value": 0,
        "max_value": max(most, 1),
        "width": width,
    }


def _rows(state: object, rows: int) -> list[int]:
    """The rows that a table's state names: that of a cell that was clicked, and the one that is marked."""
    try:
        selection = state["selection"]  # type: ignore[index]
        found = [*(cell[0] for cell in selection["cells"]), *selection["rows"]]
    except (TypeError, KeyError, IndexError):
        return []
    return [row for row in found if isinstance(row, int) and 0 <= row < rows]
