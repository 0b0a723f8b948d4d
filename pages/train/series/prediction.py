"""What do you expect? Asked before the scores are seen; the verdict comes with the last run."""

from collections.abc import Sequence

import streamlit as st

from cnn_core.runs.series import Series
from cnn_core.series.outcomes import Outcome, ranked
from pages.train.series.keys import Key
from pages.ui.predict import Choice, Question, predict_toggle, show_verdict
from pages.ui.words import as_text, count

APART = {0.001: "less than 0.1 points", 0.01: "0.1 to 1 point", 0.05: "1 to 5 points"}
FAR = "more than 5 points"


def predicting() -> None:
    """The switch that asks first."""
    predict_toggle(Key.PREDICT)


def may_be_seen(on: bool, series: Series, outcomes: Sequence[Outcome], reason: str, ended: bool) -> bool:
    """Ask, where predicting is `on`; whether the scores may be shown. The verdict stands there once all has `ended`."""
    if not on:
        return True
    question = _spread(series, outcomes, reason) if len(outcomes) == 1 else _best(series, outcomes, reason)
    given = question.ask()
    if given is None:
        st.caption("Choose an answer; the scores appear then.")
        return False
    if ended and ranked(outcomes):
        show_verdict(question, given)
    else:
        st.caption(f"You expect: {given}. The verdict comes with the last run.")
    return True


def _best(series: Series, outcomes: Sequence[Outcome], reason: str) -> Question:
    options = tuple(dict.fromkeys(as_text(one.label) for one in outcomes))
    best = ranked(outcomes)
    right = as_text(best[0].label) if best else ""
    text = "Which of them will be right most often on the test images?"
    return Question(f"{Key.GUESS}-{series.id}", text, Choice(options, right), reason)


def _spread(series: Series, outcomes: Sequence[Outcome], reason: str) -> Question:
    values = [score.accuracy for score in outcomes[0].scores]
    apart = max(values) - min(values) if values else 0.0
    right = next((words for most, words in APART.items() if apart < most), FAR)
    text = f"How far apart will the best and the worst of {count(len(series.runs), 'seed')} be?"
    return Question(f"{Key.GUESS}-{series.id}", text, Choice((*APART.values(), FAR), right), reason)
