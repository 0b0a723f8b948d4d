"""Below the player: the formula with today's values, the numbers behind the picture, the line of PyTorch."""

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.operations.torch_source import convolution_source, run_source
from pages.operations.convolution.keys import Key
from pages.operations.convolution.situation import Situation
from pages.ui.components.kernel_player import Scene
from pages.ui.download import downloads
from pages.ui.window.pictures import pictures_of
from pages.ui.window.player import Cell
from pages.ui.window.readouts import map_table, read_at, size_formula
from pages.ui.words import minus

SIZE = "⌊(size + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1"
TRANSPOSED_SIZE = "(size − 1)·stride − 2·padding + dilation·(kernel − 1) + output padding + 1"
INLINE = 150  # numbers of an image that are written into the source; a larger one is a comment


def formula(situation: Situation, scene: Scene, asked: str | None) -> None:
    """Output size and parameters: the names, then today's numbers in their places; hidden while they are asked.

    The player's pictures leave the page here.
    """
    layer = situation.settings.layer
    left, right = st.columns([6, 5])
    with left:
        names = TRANSPOSED_SIZE if layer.transposed else SIZE
        size_formula(names, situation.size_text(), hidden=asked == "size")
    with right:
        number = "Predict it first." if asked == "parameters" else f"= {situation.parameters_text}"
        st.markdown(f"**Parameters** = filters × (channels × rows × columns + 1)\n\n{number}")
        shown = pictures_of(scene, Key.PLAYER, hide_output=asked is not None)
        downloads(shown, situation.words)
        if situation.given.steps:
            st.markdown("Pixels are in steps of 0.1 here: every printed sum is exact.")
            st.button("Exact pixels", on_click=_take_exact_pixels)
    if layer.transposed:
        st.markdown(
            "Every input cell stamps the kernel, times its value, onto the output, stride apart. Seen from one output"
            " cell that is a convolution: over the input with zeros between its pixels, the kernel turned half round."
        )
        if min(situation.seen.offset) < 0:
            st.markdown(
                "Padding of more than dilation·(kernel − 1) cuts off the input's own edge: no output cell reads it."
            )
    unread = int(situation.seen.unread.sum())
    if unread:
        st.markdown(
            f"No window reads {unread:,} of the {situation.seen.unread.size:,} pixels: they are hatched. The division"
            " is floored or the steps jump over them; that is no error."
        )


def _take_exact_pixels() -> None:
    st.session_state[Key.EXACT] = True


def numbers(situation: Situation, cell: Cell, asked: tuple[str | None, Cell | None]) -> None:
    """A cell term by term, then input, kernel and output as tables."""
    output = situation.seen.output
    row, col = cell
    if asked[1] == (row, col):
        st.markdown("Predict the value of this cell first.")
        return
    trace = situation.trace(row, col)
    names = [situation.given.channels[c] for c in trace.channels]
    st.markdown(f"**Output row {row}, column {col}**: the cell in the player")
    places = np.indices(trace.window.shape).reshape(3, -1)
    st.dataframe(
        pd.DataFrame(
            {
                "channel": [names[c] for c in places[0]],
                "kernel row": places[1],
                "kernel column": places[2],
                "image row": read_at(trace.rows, places[1]),
                "image column": read_at(trace.columns, places[2]),
                "pixel": trace.window.ravel().astype(float),
                "weight": trace.kernel.ravel().astype(float),
                "product": trace.products.ravel(),
            }
        ),
        hide_index=True,
    )
    sums = "".join(f" {name} {total:+.6g}" for name, total in zip(names, trace.channel_sums))
    st.markdown(minus(f"Channel sums:{sums}; bias {trace.bias:+.6g}; together **{trace.value:.6g}**."))
    map_table("Output", output)
    for c, name in zip(situation.seen.channels, names):
        map_table(f"Input, {name}", situation.given.image[c])


def pytorch(situation: Situation) -> None:
    """The line of PyTorch that gives this result, and a run of it."""
    image = situation.given.image
    code = convolution_source(
        situation.settings.layer, situation.weights, situation.settings.biases, image.shape[1:]
    )
    if image.size <= INLINE:
        given = f"x = torch.tensor({np.round(image, 6).tolist()})[None]"
    else:
        given = f"# x is the image: a float32 tensor of shape {(1, *image.shape)}"
    st.code(code.replace("\n\n", f"\n\n{given}\n", 1), language="python")
    if st.button("Run it here and compare", key=Key.RUN_TORCH):
        expected = run_source(code, image)
        difference = float(np.abs(expected - situation.output()).max())
        st.markdown(
            f"torch gives {expected.shape[0]} × {expected.shape[1]} × {expected.shape[2]} numbers; the largest"
            f" difference from the ones shown here is {difference:.2g}."
        )
