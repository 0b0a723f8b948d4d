"""Which run is examined: the visitor's own that have ended, the server's, or the one that a link names."""

import streamlit as st

from cnn_core.limits import SHOWS_ONLY, limits
from cnn_core.runs import listing
from cnn_core.runs.listing import RunHead
from pages.train.doctor.keys import Key
from pages.ui import run_state
from pages.ui.keys import Shared
from pages.ui.link import link_is_new, put_in_link, went_back
from pages.ui.own_runs import own
from pages.ui.run_names import run_name, told_apart
from pages.ui.site import link_to


def pick_run() -> RunHead | None:
    """The run that is chosen; None, with a sentence and the way to one, where there is none."""
    if link_is_new(Key.RUN) and (Key.RUN in st.query_params or went_back()):
        st.session_state[Key.RUN] = st.query_params.get(Key.RUN)
    runs = _runs()
    if not runs:
        trains = "Train a network first; failed runs are welcome." if limits().trains else SHOWS_ONLY
        st.info(f"What the rules find in a run will be here. {trains}", icon=":material/stethoscope:")
        if limits().trains:
            link_to("builder", "Build and train one")
        put_in_link(Key.RUN, None)
        return None
    chosen = st.session_state.get(Key.RUN)
    if chosen not in runs:
        chosen = st.session_state.get(Shared.RUN)
    if chosen not in runs:
        chosen = next(iter(runs))
    st.session_state[Key.RUN] = st.session_state[Key.PICKER] = chosen
    names = told_apart(
        {key: f"{run_name(run)} ({run_state.LOOKS[run.status].words})" for key, run in runs.items()}
    )
    st.selectbox("Run", list(runs), format_func=names.__getitem__, key=Key.PICKER, on_change=_take, width=430)
    put_in_link(Key.RUN, chosen)
    return runs[chosen]


def _take() -> None:
    st.session_state[Key.RUN] = st.session_state[Key.PICKER]


def _runs() -> dict[str, RunHead]:
    """Those that have ended, each once, by their ids."""
    linked = st.session_state.get(Key.RUN)
    named = listing.head(linked) if linked else None
    every = (*own().runs, *([] if named is None else [named]), *listing.servers().runs)
    return {run.id: run for run in every if not run.active and not run.damaged}
