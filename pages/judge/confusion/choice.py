"""What is looked at: a cell of the matrix, a page of its images, one image. In the link, but no control holds it."""

from collections.abc import Sequence

import streamlit as st

from pages.judge.confusion.confusion_board import NOWHERE, Cell
from pages.judge.confusion.keys import Key
from pages.ui.link import link_is_new, put_in_link, went_back


def read_link() -> None:
    """Take what a link says, where the page was opened by one."""
    for key in (Key.TRUE, Key.PREDICTED, Key.PAGE, Key.INSIDE):
        if link_is_new(key) and (key in st.query_params or went_back()):
            st.session_state[key] = st.query_params.get(key)


def cell(classes: Sequence[str]) -> Cell:
    """The cell that is chosen, as far as there are such classes."""
    true, predicted = (_class(key, classes) for key in (Key.TRUE, Key.PREDICTED))
    return true, predicted


def _class(key: str, classes: Sequence[str]) -> int | None:
    name = st.session_state.get(key)
    return classes.index(name) if name in classes else None


def number(key: str) -> int | None:
    """The page, or the number of the image, that is chosen; None where none is."""
    value = str(st.session_state.get(key) or "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 9 else None


def put_cell(classes: Sequence[str], chosen: Cell) -> None:
    """Choose a cell, and the first page of its images."""
    for key, one in zip((Key.TRUE, Key.PREDICTED), chosen):
        st.session_state[key] = None if one is None else classes[one]
    st.session_state[Key.PAGE] = st.session_state[Key.INSIDE] = None


def put_page(page: int) -> None:
    """Turn to a page, and to its first image."""
    st.session_state[Key.PAGE], st.session_state[Key.INSIDE] = str(page), None


def put_image(index: int) -> None:
    """Look at the image of this number in the test set."""
    st.session_state[Key.INSIDE] = str(index)


def write_link(classes: Sequence[str], chosen: Cell) -> None:
    """Have the link say what is looked at; what a link of old said of a class that there is not goes out of it."""
    for key, one in zip((Key.TRUE, Key.PREDICTED), chosen):
        put_in_link(key, None if one is None or chosen == NOWHERE else classes[one])
    for key in (Key.PAGE, Key.INSIDE):
        one = number(key)
        put_in_link(key, None if one is None else str(one))
