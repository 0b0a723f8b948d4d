"""A matrix of weights, whole as a heat map, and the cells around a chosen one with their numbers.

It fills the screen below its upper edge. Where there are more cells than pixels, a pixel has the colour of the
strongest of those that it stands for; the numbers beside it are always single weights.
May import `pages.ui.components.base` and `cnn_core`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from cnn_core.arrays import Floats, not_allowed
from pages.ui.components.base import component, pack
from pages.ui.components.base.told import places

_mount = component(Path(__file__).parent)

LINES = 5.5  # rem of the row of controls below it, which is on the screen too where that is not low


def matrix(
    values: Floats,
    *,
    key: str,
    identity: str,
    title: str,
    names: Sequence[str],
    prefix: str,
    limit: float,
    scope: str,
    folded: int = 1,
    chosen: tuple[int, int],
    on_pick: Callable[[int, int], None],
) -> None:
    """Show weights (outputs, columns) with the cell `chosen` (row, column) among the large ones.

    `names` name the rows, and `prefix` stands before a name where it stands alone ("class "). `folded` is how many
    inputs a column stands for. `on_pick` is called with a row and a column before the rerun that a choice starts.
    Raises ValueError where the names don't fit the rows.
    """
    if len(names) != len(values):
        raise ValueError(not_allowed("names", f"{len(names)} of them", f"one for each of {len(values)} rows"))
    header: dict[str, object] = {
        "identity": identity,
        "title": title,
        "label": f"{title}: arrow keys choose a weight",
        "shape": list(values.shape),
        "names": list(names),
        "prefix": prefix,
        "limit": limit,
        "scope": scope,
        "folded": folded,
        "chosen": list(chosen),
        "reserve": LINES,
    }

    def picked() -> None:
        told = places(st.session_state[key].get("picked"), values.shape)
        if told is not None:
            on_pick(*told)

    _mount(key=key, data=pack(header, {"values": values}), on_picked_change=picked)
