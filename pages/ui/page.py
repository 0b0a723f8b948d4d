"""What every page begins and ends with."""

import inspect
from collections.abc import Callable, Sequence

import streamlit as st

from pages.ui.link import checked_link

# A projector has 720 px of height: the title takes two lines of it, not a quarter, and the tour leaves room for the
# model below it. It also has little contrast: small print is not pale, and code in it no smaller than the rest.
COMPACT = """<style>
[data-testid="stMainBlockContainer"] { padding: 3.25rem 2.5rem 2rem; }
[data-testid="stMainBlockContainer"] h1 { font-size: 2rem; padding: 0; }
[data-testid="stSidebarHeader"] { height: 2.5rem; margin: 0; }
[data-testid="stNavSectionHeader"] { margin-top: 0.1rem; margin-bottom: 0; }
[data-testid="stSidebarUserContent"] { padding-top: 0.5rem; }
[data-testid="stCaptionContainer"] { opacity: 0.85; }
[data-testid="stPageLink"] p { overflow: hidden; text-overflow: ellipsis; }
[data-testid="stCaptionContainer"] code { font-size: 0.9em; }
@media (max-width: 640px) { [data-testid="stMainBlockContainer"] { padding: 3.25rem 1rem 2rem; } }
</style>"""


CODE = "The code that computed this page"


def header(
    title: str, idea: str, *, may_be_empty: Sequence[str] = (), beside: Callable[[], None] | None = None
) -> None:
    """The page's title and its one idea, a sentence that is read from the back row; before them, the link is checked.

    `may_be_empty` names the controls for which nothing is a value, too; `beside` shows what stands at their right.
    """
    checked_link(may_be_empty)
    st.html(COMPACT)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width="stretch"):
            st.title(title, anchor=False)
            st.markdown(idea)
        if beside is not None:
            with st.container(width="content"):
                beside()


def source(*functions: Callable[..., object]) -> None:
    """The source of the `cnn_core` functions that computed this page, folded away at its end."""
    with st.expander(CODE, icon=":material/code:"):
        for function in functions:
            st.caption(f"`{function.__module__}.{function.__qualname__}`")
            st.code(inspect.getsource(function), language="python")
