"""The player on the pooling page: a window slides, and what the chosen operation makes of it grows beside it."""

from typing import Literal

import streamlit as st

from cnn_core.operations.convolution import unread_pixels
from cnn_core.operations.downsampling import WINDOWED, divisors
from pages.operations.pooling.keys import Key
from pages.operations.pooling.situation import SHORT, TITLES, Situation
from pages.ui.components.kernel_player import Other, Scene
from pages.ui.window import player
from pages.ui.window.player import Cell

MODES: dict[str, Literal["max", "avg", "conv"]] = {"max": "max", "average": "avg", "strided": "conv"}


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


def play(situation: Situation, *, question: Cell | None, hide_output: bool) -> player.Seen:
    """Show the player, and say where an operation cannot stand in it; returns the cell that it shows."""
    shown = scene(situation)
    seen = player.play(
        shown,
        Key,
        label=f"{TITLES[situation.shown]} of {situation.caption}, player",
        question=question,
        hide_output=hide_output,
    )
    if len(shown.others) < len(WINDOWED) - 1:
        st.caption(
            "A convolution is never rounded up, so that its output has another size here: see Side by side."
        )
    return seen
