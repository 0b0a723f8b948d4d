"""A linear layer as the matrix that it is: a row for each output, a column for each input."""

from collections.abc import Sequence

import streamlit as st

from cnn_core.figures.picture import of_maps
from cnn_core.inside.filters import WeightMatrix
from cnn_core.pictures import symmetric_limit
from pages.inside.filters.keys import Key
from pages.inside.filters.matrix import matrix
from pages.ui.link import in_link
from pages.ui.twin import twin
from pages.ui.words import plain

MOST_CELLS = 1_000_000  # that a browser is sent: 4 MB


def pick_weight(output: int, column: int, folded: int) -> None:
    """A click on the matrix moves both pickers."""
    st.session_state[Key.OUTPUT], st.session_state[Key.INPUT] = output, column * folded


def show_linear(weights: WeightMatrix, classes: Sequence[str], source: str) -> None:
    """The matrix, a weight of it chosen, its words and tables; `classes` name the outputs of the last layer."""
    outputs, inputs = weights.weight.shape
    named = len(classes) == outputs
    picture_at = st.container(key=Key.PLACE)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        output = st.number_input("Output", 0, outputs - 1, **in_link(Key.OUTPUT), width=130)
        read = st.number_input("Input", 0, inputs - 1, **in_link(Key.INPUT), width=130)
    values, folded = weights.folded(MOST_CELLS)
    limit = symmetric_limit(weights.weight)
    names = list(classes) if named else [str(index) for index in range(outputs)]
    title = f"{weights.name}.weight · {outputs:,} outputs × {inputs:,} inputs"
    with picture_at:
        matrix(
            values,
            key=Key.MATRIX,
            identity=weights.name,
            title=title,
            names=names,
            prefix="class " if named else "output ",
            limit=limit,
            scope="this layer",
            folded=folded,
            chosen=(output, read // folded),
            on_pick=lambda row, column: pick_weight(row, column, folded),
        )
    bias = "" if weights.bias is None else f" Its bias is {plain(weights.bias[output], 4)}."
    what = f"class {names[output]}" if named else f"output {output}"
    here = f"`{weights.name}.weight[{output}, {read}]` is {plain(weights.weight[output, read], 4)}"
    st.markdown(
        f"{here}: what one more of input {read} adds to {what}.{bias} Every output reads **every** input: "
        f"{weights.parameters_text()} parameters. Numbers start at 0, as in PyTorch."
    )
    picture = of_maps(
        Key.MATRIX,
        f"Weights of {weights.name}",
        weights.weight[None],
        limits=(-limit, limit),
        scope="this layer",
    )
    tables = {f"Row {output}, the weights of {what}": weights.weight[output][None]}
    twin(
        "All of this as tables",
        {**tables, f"Every output of {weights.name}": weights.table()},
        [picture],
        source,
    )
