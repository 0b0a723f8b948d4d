"""Predict first: a question before the numbers that answer it; then the verdict, and the reason.

A `Question` is one value. Its right answer is computed from what the page shows, and its key says what was asked
about, so that the answers of many can be counted under it. How it is asked follows from the kind of its answer.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from pages.ui.link import in_link
from pages.ui.words import NO_BREAK

Given = str | Mapping[str, float]  # an option, a text, or a number by the label of its field

ICONS = {True: ":material/check_circle:", False: ":material/cancel:"}


@dataclass(frozen=True)
class Choice:
    """One of some options."""

    options: tuple[str, ...]
    right: str

    def field(self, key: str, text: str) -> None:
        """The options under `text`."""
        st.pills(f":material/psychology_alt: {text}", self.options, key=key, wrap=True)

    def given(self, key: str) -> Given | None:
        """The one chosen, None where none is."""
        chosen: str | None = st.session_state.get(key)
        return chosen

    def accepts(self, given: Given) -> bool:
        """Whether it is the right one."""
        return given == self.right


@dataclass(frozen=True)
class Numbers:
    """A number in each field, by the field's label, right to within `tolerance`; 0 asks for whole numbers."""

    right: Mapping[str, float]
    tolerance: float = 0.0

    def field(self, key: str, text: str) -> None:
        """`text`, and the fields after it."""
        if text:
            st.markdown(text, width="stretch")
        width = 140 if len(self.right) == 1 else 100  # two stand beside their question and its button
        for label in self.right:
            its = f"{key}-{label.lower()}"
            if self.tolerance:
                st.number_input(label, value=None, step=0.1, format="%.2f", key=its, width=width)
            else:
                st.number_input(label, 0, value=None, key=its, width=width)

    def given(self, key: str) -> Given | None:
        """What is in the fields, None until all are filled."""
        found: dict[str, float | None] = {
            label: st.session_state.get(f"{key}-{label.lower()}") for label in self.right
        }
        known = {label: number for label, number in found.items() if number is not None}
        return known if len(known) == len(found) else None

    def accepts(self, given: Given) -> bool:
        """Whether every field holds what it should."""
        return isinstance(given, Mapping) and all(
            abs(given[label] - right) <= self.tolerance for label, right in self.right.items()
        )


@dataclass(frozen=True)
class Sizes:
    """The sizes of an array, typed as text: "32×28×28", whatever stands between them."""

    label: str
    right: tuple[int, ...]

    def field(self, key: str, text: str) -> None:
        """`text`, and a field after it."""
        if text:
            st.markdown(text, width="stretch")
        st.text_input(self.label, key=key, placeholder="channels×height×width", width=200)

    def given(self, key: str) -> Given | None:
        """What is in the field, None where nothing is."""
        typed: str = st.session_state.get(key) or ""
        return typed or None

    def accepts(self, given: Given) -> bool:
        """Whether these are the numbers in it, in their order."""
        numbers = re.findall(r"[0-9]{1,7}", given) if isinstance(given, str) else []
        return tuple(int(number) for number in numbers) == self.right


@dataclass(frozen=True)
class Question:
    """A question, its answer, and the reason for it.

    Args:
        key: names what is asked about, in every session alike; it changes with the situation. Its field's key.
        text: the question, in Markdown.
        answer: what is right, and how it is given.
        reason: why, with the numbers of the page.
        hint: of a question that is asked until it is right: what a wrong answer is told in the place of the reason.
    """

    key: str
    text: str
    answer: Choice | Numbers | Sizes
    reason: str
    hint: str = ""

    def ask(self) -> Given | None:
        """Show the question with its field; returns what is in it, or None."""
        self.answer.field(self.key, self.text)
        return self.answer.given(self.key)

    def verdict(self, given: Given) -> tuple[bool, str]:
        """Whether the answer is right, and what is said to it, in Markdown."""
        right = self.answer.accepts(given)
        told = self.answer.right if isinstance(self.answer, Choice) else ""
        if right:
            return True, f"**Right{f': {told}' if told else ''}.** {self.reason}"
        if self.hint:
            return False, f"**Not yet.** {self.hint}"
        return False, f"**Not quite{f': it is {told}' if told else ''}.** {self.reason}"


def predict_toggle(key: str, help: str | None = None) -> bool:
    """The switch that a teacher sets, and that stands in the link."""
    return st.toggle("Predict first", help=help, **in_link(key))


def predict_first(on: bool, question: Question) -> bool:
    """Ask, and say whether the answer may be shown by now.

    True where predicting is off, or once an answer was given, and a right one where there is a hint; the verdict then
    stands under the question.
    """
    if not on:
        return True
    given = question.ask()
    if given is None:
        st.caption("Choose an answer; the result appears then.")
        return False
    right = show_verdict(question, given)
    return right or not question.hint


def show_verdict(question: Question, given: Given) -> bool:
    """The verdict on an answer, in a line where more answers may follow; returns whether it is right."""
    right, words = question.verdict(given)
    if question.hint:
        st.markdown(f":{'green' if right else 'orange'}[{ICONS[right]}] {words}")
    else:
        (st.success if right else st.error)(words, icon=ICONS[right])
    return right


def share_bands(share: float) -> Choice:
    """The four quarters of 0 to 100 % as options, and the one that a share in 0..1 lies in."""
    options = tuple(f"{band}{NO_BREAK}%" for band in ("less than 25", "25 to 50", "50 to 75", "more than 75"))
    return Choice(options, options[min(int(share * 4), 3)])


def digest(*parts: object) -> str:
    """A short text for the key of a question about these values, the same in every session."""
    return hashlib.sha1(repr(parts).encode()).hexdigest()[:12]
