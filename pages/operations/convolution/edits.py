"""What was typed into a table of numbers, taken for what it is: sent by a browser, which may send anything."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from cnn_core.arrays import Floats


def number_table(
    values: Floats, key: str, on_change: Callable[[], None], columns: Mapping[str, Any] | None
) -> None:
    """A table (rows, columns) that can be typed into; `columns` is Streamlit's configuration of them by their number.

    Edits of cells that the table does not have cannot come from it: the table is not shown, but a sentence is.
    """
    names = [str(column) for column in range(values.shape[1])]
    frame = pd.DataFrame(values.astype(float), columns=names)
    try:
        st.data_editor(
            frame, key=key, on_change=on_change, hide_index=True, width="stretch", column_config=columns
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        st.warning("What was typed does not fit this table. Reload the page.")


def put_away(base: str) -> None:
    """The table whose text and values the session has under `base` is not shown: when it is, it will be a new one.

    A browser keeps what was typed into a table as long as it shows it, and no longer.
    """
    state = st.session_state.get(base)
    if state is not None:
        state["text"] = None


def edited_cells(key: str, shape: tuple[int, ...]) -> dict[tuple[int, int], float]:
    """The edited cells of the table `key`, of `shape` (rows, columns): place to number, an emptied cell is 0.

    What is no number, or no cell of the table, is left out.
    """
    rows = st.session_state[key].get("edited_rows", {})
    found: dict[tuple[int, int], float] = {}
    for row, cells in rows.items() if isinstance(rows, Mapping) else ():
        for column, value in cells.items() if isinstance(cells, Mapping) else ():
            place = _number(row, shape[0]), _number(column, shape[1])
            number = 0.0 if value is None else value
            if isinstance(number, int | float) and math.isfinite(number) and None not in place:
                found[place] = float(number)  # type: ignore[index]
    return found


def _number(text: object, count: int) -> int | None:
    """A row's or column's number below `count`; Streamlit writes rows as integers and columns as text."""
    digits = str(text)
    if digits.isascii() and digits.isdigit() and len(digits) < 5 and int(digits) < count:
        return int(digits)
    return None
