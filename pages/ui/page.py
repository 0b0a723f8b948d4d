"""What every page begins and ends with."""

import inspect
from collections.abc import Callable

import streamlit as st


def header(title: str, idea: str) -> None:
    """The page's title and its one idea, a sentence that is read from the back row."""
    st.title(title, anchor=False)
    st.markdown(idea)


def source(*functions: Callable[..., object]) -> None:
    """The source of the `cnn_core` functions that computed this page, folded away at its end."""
    with st.expander("The code that computed this page", icon=":material/code:"):
        for function in functions:
            st.caption(f"`{function.__module__}.{function.__qualname__}`")
            st.code(inspect.getsource(function), language="python")
