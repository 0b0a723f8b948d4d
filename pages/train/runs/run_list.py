"""The list of runs: a box each, which lays it beside the others; what is compared bears its letter."""

import streamlit as st

from cnn_core.limits import SHOWS_ONLY, limits
from cnn_core.runs.listing import RunHead
from cnn_core.runs.naming import SEPARATOR
from pages.train.runs import choice
from pages.train.runs.choice import Heads, Listing
from pages.train.runs.keys import Key
from pages.ui import run_state
from pages.ui.predict import digest
from pages.ui.run_names import run_name, told_apart
from pages.ui.site import link_to
from pages.ui.words import as_text, count

SEARCHED = 12  # runs from which on they can be searched
LONGEST_NOTE = 60  # letters of a note in the list


def nothing() -> None:
    """What stands where no run is."""
    trains = "Train a network first, then one more with a change." if limits().trains else SHOWS_ONLY
    st.info(f"Your runs will be here, side by side. {trains}", icon=":material/compare_arrows:")
    if limits().trains:
        link_to("builder", "Build and train one")


def run_list(runs: Listing, heads: Heads) -> None:
    """The boxes, in three groups where there are three."""
    wanted = ""
    if len(runs.all) > SEARCHED:
        wanted = st.text_input(
            "Find", key=Key.FIND, placeholder="Find by name or note", label_visibility="collapsed"
        )
    names = told_apart({run.id: run_name(run) for run in runs.all})
    letters = {run.id: letter for letter, run in heads.items()}
    groups = {"Yours": runs.own, "Opened by a link": runs.linked, "The server's": runs.servers}
    for title, group in groups.items():
        found = [run for run in group if _fits(run, names[run.id], wanted)]
        if found and (group is not runs.own or len(found) < len(runs.all)):
            st.caption(title)
        for run in found:
            _box(run, names[run.id], letters.get(run.id, ""))
    if runs.older and not wanted:
        st.button(
            f"{count(runs.older, 'older run')}: show more", key=Key.OLDER, on_click=_more, type="tertiary"
        )


def _more() -> None:
    st.session_state[Key.MOST] = st.session_state.get(Key.MOST, choice.MORE) + choice.MORE


def _fits(run: RunHead, name: str, wanted: str) -> bool:
    text = f"{name} {run.note} {run.status}".casefold()
    return all(word in text for word in wanted.casefold().split())


def box_key(run_id: str) -> str:
    """The key of a run's box; an id may hold anything."""
    return f"{Key.PICK}-{digest(run_id)}"


def _box(run: RunHead, name: str, letter: str) -> None:
    key = box_key(run.id)
    st.session_state[key] = bool(letter)
    in_name = run.status == "finished" and run.accuracy is not None and not run.named
    about = ("" if in_name else run_state.words(run), "kept" if run.kept else "", run.note)
    # Plain text: a screen reader is given the label as it stands here.
    parts = (letter, as_text(name), *(as_text(part, LONGEST_NOTE) for part in about))
    st.checkbox(
        SEPARATOR.join(part for part in parts if part),
        key=key,
        disabled=bool(run.damaged),
        on_change=choice.toggle,
        args=(run.id,),
    )
