"""Back and Forward: what `browser/history.js` does to the browser's history is part of every page."""

from functools import cache
from pathlib import Path

import streamlit as st

SCRIPT = Path(__file__).parent / "browser" / "history.js"


def keep_pages_as_left() -> None:
    """Back shows a page as it was left: its entry in the browser's history keeps its parameters, and only its own."""
    with st.container(key="browser-history"):
        st.html(_element(), unsafe_allow_javascript=True)


@cache
def _element() -> str:
    # The element itself would take a line of the page.
    script = SCRIPT.read_text(encoding="utf-8")
    return f"<style>.st-key-browser-history {{ display: none; }}</style><script>{script}</script>"
