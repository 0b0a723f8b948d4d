"""What stands below the player: the arithmetic of the output's size, maps and windows as tables."""

import pandas as pd
import streamlit as st
from pandas.arrays import IntegerArray

from cnn_core.arrays import Floats, Integers
from pages.ui.twin import twin

SIGNS = {
    "⌊": "⌊ ⌋ rounds down to a whole number",
    "⌈": "⌈ ⌉ rounds up to a whole number",
    "dilation": "dilation is the step from one pixel of a window to its next, usually 1",
}


def size_formula(formula: str, size_text: tuple[str, str], *, hidden: bool) -> None:
    """The output size: the names, then today's numbers in their places; hidden while it is asked."""
    st.markdown(f"**Output size** = {formula}")
    rows, columns = size_text
    signs = [words for sign, words in SIGNS.items() if sign in formula]
    if signs:
        st.caption("; ".join(signs) + ".")
    st.markdown("Predict it first." if hidden else f"rows = {rows}  \ncolumns = {columns}")


def map_table(title: str, values: Floats) -> None:
    """A map `(H, W)` as a table, its rows and columns numbered; folded away."""
    twin(f"{title}: {values.shape[0]} × {values.shape[1]} numbers", {title: values}, key=title)


def read_at(axis: Integers, places: Integers) -> IntegerArray:
    """The image row (or column) that each of `places` of a window reads; empty where there is no pixel.

    `axis` `(k,)` holds the index of each row (or column) of the window, below 0 for none.
    """
    return pd.array([int(axis[place]) if axis[place] >= 0 else None for place in places], dtype="Int64")
