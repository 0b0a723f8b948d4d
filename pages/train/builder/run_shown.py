"""Which run the page shows, and whether it is about that run or about the network being built."""

import streamlit as st

from cnn_core.runs import live, records
from cnn_core.runs.jobs import manager
from pages.ui.keys import Shared
from pages.ui.network.keys import NetworkKey
from pages.ui.visitor import visitor


def current_run() -> str | None:
    """The id of the run this page shows: the link's, the session's last one, or the visitor's newest in the queue."""
    run_id = (
        st.query_params.get(Shared.RUN)
        or st.session_state.get(Shared.RUN)
        or next(reversed(manager().owned_by(visitor().owner)), None)
    )
    if run_id:
        show_run(run_id)
    return run_id


def show_run(run_id: str) -> None:
    """Make this the run of the page, in the session and in the link."""
    if st.session_state.get(Shared.RUN) != run_id:
        st.session_state[NetworkKey.BUILDING] = False
    st.session_state[Shared.RUN] = run_id
    if st.query_params.get(Shared.RUN) != run_id:
        st.query_params[Shared.RUN] = run_id


def watching(run_id: str | None) -> bool:
    """Whether the page is about a run: while it trains, and until the network is touched again."""
    if run_id is None:
        return False
    try:
        if live.read(run_id).active:
            st.session_state[NetworkKey.BUILDING] = False
    except records.RunError:
        return False
    return not st.session_state.get(NetworkKey.BUILDING, False)
