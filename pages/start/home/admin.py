"""The place on Home for whoever runs this server: its token makes a session the admin, who may change every run."""

import streamlit as st

from cnn_core.runs import listing
from cnn_core.runs.jobs import JobManager, manager
from cnn_core.runs.listing import RunHead
from pages.start.home import admin_token
from pages.start.home.keys import Key
from pages.ui import run_state
from pages.ui.keys import Shared
from pages.ui.own_runs import POLL_SECONDS
from pages.ui.run_acts import act
from pages.ui.site import link_to
from pages.ui.visitor import address
from pages.ui.words import as_text, sentence


def show_admin() -> None:
    """The token's field, then all runs that wait or train; nothing on a server without a token."""
    if admin_token.token() is None:
        return
    with st.expander("For whoever runs this server", icon=":material/admin_panel_settings:"):
        if Shared.ADMIN in st.session_state:
            _admin()
        else:
            _sign_in()


def _sign_in() -> None:
    with st.form(Key.SIGN_IN, clear_on_submit=True, border=False):
        st.text_input("The server's token", type="password", key=Key.TOKEN, autocomplete="off")
        st.form_submit_button("Sign in", on_click=_check)
    if refused := st.session_state.pop(Key.REFUSED, ""):
        st.error(sentence(refused), icon=":material/error:")


def _check() -> None:
    # What was typed is forgotten at once, so that no later message of this session can hold it.
    given = str(st.session_state.pop(Key.TOKEN, ""))
    try:
        admin_token.check(given, address())
    except admin_token.Refused as error:
        st.session_state[Key.REFUSED] = str(error)
    else:
        st.session_state[Shared.ADMIN] = True


def _admin() -> None:
    st.markdown(
        "Until you leave, this tab may pause, stop, rename and delete every run: open one by its link."
    )
    st.button("Leave", icon=":material/logout:", on_click=_leave)
    runs = manager().all_ids()
    st.fragment(_active, run_every=POLL_SECONDS if runs else None)(runs)


def _leave() -> None:
    del st.session_state[Shared.ADMIN]


def _active(known: list[str]) -> None:
    """All runs that wait or train."""
    found = manager().all_ids()
    if found != known:
        st.rerun()
    if not found:
        st.caption("No run waits or trains.")
    for run_id in found:
        run = listing.head(run_id)
        if run is not None:
            _row(run)


def _row(run: RunHead) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        link_to("builder", f"**{as_text(run.title)}**", {Shared.RUN: run.id})
        run_state.badge(run)
        st.caption(run_state.about(run), width="stretch")
        for label, icon, what in (
            ("Pause", "pause", JobManager.pause),
            ("Stop", "stop", JobManager.stop),
        ):
            st.button(
                label,
                icon=f":material/{icon}:",
                key=f"{Key.EVERY_RUN}-{label}-{run.id}",
                on_click=act,
                args=(what, run.id),
            )
