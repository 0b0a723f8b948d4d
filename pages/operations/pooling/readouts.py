"""The numbers behind the player: the cell looked at, the outputs as tables, the PyTorch that gives them."""

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.arrays import Floats, Integers, Mask
from cnn_core.operations import convolution_trace
from cnn_core.operations.downsampling import KINDS, WINDOWED
from cnn_core.operations.torch_source import downsampling_source
from pages.operations.pooling.keys import Key
from pages.operations.pooling.scene import scene
from pages.operations.pooling.situation import TITLES, Situation
from pages.ui.download import downloads
from pages.ui.window.pictures import pictures_of
from pages.ui.window.player import Cell
from pages.ui.window.readouts import map_table, read_at, size_formula
from pages.ui.words import minus

SIZE = "⌊(size + 2·padding − dilation·(window − 1) − 1) / stride⌋ + 1"
CEILED = "⌈(size + 2·padding − dilation·(window − 1) − 1) / stride⌉ + 1"


def formula(situation: Situation, asked: str | None) -> None:
    """The output size: the names, then today's numbers in their places; hidden while it is asked.

    The player's pictures leave the page here.
    """
    up = situation.window.ceil_mode and situation.shown != "strided"
    parameters = situation.result(situation.shown).parameters
    left, right = st.columns([3, 2])
    with left:
        size_formula(CEILED if up else SIZE, situation.size_text(), hidden=asked == "size")
    with right:
        height, width = situation.weight.shape
        arithmetic = f" = {height} × {width} weights + 1 bias (0 here)" if parameters else ""
        why = "" if parameters else "\n\nPooling has no weights: training changes nothing in it."
        st.markdown(f"**Parameters to learn** = {parameters}{arithmetic}{why}")
        shown = pictures_of(scene(situation), Key.PLAYER, hide_output=asked is not None)
        downloads(shown, situation.words)


def numbers(situation: Situation, cell: Cell, asked: tuple[str | None, Cell | None]) -> None:
    """A cell's window as a table with what is made of it, then all outputs."""
    row, col = cell
    if asked[1] == (row, col):
        st.markdown("Predict the value of this cell first.")
        return
    st.markdown(f"**Output row {row}, column {col}**: the cell in the player")
    if situation.shown == "strided":
        products(situation, row, col)
    else:
        window_table(situation, row, col)
    for kind in WINDOWED:
        map_table(TITLES[kind], situation.result(kind).output)
    map_table("Input", situation.image)


def window_table(situation: Situation, row: int, col: int) -> None:
    """The window of a pooled cell: its pixels, its largest value, its mean."""
    traced = situation.trace(row, col)
    st.dataframe(
        window_frame(traced.window, traced.rows, traced.columns, winner=traced.winner, inside=traced.inside),
        hide_index=True,
    )
    where = "no pixel" if traced.winner is None else f"row {traced.winner[0]}, column {traced.winner[1]}"
    st.markdown(
        f"Largest value **{traced.maximum:.6g}**, of {where}. Sum {traced.total:.6g} ÷ {traced.count} = mean"
        f" **{traced.mean:.6g}**."
    )


def products(situation: Situation, row: int, col: int) -> None:
    """The window of a strided convolution's cell: pixel times weight."""
    traced = convolution_trace.trace(
        situation.image[None],
        situation.weight[None, None],
        None,
        row,
        col,
        stride=situation.window.stride,
        padding=situation.window.padding,
    )
    frame = window_frame(traced.window[0], traced.rows, traced.columns)
    frame["weight"] = traced.kernel.ravel().astype(float)
    frame["product"] = traced.products.ravel()
    st.dataframe(frame, hide_index=True)
    st.markdown(minus(f"The products sum to **{traced.value:.6g}**."))


def window_frame(
    window: Floats,
    rows: Integers,
    columns: Integers,
    *,
    winner: Cell | None = None,
    inside: Mask | None = None,
) -> pd.DataFrame:
    """One line for each place of a window, with the image row and column that it reads."""
    places = np.indices(window.shape).reshape(2, -1)
    frame = pd.DataFrame(
        {
            "window row": places[0],
            "window column": places[1],
            "image row": read_at(rows, places[0]),
            "image column": read_at(columns, places[1]),
            "pixel": window.ravel().astype(float),
        }
    )
    if inside is not None:
        frame.loc[~inside.ravel(), "pixel"] = None  # padding: no pixel, and it never wins
        frame["wins"] = [(rows[i], columns[j]) == winner for i, j in places.T]
    return frame


def pytorch(situation: Situation) -> None:
    """The PyTorch lines that give these very results."""
    height, width = situation.image.shape
    calls = [
        f"{kind.replace(' ', '_')} = {downsampling_source(kind, situation.window, situation.weight)}"
        for kind in KINDS
    ]
    start = [
        "import torch",
        "import torch.nn.functional as F",
        "",
        f"# x is the image: a float32 tensor of shape (1, 1, {height}, {width})",
    ]
    st.code("\n".join(start + calls), language="python")
