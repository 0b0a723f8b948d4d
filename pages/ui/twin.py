"""The table twin of a picture: the same numbers for who reads rather than looks, folded away."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st


def twin(label: str, tables: Mapping[str, pd.DataFrame | np.ndarray]) -> None:
    """Fold away `tables` by their titles under `label`; an array (H, W) keeps its rows and columns as they lie."""
    with st.expander(label, icon=":material/table:"):
        for title, table in tables.items():
            st.markdown(f"**{title}**")
            st.dataframe(table, hide_index=isinstance(table, pd.DataFrame))
