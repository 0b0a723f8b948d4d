"""What every page begins and ends with."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from pages.ui import head
from pages.ui.controls import fold
from pages.ui.keys import Shared
from pages.ui.link import checked_link

CODE = "The code that computed this page"


def header(
    title: str,
    idea: str,
    *,
    may_be_empty: Sequence[str] = (),
    beside: Callable[[], None] | None = None,
    reserve: Mapping[str, str] | None = None,
) -> None:
    """The page's title and its one idea, a sentence that is read from the back row; before them, the link is checked.

    `may_be_empty` names the controls for which nothing is a value, too; `beside` shows what stands at their right.
    `reserve` gives elements by their keys the least height, a CSS length ("22rem", "var(--cl-room)"), that they have
    from the first frame on: what is filled later then moves nothing below it.
    """
    checked_link(may_be_empty)
    kept = "".join(
        f".st-key-{key}.st-key-{key} {{ min-height: {height}; }}\n" for key, height in (reserve or {}).items()
    )
    # A host that serves no head of ours has the style from here.
    st.html(f"<style>{head.style()}{kept}</style>")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=Shared.PAGE_HEAD):
        with st.container(width="stretch", key=Shared.PAGE_TITLE):
            st.title(title, anchor=False)
            st.markdown(idea)
        if beside is not None:
            with st.container(width="content"):
                beside()


@st.fragment  # opening it needs nothing else of the page
def source(*functions: Callable[..., object]) -> None:
    """The source of the `cnn_core` functions that computed this page, folded away at its end until it is asked for."""
    fold(CODE, Shared.CODE, ":material/code:", partial(_code, functions))


def _code(functions: Sequence[Callable[..., object]]) -> None:
    for function in functions:
        st.caption(f"`{function.__module__}.{function.__qualname__}`")
        st.code(inspect.getsource(function), language="python")
