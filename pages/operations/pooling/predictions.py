"""What is asked of pooling: the output's size, a cell's value, the pixels that a gradient reaches."""

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from pages.operations.pooling.keys import Key
from pages.operations.pooling.situation import TITLES, Situation
from pages.ui.predict import Numbers, Question, digest
from pages.ui.window.player import Cell
from pages.ui.window.questions import Quiz, cell_worth_asking, size_answer, value_answer
from pages.ui.words import plain

KINDS = ("size", "value", "pixels")
# The parts that give away what is asked.
ANSWERED_IN = {"size": {"Side by side", "Shift test", "Numbers"}, "pixels": {"Gradient", "Common mistakes"}}


def quiz(situation: Situation) -> Quiz:
    """The questions about this situation."""
    return Quiz(
        Key, KINDS, situation.signature, partial(varied_cell, situation), partial(question, situation)
    )


def varied_cell(situation: Situation, number: int) -> Cell:
    """A cell worth asking for: its window holds different values. Another for each `number`."""
    largest, mean = (situation.result(kind).output for kind in ("max", "average"))
    rows, columns = situation.result(situation.shown).output.shape
    return cell_worth_asking((largest - mean)[:rows, :columns], 5, number)


def question(situation: Situation, kind: str, cell: Cell) -> Question:
    """The question of a kind, with its answer and the reason."""
    key = f"{Key.QUESTION}-{kind}-{digest(situation.signature, cell if kind == 'value' else None)}"
    height, width = situation.image.shape
    operation = TITLES[situation.shown].lower()
    result = situation.result(situation.shown)
    if kind == "size":
        rows, columns = situation.size_text()
        return Question(
            key,
            f"how many rows and columns does {operation} make of {height} × {width} pixels?",
            size_answer(result.output.shape),
            f"Rows = {rows}; columns = {columns}.",
        )
    if kind == "value":
        return Question(
            key,
            f"the window of row {cell[0]}, column {cell[1]} is shown. What does {operation} make of it?",
            value_answer(float(result.output[cell])),
            value_reason(situation, cell),
        )
    return Question(
        key,
        f"every output cell sends a gradient back. How many of the {height * width:,} pixels does it"
        f" reach through {operation}?",
        Numbers({"Pixels": result.reached}),
        reached_reason(situation),
    )


def value_reason(situation: Situation, cell: Cell) -> str:
    """Where a cell's value comes from, in a sentence."""
    value = plain(situation.result(situation.shown).output[cell])
    if situation.shown == "strided":
        return f"Its window times the kernel sums to {value}: the player has the products."
    traced = situation.trace(*cell)
    if situation.shown == "max" and traced.winner is not None:
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


def without_answers(
    parts: Mapping[str, Callable[[], None]], asked: str | None
) -> dict[str, Callable[[], None]]:
    """The parts of the page, and a sentence in the place of those that give away the kind of question asked now."""
    hidden = ANSWERED_IN.get(asked or "", set())
    return {name: _hide if name in hidden else show for name, show in parts.items()}


def _hide() -> None:
    st.markdown("Predict first: the answer stands here.")
