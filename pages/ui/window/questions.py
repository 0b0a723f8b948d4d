"""The questions of a laboratory: of each kind in turn, with numbers typed in.

A laboratory says what it asks (`Quiz`); other settings ask the same kind anew. Of each session one question is kept,
under the page's own keys.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats
from pages.ui.predict import ICONS, Numbers, Question
from pages.ui.window.player import Cell, Keys

NEAR = 0.02  # a guess this near a value is right: half of it may be the reading of rounded numbers


def size_answer(shape: tuple[int, ...]) -> Numbers:
    """The rows and columns of an output."""
    return Numbers({"Rows": shape[0], "Columns": shape[1]})


def value_answer(value: float) -> Numbers:
    """The value of a cell, about."""
    return Numbers({"Value": value}, max(NEAR, 0.05 * abs(value)))


def cell_worth_asking(interest: Floats, one_in: int, number: int) -> Cell:
    """One of the most interesting cells of `interest` `(H, W)`, one in `one_in` of all; another for each `number`."""
    best = np.argsort(-interest, axis=None, kind="stable")[: max(1, interest.size // one_in)]
    index = int(np.random.default_rng(number).choice(best))
    return index // interest.shape[1], index % interest.shape[1]


class Asked(NamedTuple):
    """The question of a session: its kind and number, the cell it is about, the settings it was asked under."""

    kind: str
    number: int
    cell: Cell
    signature: tuple[object, ...]
    verdict: tuple[bool, str] | None  # on its answer: whether it is right, and what is said to it


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
        asked = self._asked()
        if asked.verdict is not None:
            return None, None
        return asked.kind, asked.cell if asked.kind == "value" else None

    def ask(self) -> None:
        """The question, its fields and its check; after the answer, the verdict with the reason."""
        asked = self._asked()
        if asked.verdict is None:
            question = self.question(asked.kind, asked.cell)
            with (
                st.form(f"{self.keys.QUESTION}-form"),
                st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
            ):
                question.answer.field(self.keys.ANSWER, f"**Predict:** {question.text}")
                st.form_submit_button("Check", type="primary", on_click=self._check, args=(question,))
            return
        right, words = asked.verdict
        with st.container(horizontal=True, vertical_alignment="center", gap="small", border=True):
            st.markdown(f":{'green' if right else 'red'}[{ICONS[right]}] {words}", width="stretch")
            st.button("Next question", on_click=self._go_on, type="primary")

    def _asked(self) -> Asked:
        """The question of this session, asked anew where the settings are others."""
        asked: Asked | None = st.session_state.get(self.keys.QUESTION)
        if asked is None:
            return self._put(self.kinds[0], 0)
        return asked if asked.signature == self.signature else self._put(asked.kind, asked.number)

    def _put(self, kind: str, number: int) -> Asked:
        asked = Asked(kind, number, self.cell(number), self.signature, None)
        st.session_state[self.keys.QUESTION] = asked
        return asked

    def _check(self, question: Question) -> None:
        """Keep the verdict on the answer; fields that are not filled yet wait."""
        given = question.answer.given(self.keys.ANSWER)
        if given is not None:
            asked: Asked = st.session_state[self.keys.QUESTION]
            st.session_state[self.keys.QUESTION] = asked._replace(verdict=question.verdict(given))

    def _go_on(self) -> None:
        """The next kind of question, and another cell."""
        asked: Asked = st.session_state[self.keys.QUESTION]
        following = self.kinds.index(asked.kind) + 1
        self._put(self.kinds[following % len(self.kinds)], asked.number + 1)
