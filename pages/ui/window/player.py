"""The player of a laboratory, and the cell that is pinned in it and in the link."""

from functools import partial
from typing import Protocol

import streamlit as st

from pages.ui.components.base.told import places
from pages.ui.components.kernel_player import Scene, kernel_player
from pages.ui.link import linked

Cell = tuple[int, int]
LARGEST = 10_000  # rows or columns of a map, as in a link


class Keys(Protocol):
    """The keys of a page with a player: a page's `Key` has them among others."""

    @property
    def PLAYER(self) -> str:
        """The player."""

    @property
    def CELL(self) -> str:
        """The pinned cell in the link, "row,column"."""

    @property
    def PREDICT(self) -> str:
        """Whether predictions are asked for."""

    @property
    def QUESTION(self) -> str:
        """The question asked now, and the verdict on its answer."""

    @property
    def ANSWER(self) -> str:
        """The prefix of the fields that take the answer."""


def play(
    scene: Scene, keys: Keys, *, label: str, question: Cell | None, hide_output: bool, reserve: int
) -> Cell | None:
    """Show the player; returns the pinned cell, which a link keeps. Arguments as `kernel_player` has them."""
    linked = linked_cell(keys, scene.output.shape)
    pinned = kernel_player(
        scene,
        key=keys.PLAYER,
        label=label,
        cell=linked,
        question=question,
        hide_output=hide_output,
        reserve=reserve,
        on_pin=partial(keep_cell, keys),
    )
    return pinned or linked


def keep_cell(keys: Keys) -> None:
    """Put the pinned cell into the link, or take it out."""
    pinned = places(st.session_state[keys.PLAYER].get("pinned"), (LARGEST, LARGEST))
    if pinned is None:
        st.query_params.pop(keys.CELL, None)
    else:
        st.query_params[keys.CELL] = f"{pinned[0]},{pinned[1]}"


def linked_cell(keys: Keys, shape: tuple[int, ...]) -> Cell | None:
    """The cell that the link names; None where it names none of this output's."""
    text = linked(keys.CELL, "[0-9]{1,4},[0-9]{1,4}")
    if text is None:
        return None
    row, _, column = text.partition(",")
    cell = int(row), int(column)
    return cell if cell[0] < shape[0] and cell[1] < shape[1] else None
