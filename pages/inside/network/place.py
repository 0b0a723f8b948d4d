"""What is open on the map: a unit or a cell, in the link, though no control holds it."""

import re

import streamlit as st

from pages.inside.network.keys import Key
from pages.ui.link import link_is_new, put_in_link, went_back

PLACE = re.compile(r"[a-z0-9_]{1,40}\.\d{1,6}(\.\d{1,6}\.\d{1,6})?")


def read_link() -> None:
    """Take what a link says, where the page was opened by one."""
    if link_is_new(Key.PLACE) and (Key.PLACE in st.query_params or went_back()):
        put(st.query_params.get(Key.PLACE, ""))


def current() -> str:
    """The place, "" for the map itself; whether this network has it, the browser knows."""
    found: str = st.session_state.get(Key.PLACE, "")
    return found


def put(told: object) -> None:
    """Open a place; what is none is the map itself: anybody may have written it."""
    st.session_state[Key.PLACE] = told if isinstance(told, str) and PLACE.fullmatch(told) else ""


def write_link() -> None:
    """Have the link say where one is."""
    put_in_link(Key.PLACE, current() or None)
