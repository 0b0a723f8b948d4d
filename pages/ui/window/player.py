"""The player of a laboratory, and what of it the link keeps: the cell looked at or pinned, and the speed."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import streamlit as st

from pages.ui.components.base.told import places
from pages.ui.components.kernel_player import SPEED, SPEEDS, Cell, Places, Scene, kernel_player
from pages.ui.link import linked

__all__ = ["Cell", "Keys", "Seen", "play"]

# Of the player before it is drawn, about: the room that a page has for its picture, without the titles below it.
HEIGHT = "min(calc(var(--cl-room) - 3.3rem), 42vw)"
LARGEST = 10_000  # rows or columns of a map, as in a link
CELL_IN_LINK = "[0-9]{1,4},[0-9]{1,4}"


class Keys(Protocol):
    """The keys of a page with a player: a page's `Key` has them among others."""

    @property
    def PLAYER(self) -> str:
        """The player."""

    @property
    def CELL(self) -> str:
        """The pinned cell in the link, "row,column"."""

    @property
    def AT(self) -> str:
        """The cell looked at in the link, "row,column", where none is pinned."""

    @property
    def SPEED(self) -> str:
        """The player's speed in the link, where it is another than the usual one."""

    @property
    def PREDICT(self) -> str:
        """Whether predictions are asked for."""

    @property
    def QUESTION(self) -> str:
        """The question asked now, and the verdict on its answer."""

    @property
    def ANSWER(self) -> str:
        """The prefix of the fields that take the answer."""


@dataclass(frozen=True)
class Seen:
    """The cell that the player shows, and whether it is pinned."""

    cell: Cell
    pinned: bool


@dataclass(frozen=True)
class Kept:
    """What a session last looked at: a cell, and the scene that it was a cell of."""

    cell: Cell
    places: Places
    image: str  # a digest


def play(
    scene: Scene,
    keys: Keys,
    *,
    label: str,
    question: Cell | None,
    hide_output: bool,
    on_filter: Callable[[int], None] | None = None,
) -> Seen:
    """Show the player; returns the cell that it shows. Arguments as `kernel_player` has them.

    The cell keeps its place in the image when settings change. `on_filter` is told which filter was asked for in it.
    """
    seen = looked_at(scene, keys)
    speed = int(linked(keys.SPEED, "|".join(map(str, SPEEDS))) or SPEED)
    kernel_player(
        scene,
        key=keys.PLAYER,
        label=label,
        cell=seen.cell if seen.pinned else None,
        at=seen.cell,
        question=question,
        hide_output=hide_output,
        speed=speed,
        on={
            "looked": partial(keep_place, keys),
            "speed": partial(keep_speed, keys),
            "filter": partial(tell_filter, keys, on_filter),
        },
    )
    return seen


def looked_at(scene: Scene, keys: Keys) -> Seen:
    """The cell that the link names, moved to its place in the image where settings have changed; else where one was.

    A cell that is not pinned and would show nothing but zeros of a new image gives way to the strongest one.
    """
    key = f"{keys.PLAYER}-kept"
    kept: Kept | None = st.session_state.get(key)
    image = hashlib.blake2b(scene.padded.tobytes(), digest_size=12).hexdigest()
    pinned = linked_cell(keys.CELL)
    cell = pinned or linked_cell(keys.AT) or (kept.cell if kept else None)
    # In a link, or after Back, cell and settings are of one moment: only what was here before moves along.
    if kept is not None and cell == kept.cell and kept.places != scene.places:
        cell = kept.places.carried(cell, scene.places)
    if cell is None or cell[0] >= scene.output.shape[0] or cell[1] >= scene.output.shape[1]:
        cell, pinned = scene.start, None
    is_new = kept is None or (kept.image, kept.places) != (image, scene.places)
    if is_new and not pinned and scene.is_blank(cell):
        cell = scene.start
    st.session_state[key] = Kept(cell, scene.places, image)
    for name, wanted in ((keys.CELL, bool(pinned)), (keys.AT, not pinned and keys.AT in st.query_params)):
        write(name, cell if wanted else None)
    return Seen(cell, bool(pinned))


def keep_place(keys: Keys) -> None:
    """Put the cell that is looked at into the link, as pinned or not."""
    told = places(st.session_state[keys.PLAYER].get("looked"), (LARGEST, LARGEST, 2))
    if told is not None:
        row, column, pinned = told
        write(keys.CELL, (row, column) if pinned else None)
        write(keys.AT, None if pinned else (row, column))


def keep_speed(keys: Keys) -> None:
    """Put the speed into the link, where it is not the usual one."""
    speed = st.session_state[keys.PLAYER].get("speed")
    if speed in SPEEDS and speed != SPEED:
        st.query_params[keys.SPEED] = str(speed)
    else:
        st.query_params.pop(keys.SPEED, None)


def tell_filter(keys: Keys, on_filter: Callable[[int], None] | None) -> None:
    """Say which filter was asked for."""
    number = places([st.session_state[keys.PLAYER].get("filter")], (LARGEST,))
    if number is not None and on_filter is not None:
        on_filter(number[0])


def linked_cell(key: str) -> Cell | None:
    """The cell that the link names as `key`."""
    text = linked(key, CELL_IN_LINK)
    if text is None:
        return None
    row, _, column = text.partition(",")
    return int(row), int(column)


def write(key: str, cell: Cell | None) -> None:
    """Put a cell into the link as `key`, or take it out; the same again is no change of the address."""
    if cell is None:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != (text := f"{cell[0]},{cell[1]}"):
        st.query_params[key] = text
