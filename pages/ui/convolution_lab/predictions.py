"""Predict first: the output's size, a cell's value, the number of parameters; then the answer and its reason."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnn_core.convolution_layer import View
from pages.ui.convolution_lab.input_image import Input
from pages.ui.convolution_lab.settings import Settings
from pages.ui.state import ConvolutionKey as Key

Cell = tuple[int, int]

KINDS = ("size", "value", "parameters")
NEAR = 0.02  # a guess this near a value is right: half of it may be the reading of rounded numbers


@dataclass(frozen=True)
class Situation:
    """What is asked about: the settings with their image and weights, and the filter at work."""

    given: Input
    settings: Settings
    weights: np.ndarray
    biases: np.ndarray
    seen: View

    @property
    def kernel_size(self) -> Cell:
        """Rows and columns of the kernel."""
        return self.weights.shape[2], self.weights.shape[3]


def pending(situation: Situation) -> tuple[str | None, Cell | None]:
    """The kind of question that is open now, None where none is, and the cell whose value is asked."""
    if not st.session_state.get(Key.PREDICT):
        return None, None
    state = current(situation)
    if state["verdict"] is not None:
        return None, None
    return state["kind"], state["cell"] if state["kind"] == "value" else None


def current(situation: Situation) -> dict:
    """The question of this session; other settings ask the same kind of question anew."""
    signature = (
        situation.settings,
        situation.given.caption,
        situation.given.image.shape,
        situation.weights.tobytes(),
    )
    state = st.session_state.get(Key.QUESTION)
    if state is None or state["signature"] != signature:
        state = {
            "kind": KINDS[0] if state is None else state["kind"],
            "number": 0 if state is None else state["number"],
            "signature": signature,
            "verdict": None,
        }
        state["cell"] = interesting_cell(situation.seen.output, state["number"])
        st.session_state[Key.QUESTION] = state
    return state


def interesting_cell(output: np.ndarray, number: int) -> Cell:
    """A cell whose value is worth asking for: one of the third that answers strongest, another for each `number`."""
    strongest = np.argsort(-np.abs(output), axis=None, kind="stable")[: max(1, output.size // 3)]
    index = int(np.random.default_rng(number).choice(strongest))
    return index // output.shape[1], index % output.shape[1]


def ask(situation: Situation) -> None:
    """The question, its fields and its check; after the answer, the verdict with the reason."""
    state = current(situation)
    if state["verdict"] is None:
        with (
            st.form(Key.QUESTION + "-form", enter_to_submit=True),
            st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
        ):
            st.markdown(wording(situation, state), width="stretch")
            fields(state["kind"])
            st.form_submit_button("Check", type="primary", on_click=check, args=(situation,))
        return
    right, reason = state["verdict"]
    colour, word, icon = ("green", "Right.", "check_circle") if right else ("red", "Not quite.", "cancel")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
        st.markdown(f":{colour}[:material/{icon}: **{word}**] {reason}", width="stretch")
        st.button("Next question", on_click=go_on, args=(situation,), type="primary")


def wording(situation: Situation, state: dict) -> str:
    """The question as a sentence."""
    height, width = situation.given.image.shape[1:]
    if state["kind"] == "size":
        return f"**Predict:** how many rows and columns does the output of {height} × {width} pixels have?"
    if state["kind"] == "value":
        row, col = state["cell"]
        return f"**Predict:** window and kernel of row {row}, column {col} are shown. What is its value?"
    rows, columns = situation.kernel_size
    filters, channels = situation.settings.filters, len(situation.given.channels)
    return (
        f"**Predict:** how many parameters have {filters} filter{'s' * (filters > 1)} of {rows} × {columns} on"
        f" {channels} channel{'s' * (channels > 1)}, biases included?"
    )


def fields(kind: str) -> None:
    """The fields of the answer, side by side."""
    if kind == "size":
        st.number_input("Rows", 0, 999, 0, key=f"{Key.ANSWER}-rows", width=120)
        st.number_input("Columns", 0, 999, 0, key=f"{Key.ANSWER}-columns", width=120)
    elif kind == "value":
        st.number_input("Value", value=0.0, step=0.1, format="%.2f", key=f"{Key.ANSWER}-value", width=140)
    else:
        st.number_input("Parameters", 0, 1_000_000, 0, key=f"{Key.ANSWER}-parameters", width=140)


def check(situation: Situation) -> None:
    """Compare the answer, and keep the verdict with its reason."""
    state = st.session_state[Key.QUESTION]
    layer, weights = situation.settings.layer, situation.weights
    if state["kind"] == "size":
        answers = tuple(st.session_state[f"{Key.ANSWER}-{name}"] for name in ("rows", "columns"))
        rows, columns = layer.size_text(situation.given.image.shape[1:], situation.kernel_size)
        state["verdict"] = answers == situation.seen.output.shape, f"Rows {rows}; columns {columns}."
    elif state["kind"] == "value":
        row, col = state["cell"]
        value = float(situation.seen.output[row, col])
        near = max(NEAR, 0.05 * abs(value))
        answer = st.session_state[f"{Key.ANSWER}-value"]
        state["verdict"] = abs(answer - value) <= near, value_reason(situation, state["cell"])
    else:
        filters, channels = situation.settings.filters, len(situation.given.channels)
        text = layer.parameters_text(channels, filters, situation.kernel_size)
        right = st.session_state[f"{Key.ANSWER}-parameters"] == layer.parameters(
            channels, filters, weights.shape[2:]
        )
        state["verdict"] = right, f"Filters × (channels read × rows × columns + 1 bias): {text}."


def value_reason(situation: Situation, cell: Cell) -> str:
    """The positive products, the negative ones, the bias: they add up as printed."""
    printed = situation.settings.layer.trace(
        situation.given.image, situation.weights, situation.biases, *cell, situation.settings.shown
    ).printed(2)
    up = sum((product for product in printed.products if product > 0), start=0 * printed.value)
    down = sum((product for product in printed.products if product < 0), start=0 * printed.value)
    terms = f"The positive products sum to {up}, the negative ones to {down}: {up} − {-down}"
    for amount, name in ((printed.bias, "bias"), (printed.rounding, "rounding")):
        if amount:
            terms += f" {'−' if amount < 0 else '+'} {abs(amount)} ({name})"
    return f"{terms} = {printed.value}.".replace("-", "−")


def go_on(situation: Situation) -> None:
    """The next kind of question, and another cell."""
    state = st.session_state[Key.QUESTION]
    state["kind"] = KINDS[(KINDS.index(state["kind"]) + 1) % len(KINDS)]
    state["number"] += 1
    state["verdict"] = None
    state["cell"] = interesting_cell(situation.seen.output, state["number"])
