"""Maps and windows as tables."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st


def map_table(title: str, values: npt.NDArray[np.float32]) -> None:
    """A map `(H, W)` as a table, its rows and columns numbered; folded away."""
    with st.expander(f"{title}: {values.shape[0]} × {values.shape[1]} numbers"):
        frame = pd.DataFrame(values.astype(float), columns=[str(column) for column in range(values.shape[1])])
        st.dataframe(frame, height=260)


def read_at(axis: npt.NDArray[np.int64], places: npt.NDArray[np.int64]) -> pd.array:
    """The image row (or column) that each of `places` of a window reads; empty where there is no pixel.

    `axis` `(k,)` holds the index of each row (or column) of the window, below 0 for none.
    """
    return pd.array([int(axis[place]) if axis[place] >= 0 else None for place in places], dtype="Int64")
