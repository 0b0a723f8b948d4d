"""Predict first: a question before the numbers that answer it, and the reason after."""

from collections.abc import Sequence

import streamlit as st


def predict_toggle(key: str) -> bool:
    """The switch that a teacher sets, and that stands in the link."""
    return st.toggle("Predict first", key=key, bind="query-params", persist_state="session")


def predict_first(
    on: bool, question: str, options: Sequence[str], answer: str, reason: str, *, key: str
) -> bool:
    """Ask `question`, and say whether its answer may be shown by now.

    True where predicting is off or an option has been chosen; the verdict and the `reason` then stand under
    the question. `key` must change with the situation asked about, so that a new one is a new question.
    """
    if not on:
        return True
    chosen = st.pills(f":material/psychology_alt: {question}", options, key=key, wrap=True)
    if chosen is None:
        st.caption("Choose an answer; the result appears then.")
        return False
    if chosen == answer:
        st.success(f"Right: {answer}. {reason}", icon=":material/check_circle:")
    else:
        st.error(f"Not this time: the answer is {answer}. {reason}", icon=":material/cancel:")
    return True


def share_bands(share: float) -> tuple[list[str], str]:
    """The four quarters of 0 to 100% as options, and the one that a share in 0..1 lies in."""
    options = ["less than 25%", "25 to 50%", "50 to 75%", "more than 75%"]
    return options, options[min(int(share * 4), 3)]
