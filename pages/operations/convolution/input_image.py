"""What the kernel slides over: a picture in some size and number of channels, or a small matrix to edit."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.arrays import Floats
from pages.operations.convolution import numbers_text
from pages.operations.convolution.edits import edited_cells, number_table, put_away
from pages.operations.convolution.kernel_editor import drop_edits
from pages.operations.convolution.keys import Key
from pages.ui.controls import choose, side_control
from pages.ui.image_source import pick_image
from pages.ui.link import in_link
from pages.ui.words import sentence

CHANNELS = {
    "gray": ("gray",),
    "RGB": ("red", "green", "blue"),
    "RGB and gray": ("red", "green", "blue", "gray"),
}
EDGE = "0 0 0 10 10 10; 0 0 0 10 10 10; 0 0 0 10 10 10; 0 0 0 10 10 10; 0 0 0 10 10 10; 0 0 0 10 10 10"
LARGEST_MATRIX = 12
EXACT_HELP = (
    "Off: pixels in steps of 0.1, so that short numbers are the whole numbers and every printed sum is exact."
)


@dataclass(frozen=True)
class Input:
    """The image `(C, H, W)` float32, its channels' names, its black and white (None: the signed scale)."""

    image: Floats
    caption: str
    steps: bool  # whether its pixels are rounded to steps of 0.1
    channels: tuple[str, ...]
    limits: tuple[float, float] | None


def input_controls(shown: bool) -> Input | str:
    """The controls for the input; while there is none, a sentence that says why: they may be where nobody sees them.

    The table of a matrix is left out where nothing of them is `shown`.
    """
    # One row, so that the camera's button stands on a projector's screen too.
    row = st.container(horizontal=True, gap="small")
    with row:
        kind = choose("Input", ["picture", "matrix"], Key.SOURCE, "picture", width=120)
    return picture(row) if kind == "picture" else matrix(shown)


def picture(row: DeltaGenerator) -> Input:
    """A picture from the sources that all pages share, fitted to a square; its first controls go into `row`."""
    with row, st.container(width=120):
        side = side_control(Key.IMAGE_SIZE)
    with row, st.container(width=160):
        kind = choose("Channels", list(CHANNELS), Key.CHANNELS, "gray", on_change=drop_edits)
    exact = st.toggle("Exact pixels", **in_link(Key.EXACT), help=EXACT_HELP)
    picked = pick_image(Key.IMAGE, size=side, channels=1 if kind == "gray" else 3)
    image = picked.image
    if kind == "RGB and gray":
        image = np.concatenate([image, image.mean(0, keepdims=True)])
    if not exact:
        image = (np.round(10 * image) / 10).astype(np.float32)
    return Input(image, picked.caption, not exact, CHANNELS[kind], (0.0, 1.0))


def matrix(shown: bool) -> Input | str:
    """A small matrix, typed as text or edited as a table."""
    text = st.text_input(
        "Matrix as text",
        EDGE,
        **in_link(Key.MATRIX),
        help=f"Rows end with a semicolon; at most {LARGEST_MATRIX} × {LARGEST_MATRIX} numbers.",
    )
    try:
        values = numbers_text.read_matrix(text or EDGE, LARGEST_MATRIX)
    except ValueError as error:
        return sentence(str(error))
    if shown:
        matrix_table(values)
    else:
        put_away(Key.MATRIX_BASE)
    low, high = min(0.0, float(values.min())), float(values.max())
    return Input(values[None], "your matrix", False, ("gray",), None if low < 0 else (0.0, max(high, 1.0)))


def matrix_table(values: Floats) -> None:
    """The matrix as a table; it keeps its focus while it is typed into, and is new where the text was changed."""
    state = st.session_state.get(Key.MATRIX_BASE)
    if state is None or state["text"] != numbers_text.write(values):
        number = 0 if state is None else state["number"] + 1
        state = {"text": numbers_text.write(values), "number": number, "values": values}
        st.session_state[Key.MATRIX_BASE] = state
    number_table(state["values"], f"{Key.MATRIX_EDITOR}-{state['number']}", apply_edits, None)


def apply_edits() -> None:
    """Write the edited cells into the matrix's text, which is in the link."""
    state = st.session_state[Key.MATRIX_BASE]
    values = state["values"].copy()
    for (row, column), value in edited_cells(f"{Key.MATRIX_EDITOR}-{state['number']}", values.shape).items():
        values[row, column] = value
    st.session_state[Key.MATRIX] = state["text"] = numbers_text.write(values)
