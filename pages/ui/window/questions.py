"""Predict first, with numbers: a question, the answer typed in, then the verdict and its reason.

A laboratory says what it asks (`Quiz`); the kinds of questions come round in turn, and other settings ask the same
kind anew. Of each session one question is kept, under the page's own keys.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages.ui.window.player import Cell, Keys

NEAR = 0.02  # a guess this near a value is right: half of it may be the reading of rounded numbers


@dataclass(frozen=True)
class Question:
    """A question as a sentence, and the number that is right in each of its fields, to within `tolerance`."""

    wording: str
    answer: dict[str, float]  # by the field's label
    reason: str
    tolerance: float = 0.0  # 0: whole numbers

    def is_right(self, given: dict[str, float]) -> bool:
        """Whether every field holds what it should."""
        return all(abs(given[label] - right) <= self.tolerance for label, right in self.answer.items())


def size_question(wording: str, shape: tuple[int, ...], reason: str) -> Question:
    """Asks for the rows and columns of an output."""
    return Question(wording, {"Rows": shape[0], "Columns": shape[1]}, reason)


def value_question(wording: str, value: float, reason: str) -> Question:
    """Asks for the value of a cell, about."""
    return Question(wording, {"Value": value}, reason, max(NEAR, 0.05 * abs(value)))


def cell_worth_asking(interest: npt.NDArray[np.float32], one_in: int, number: int) -> Cell:
    """One of the most interesting cells of `interest` `(H, W)`, one in `one_in` of all; another for each `number`."""
    best = np.argsort(-interest, axis=None, kind="stable")[: max(1, interest.size // one_in)]
    index = int(np.random.default_rng(number).choice(best))
    return index // interest.shape[1], index % interest.shape[1]


@dataclass(frozen=True)
class Quiz:
    """What a laboratory asks about what it shows; the kind "value" asks about a cell."""

    keys: Keys
    kinds: tuple[str, ...]
    signature: tuple[object, ...]  # what is asked about: with any other, it is asked anew
    cell: Callable[[int], Cell]  # worth asking about; another for each number
    question: Callable[[str, Cell], Question]  # of a kind, about a cell

    def pending(self) -> tuple[str | None, Cell | None]:
        """The kind of question that is open now, None where none is, and the cell whose value is asked."""
        if not st.session_state.get(self.keys.PREDICT):
            return None, None
        state = self._current()
        if state["verdict"] is not None:
            return None, None
        return state["kind"], state["cell"] if state["kind"] == "value" else None

    def ask(self) -> None:
        """The question, its fields and its check; after the answer, the verdict with the reason."""
        state = self._current()
        if state["verdict"] is None:
            question = self.question(state["kind"], state["cell"])
            with (
                st.form(f"{self.keys.QUESTION}-form"),
                st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
            ):
                st.markdown(f"**Predict:** {question.wording}", width="stretch")
                self._fields(question)
                st.form_submit_button("Check", type="primary", on_click=self._check, args=(question,))
            return
        right, reason = state["verdict"]
        colour, word, icon = ("green", "Right.", "check_circle") if right else ("red", "Not quite.", "cancel")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
            st.markdown(f":{colour}[:material/{icon}: **{word}**] {reason}", width="stretch")
            st.button("Next question", on_click=self._go_on, type="primary")

    def _current(self) -> dict:
        """The question of this session: its kind and number, what it is about, and the verdict on its answer."""
        state = st.session_state.get(self.keys.QUESTION)
        if state is None:
            return self._put(self.kinds[0], 0)
        return state if state["signature"] == self.signature else self._put(state["kind"], state["number"])

    def _put(self, kind: str, number: int) -> dict:
        state = {"kind": kind, "number": number, "cell": self.cell(number), "verdict": None}
        st.session_state[self.keys.QUESTION] = state | {"signature": self.signature}
        return st.session_state[self.keys.QUESTION]

    def _field_key(self, label: str) -> str:
        return f"{self.keys.ANSWER}-{label.lower()}"

    def _fields(self, question: Question) -> None:
        width = 140 if len(question.answer) == 1 else 100  # two stand beside the question and its button
        for label in question.answer:
            key = self._field_key(label)
            if question.tolerance:
                st.number_input(label, value=0.0, step=0.1, format="%.2f", key=key, width=width)
            else:
                st.number_input(label, 0, 1_000_000, 0, key=key, width=width)

    def _check(self, question: Question) -> None:
        """Compare the answer, and keep the verdict with its reason."""
        given = {label: st.session_state[self._field_key(label)] for label in question.answer}
        st.session_state[self.keys.QUESTION]["verdict"] = question.is_right(given), question.reason

    def _go_on(self) -> None:
        """The next kind of question, and another cell."""
        state = st.session_state[self.keys.QUESTION]
        following = self.kinds.index(state["kind"]) + 1
        self._put(self.kinds[following % len(self.kinds)], state["number"] + 1)
