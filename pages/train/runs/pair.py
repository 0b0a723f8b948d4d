"""The two runs that are set against each other, of those that are compared."""

from collections.abc import Mapping

import streamlit as st

from cnn_core.runs.history import Run
from pages.train.runs.keys import Key
from pages.ui.controls import segments


def pick_pair(runs: Mapping[str, Run]) -> tuple[str, str]:
    """Two letters of these runs, of which there are two or more."""
    letters = list(runs)
    if len(letters) == 2:
        return letters[0], letters[1]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        first = _one("This run", Key.FIRST, letters, letters[0])
        others = [letter for letter in letters if letter != first]
        second = _one("and that", Key.SECOND, others, others[0])
    return first, second


def _one(label: str, key: str, letters: list[str], default: str) -> str:
    if st.session_state.get(key) not in letters:
        st.session_state.pop(key, None)
    return segments(label, letters, key, default)


def tested(runs: Mapping[str, Run]) -> dict[str, Run]:
    """Those that have test scores."""
    return {letter: run for letter, run in runs.items() if run.test is not None}


def same_images(first: Run, second: Run) -> bool:
    """Whether both were tested on the same images."""
    return (
        first.settings.dataset == second.settings.dataset
        and first.test is not None
        and second.test is not None
        and first.test["images"] == second.test["images"]
    )
