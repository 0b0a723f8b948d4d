"""Which run is travelled through, and which of its moments the link names."""

import streamlit as st

from cnn_core.limits import SHOWS_ONLY, limits
from cnn_core.runs import listing
from cnn_core.runs.listing import RunHead
from cnn_core.runs.moments import Moment
from pages.train.travel.keys import Key
from pages.ui import run_state
from pages.ui.keys import Shared
from pages.ui.link import link_is_new, linked, put_in_link, went_back
from pages.ui.network.keys import NetworkKey
from pages.ui.own_runs import own
from pages.ui.predict import predict_toggle
from pages.ui.run_names import run_name, told_apart
from pages.ui.site import link_to

PLACE = r"\d{1,6}\.\d{1,6}"  # a moment in a link
QUICK = {str(NetworkKey.DATASET): "Digits"}  # built in, and trained within seconds


def ask_first() -> None:
    """Whether to predict first."""
    predict_toggle(Key.GUESS, "When does it learn? Answer first, then travel.")


def pick_run() -> RunHead | None:
    """The run that is chosen; None, with a sentence and the way to one, where there is none."""
    if link_is_new(Key.RUN) and (Key.RUN in st.query_params or went_back()):
        st.session_state[Key.RUN] = st.query_params.get(Key.RUN)
    runs = _runs()
    if not runs:
        nothing("Curves, filters, maps and the confusion matrix of a training will be here, at every moment.")
        put_in_link(Key.RUN, None)
        return None
    chosen = st.session_state.get(Key.RUN)
    if chosen not in runs:
        chosen = st.session_state.get(Shared.RUN)
    if chosen not in runs:
        chosen = next((key for key, run in runs.items() if run.has_model), next(iter(runs)))
    st.session_state[Key.RUN] = chosen
    put_in_link(Key.RUN, chosen)
    return runs[chosen]


def nothing(what: str) -> None:
    """Say that there is nothing to see, what would be, and offer to train."""
    trains = "Train one of the built-in digits: that takes seconds." if limits().trains else SHOWS_ONLY
    shipped = "A shipped network has no epochs left to travel through."
    st.info(f"{what} {trains} {shipped}", icon=":material/history:")
    if limits().trains:
        link_to("builder", "Build and train one", QUICK)


def run_control() -> None:
    """The list of runs; another one is the whole page's."""
    runs = _runs()
    st.session_state[Key.PICKER] = st.session_state[Key.RUN]
    names = told_apart(
        {key: f"{run_name(run)} ({run_state.LOOKS[run.status].words})" for key, run in runs.items()}
    )
    st.selectbox(
        "Run",
        list(runs),
        format_func=names.__getitem__,
        key=Key.PICKER,
        on_change=_take,
        label_visibility="collapsed",
        width=290,
    )


def _take() -> None:
    st.session_state[Key.RUN] = st.session_state[Key.PICKER]
    st.session_state[Key.MOMENT] = None


def _runs() -> dict[str, RunHead]:
    """Those that have begun, each once, by their ids."""
    linked_run = st.session_state.get(Key.RUN)
    named = listing.head(linked_run) if linked_run else None
    every = (*own().runs, *([] if named is None else [named]), *listing.servers().runs)
    return {run.id: run for run in every if run.status != "queued" and not run.damaged}


def moment(found: list[Moment]) -> int:
    """The index of the moment that was chosen last, or that the link names; the last one where none is."""
    if link_is_new(Key.MOMENT):
        st.session_state[Key.OPENED] = st.session_state.get(Key.OPENED, 0) + 1
        named = linked(Key.MOMENT, PLACE)
        if named is not None or went_back():
            st.session_state[Key.MOMENT] = named
    places = [one.place for one in found]
    chosen = st.session_state.get(Key.MOMENT)
    at = places.index(chosen) if chosen in places else len(places) - 1
    put_in_link(Key.MOMENT, places[at] if at < len(places) - 1 else None)
    return at


def put_moment(epoch: int, step: int) -> None:
    """Choose a moment: the slider was let go there."""
    st.session_state[Key.MOMENT] = f"{epoch}.{step}"
