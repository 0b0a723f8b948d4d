"""Controls that are in the link and survive a change of page, and sizes per axis as they read there."""

from enum import StrEnum
from itertools import product

import streamlit as st

Pair = tuple[int, int]

SIDES = ["8", "12", "14", "16", "28", "32", "48", "64", "96", "128"]


def choose(label: str, options: list[str], key: StrEnum, default: str, **more: object) -> str:
    """A select box that is in the link, by the options as they read, and survives a change of page."""
    chosen = st.selectbox(
        label,
        options,
        index=options.index(default),
        key=key,
        bind="query-params",
        persist_state="session",
        **more,
    )
    return default if chosen is None else chosen


def side_control(key: StrEnum) -> int:
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
