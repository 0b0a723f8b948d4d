"""Controls that are in the link and survive a change of page, and sizes per axis as they read there."""

import time
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Literal

import streamlit as st

from cnn_core.arrays import Pair
from pages.ui.link import in_link

LATE = 1.0  # seconds after which a browser has heard that a popover is closed
SIDES = ["8", "12", "14", "16", "28", "32", "48", "64", "96", "128"]


def choose(
    label: str,
    options: Sequence[str],
    key: str,
    default: str,
    *,
    help: str | None = None,
    width: int | Literal["stretch"] = "stretch",
    on_change: Callable[[], None] | None = None,
    hide_label: bool = False,
) -> str:
    """A select box in the link, by the options as they read."""
    start = list(options).index(default)
    chosen = st.selectbox(
        label,
        options,
        start,
        help=help,
        width=width,
        on_change=on_change,
        label_visibility="collapsed" if hide_label else "visible",
        **in_link(key),
    )
    return default if chosen is None else chosen


def segments(
    label: str,
    options: Sequence[str],
    key: str,
    default: str,
    *,
    help: str | None = None,
    wrap: bool = False,
    hide_label: bool = False,
) -> str:
    """Options side by side, in the link; one is always chosen, whatever the link says."""
    chosen = st.segmented_control(
        label,
        options,
        default=default,
        required=True,
        help=help,
        wrap=wrap,
        label_visibility="collapsed" if hide_label else "visible",
        **in_link(key),
    )
    return default if chosen is None else chosen


def open_part(parts: Mapping[str, Callable[[], None]], key: str, *, alone: bool = True) -> None:
    """Parts by their titles, as tabs: only the open one runs.

    Where it stands `alone`, what is set in it reruns nothing else of the page.
    """
    for tab, show in zip(
        st.tabs(list(parts), key=key, on_change="rerun", bind="query-params"), parts.values()
    ):
        if tab.open:
            with tab:
                (st.fragment(show) if alone else show)()


def fold(title: str, key: str, icon: str, show: Callable[[], None]) -> None:
    """A part that is folded away at first, and runs only while it is open; `key` says so in the link."""
    part = st.expander(title, key=key, icon=icon, on_change="rerun", bind="query-params")
    if part.open:
        with part:
            show()


def shut(key: str) -> None:
    """Close the popover of this key, which has served; its `on_change` is `stays_shut`."""
    st.session_state[key] = False
    st.session_state[f"{key}-shut"] = time.monotonic()


def stays_shut(key: str) -> None:
    """A browser that asks for something else at that moment, and has not heard, says that the popover is open."""
    if time.monotonic() - st.session_state.get(f"{key}-shut", -LATE) < LATE:
        st.session_state[key] = False


def side_control(key: str) -> int:
    """How many pixels a side of the image has."""
    return int(choose("Pixels a side", SIDES, key, "28"))


def pairs(low: int, high: int) -> list[str]:
    """Sizes per axis as they stand in a link: the equal ones first, then rows x columns."""
    values = range(low, high + 1)
    unequal = [f"{a}x{b}" for a, b in product(values, values) if a != b]
    return [str(value) for value in values] + unequal


def pair(text: str) -> Pair:
    """ "2" or "1x2" as (rows, columns)."""
    rows, _, columns = text.partition("x")
    return int(rows), int(columns or rows)
