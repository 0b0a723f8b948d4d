"""The row of controls above a player: one row, whatever the screen, so that the picture below it keeps its height."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

# Where a row would not hold all of them as they are, buttons keep their icons only and boxes are as wide as a number.
STYLE = """
.st-key-{key} {{ container-type: inline-size; }}
.st-key-{key}-row {{ gap: 0.75rem; }}
"""


@contextmanager
def control_row(key: str, widths: Mapping[str, float]) -> Iterator[None]:
    """A row of controls; `widths` are those of its boxes by their keys, in rem."""
    boxes = "".join(
        f".st-key-{name} {{ width: {width}rem !important; flex: none; }}\n" for name, width in widths.items()
    )
    st.html(f"<style>{STYLE.format(key=key)}{boxes}</style>")
    with (
        st.container(key=key),
        st.container(key=f"{key}-row", horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        yield
