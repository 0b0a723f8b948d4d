"""The player on the pooling page: a window slides, and what the chosen operation makes of it grows beside it."""

import streamlit as st

from cnn_core.convolution import unread_pixels
from cnn_core.downsampling import WINDOWED, divisors
from pages.ui.components.kernel_player import Other, Scene, kernel_player
from pages.ui.pooling_lab.situation import SHORT, TITLES, Situation
from pages.ui.state import PoolingKey as Key

Cell = tuple[int, int]
MODES = {"max": "max", "average": "avg", "strided": "conv"}


@st.cache_data(max_entries=64, show_spinner=False)
def scene(situation: Situation) -> Scene:
    """The arrays of the shown operation at work."""
    kind, window, size = situation.shown, situation.window, situation.image.shape
    result = situation.result(kind)
    rows, columns = window.axes(size, kind)
    unread = unread_pixels(
        size,
        window.kernel_size,
        stride=window.stride,
        padding=window.padding,
        ceil_mode=rows.ceil_mode,
    )
    return Scene(
        mode=MODES[kind],
        padded=window.padded(situation.image, kind)[None],
        image_size=size,
        offset=(rows.before, columns.before),
        output=result.output,
        kernel_size=window.kernel_size,
        stride=window.stride,
        weight=situation.weight[None] if kind == "strided" else None,
        winners=result.winners,
        divisors=divisors(size, window) if kind == "average" else None,
        unread=unread if unread.any() else None,
        output_limits=limits(situation, kind),
        titles={"middle": "One cell", "output": SHORT[kind]},
        others=others(situation),
    )


def others(situation: Situation) -> list[Other]:
    """The other operations, where their output has the size of the shown one's: a convolution is never rounded up."""
    shape = situation.result(situation.shown).output.shape
    found = [(kind, situation.result(kind).output) for kind in WINDOWED if kind != situation.shown]
    return [
        Other(SHORT[kind], output, limits(situation, kind)) for kind, output in found if output.shape == shape
    ]


def limits(situation: Situation, kind: str) -> tuple[float, float] | None:
    """Black and white, where the output stays within the image's range; None for the signed scale."""
    stays = kind != "strided" or (situation.weight.min() >= 0 and situation.weight.sum() <= 1.001)
    return (0.0, 1.0) if stays else None


def play(situation: Situation, *, question: Cell | None, hide_output: bool, reserve: int) -> Cell | None:
    """Show the player; returns the pinned cell, which a link keeps."""
    shape = situation.result(situation.shown).output.shape
    pinned = kernel_player(
        scene(situation),
        key=Key.PLAYER,
        label=f"{TITLES[situation.shown]} of {situation.caption}, player",
        cell=linked_cell(shape),
        question=question,
        hide_output=hide_output,
        reserve=reserve,
        on_pin=keep_cell,
    )
    if len(scene(situation).others) < len(WINDOWED) - 1:
        st.caption(
            "A convolution is never rounded up, so that its output has another size here: see Side by side."
        )
    return pinned or linked_cell(shape)


def keep_cell() -> None:
    """Put the pinned cell into the link, or take it out."""
    pinned = st.session_state[Key.PLAYER].get("pinned")
    if pinned is None:
        st.query_params.pop(Key.CELL, None)
    else:
        st.query_params[Key.CELL] = f"{pinned[0]},{pinned[1]}"


def linked_cell(shape: tuple[int, ...]) -> Cell | None:
    """The cell that the link names; None where it names none of this output's."""
    row, _, column = st.query_params.get(Key.CELL, "").partition(",")
    if not (row.isdecimal() and column.isdecimal()):
        return None
    cell = int(row), int(column)
    return cell if cell[0] < shape[0] and cell[1] < shape[1] else None
