"""Back and Forward: what `browser/history.js` does to the browser's history is part of every page."""

from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).parent / "browser" / "history.js"
KEY = "browser-history"

mount = st.components.v2.component("convlens.browser_history", js=SCRIPT.read_text(encoding="utf-8"))


def keep_pages_as_left() -> None:
    """Back shows a page as it was left: its entry in the browser's history keeps its parameters, and only its own."""
    # It shows nothing: the page's style leaves it no place.
    with st.container(key=KEY):
        mount(key=f"{KEY}-script")
