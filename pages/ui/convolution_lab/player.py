"""The player on the convolution page: one filter at work, and the cell that is pinned in the link."""

import numpy as np
import numpy.typing as npt
import streamlit as st

from cnn_core.convolution_layer import ConvolutionLayer, View
from pages.ui.components.kernel_player import Scene, kernel_player
from pages.ui.convolution_lab.input_image import Input
from pages.ui.convolution_lab.settings import Settings
from pages.ui.state import ConvolutionKey as Key

Floats = npt.NDArray[np.float32]
Cell = tuple[int, int]


@st.cache_data(max_entries=32, show_spinner=False)
def view(layer: ConvolutionLayer, image: Floats, weights: Floats, biases: Floats, shown: int) -> View:
    """The arrays of one filter at work."""
    return layer.view(image, weights, biases, shown)


@st.cache_data(max_entries=32, show_spinner=False)
def output(layer: ConvolutionLayer, image: Floats, weights: Floats, biases: Floats) -> Floats:
    """Every filter's output `(F, H_out, W_out)`."""
    return layer.output(image, weights, biases)


def play(
    given: Input, settings: Settings, seen: View, *, question: Cell | None, hide_output: bool, reserve: int
) -> Cell | None:
    """Show the player; returns the pinned cell, which a link keeps."""
    transposed = settings.layer.transposed
    many = len(seen.channels) > 1
    scene = Scene(
        mode="conv",
        padded=seen.padded,
        image_size=seen.image_size,
        offset=seen.offset,
        output=seen.output,
        kernel_size=seen.kernel.shape[1:],
        stride=seen.stride,
        dilation=settings.layer.dilation,
        weight=seen.kernel,
        channel_sums=seen.channel_sums if many else None,
        bias=seen.bias if seen.bias or many else None,
        unread=seen.unread if seen.unread.any() else None,
        pixel_limits=given.limits,
        channels=[given.channels[c] for c in seen.channels],
        colour=[given.channels[c] for c in seen.channels] == ["red", "green", "blue"],
        titles={"input": "Input with zeros between" if transposed else "Input"},
    )
    pinned = kernel_player(
        scene,
        key=Key.PLAYER,
        label=f"Convolution of {given.caption}, player",
        cell=linked_cell(seen.output.shape),
        question=question,
        hide_output=hide_output,
        reserve=reserve,
        on_pin=keep_cell,
    )
    return pinned or linked_cell(seen.output.shape)


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
