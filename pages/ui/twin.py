"""What stands under a picture: its numbers as tables, for who reads rather than looks, and the way out of the page."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.figures.picture import Picture
from pages.ui.download import beside
from pages.ui.words import as_text

Table = pd.DataFrame | np.ndarray | Mapping[str, Sequence[object]]


def twin(
    label: str,
    tables: Mapping[str, Table],
    pictures: Sequence[Picture] = (),
    source: str = "",
    *,
    formats: Mapping[str, str] | None = None,
    words: str = "",
) -> None:
    """Fold away `tables` by their titles under `label`, and beside it offer `pictures` as files.

    An array (H, W) keeps its rows and columns as they lie; a mapping has columns by their names. `source` says in a
    file what the pictures are from. `formats` writes a column's numbers in its own way ("%.4f", "percent"); `words`
    stand above the tables.
    """
    columns = {name: st.column_config.NumberColumn(format=shown) for name, shown in (formats or {}).items()}
    with beside(pictures, source), st.expander(label, icon=":material/table:"):
        if words:
            st.markdown(words)
        for title, table in tables.items():
            if len(tables) > 1:
                st.markdown(f"**{as_text(title)}**")
            named = not isinstance(table, np.ndarray)
            st.dataframe(table, hide_index=named, column_config=columns if named else None, alt=title)
