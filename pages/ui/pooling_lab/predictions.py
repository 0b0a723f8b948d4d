"""Predict first: the output's size, a cell's value, the pixels that a gradient reaches; then the reason."""

import numpy as np
import streamlit as st

from cnn_core import pooling
from pages.ui.pooling_lab.situation import TITLES, Situation
from pages.ui.state import PoolingKey as Key

Cell = tuple[int, int]

KINDS = ("size", "value", "reached")
NEAR = 0.02  # a guess this near a value is right: half of it may be the reading of rounded numbers


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
    state = st.session_state.get(Key.QUESTION)
    if state is None or state["signature"] != situation.signature:
        old = state or {"kind": KINDS[0], "number": 0}
        state = {"kind": old["kind"], "number": old["number"], "verdict": None}
        state["signature"] = situation.signature
        state["cell"] = varied_cell(situation, state["number"])
        st.session_state[Key.QUESTION] = state
    return state


def varied_cell(situation: Situation, number: int) -> Cell:
    """A cell worth asking for: its window holds different values. Another for each `number`."""
    largest, mean = (situation.result(kind).output for kind in ("max", "average"))
    shape = situation.result(situation.shown).output.shape
    spread = (largest - mean)[: shape[0], : shape[1]]
    best = np.argsort(-spread, axis=None, kind="stable")[: max(1, spread.size // 5)]
    index = int(np.random.default_rng(number).choice(best))
    return index // spread.shape[1], index % spread.shape[1]


def ask(situation: Situation) -> None:
    """The question, its fields and its check; after the answer, the verdict with the reason."""
    state = current(situation)
    if state["verdict"] is None:
        with (
            st.form(f"{Key.QUESTION}-form"),
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
    height, width = situation.image.shape
    operation = TITLES[situation.shown].lower()
    if state["kind"] == "size":
        return f"**Predict:** how many rows and columns does {operation} make of {height} × {width} pixels?"
    if state["kind"] == "value":
        row, col = state["cell"]
        return (
            f"**Predict:** the window of row {row}, column {col} is shown. What does {operation} make of it?"
        )
    return (
        f"**Predict:** every output cell sends a gradient back. How many of the {height * width:,} pixels does it"
        f" reach through {operation}?"
    )


def fields(kind: str) -> None:
    """The fields of the answer, side by side."""
    if kind == "size":
        st.number_input("Rows", 0, 999, 0, key=f"{Key.ANSWER}-rows", width=120)
        st.number_input("Columns", 0, 999, 0, key=f"{Key.ANSWER}-columns", width=120)
    elif kind == "value":
        st.number_input("Value", value=0.0, step=0.1, format="%.2f", key=f"{Key.ANSWER}-value", width=140)
    else:
        st.number_input("Pixels", 0, 1_000_000, 0, key=f"{Key.ANSWER}-pixels", width=140)


def check(situation: Situation) -> None:
    """Compare the answer, and keep the verdict with its reason."""
    state = st.session_state[Key.QUESTION]
    result = situation.result(situation.shown)

    def answer(name: str) -> float:
        return st.session_state[f"{Key.ANSWER}-{name}"]

    if state["kind"] == "size":
        rows, columns = situation.size_text()
        right = (answer("rows"), answer("columns")) == result.output.shape
        state["verdict"] = right, f"Rows = {rows}; columns = {columns}."
    elif state["kind"] == "value":
        value = float(result.output[state["cell"]])
        right = abs(answer("value") - value) <= max(NEAR, 0.05 * abs(value))
        state["verdict"] = right, value_reason(situation, state["cell"])
    else:
        state["verdict"] = answer("pixels") == result.reached, reached_reason(situation)


def value_reason(situation: Situation, cell: Cell) -> str:
    """Where a cell's value comes from, in a sentence."""
    window = situation.window
    value = f"{situation.result(situation.shown).output[cell]:.2f}".replace("-", "−")
    if situation.shown == "strided":
        return f"Its window times the kernel sums to {value}: the player has the products."
    traced = pooling.trace(
        situation.image[None],
        *cell,
        0,
        window.kernel_size,
        window.stride,
        window.padding,
        ceil_mode=window.ceil_mode,
        count_include_pad=window.count_include_pad,
    )
    if situation.shown == "max":
        return f"The largest value of its window is {value}, at row {traced.winner[0]}, column {traced.winner[1]}."
    return f"Its window sums to {traced.total:.2f}; divided by {traced.count} that is {value}."


def reached_reason(situation: Situation) -> str:
    """Why a gradient reaches as many pixels as it does."""
    result = situation.result(situation.shown)
    count, cells = f"{result.reached:,}", f"{result.output.size:,}"
    if situation.shown == "max":
        return f"{count}: each of the {cells} windows hands everything to its winner, and some may share one."
    if situation.shown == "average":
        return f"{count}: every pixel that some window reads gets its share."
    return f"{count}: every pixel that meets a weight other than 0."


def go_on(situation: Situation) -> None:
    """The next kind of question, and another cell."""
    state = st.session_state[Key.QUESTION]
    state["kind"] = KINDS[(KINDS.index(state["kind"]) + 1) % len(KINDS)]
    state["number"] += 1
    state["verdict"] = None
    state["cell"] = varied_cell(situation, state["number"])
