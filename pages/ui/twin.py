"""What stands under a picture: its numbers as tables, for who reads rather than looks, and the way out of the page."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.figures.picture import Picture
from pages.ui.download import menu
from pages.ui.words import as_text

Table = pd.DataFrame | np.ndarray | Mapping[str, Sequence[object]]


@st.fragment  # opening it needs nothing else of the page
def twin(
    label: str,
    tables: Mapping[str, Table],
    pictures: Sequence[Picture] = (),
    source: str = "",
    *,
    formats: Mapping[str, str] | None = None,
    words: str = "",
    key: str = "",
) -> None:
    """Fold away `tables` by their titles under `label`, and beside it offer `pictures` as files.

    An array (H, W) keeps its rows and columns as they lie; a mapping has columns by their names. `source` says in a
    file what the pictures are from. `formats` writes a column's numbers in its own way ("%.4f", "percent"); `words`
    stand above the tables. They are there only while it is open: else every rerun would send them. `key` tells it from
    others on the page where the label does not, or where that changes while it stays open.
    """
    with st.container(horizontal=True, gap="small"):
        shown = st.expander(label, icon=":material/table:", key=unfolded(key or label), on_change="rerun")
        if pictures:
            menu(pictures, source)
    if not shown.open:
        return
    columns = {name: st.column_config.NumberColumn(format=form) for name, form in (formats or {}).items()}
    with shown:
        if words:
            st.markdown(words)
        for title, table in tables.items():
            if len(tables) > 1:
                st.markdown(f"**{as_text(title)}**")
            named = not isinstance(table, np.ndarray)
            st.dataframe(table, hide_index=named, column_config=columns if named else None, alt=title)


def unfolded(key: str) -> str:
    """Where a session keeps whether tables are open."""
    return f"{key}-tables"
