"""The sign of the visitor's own training at the foot of every page's sidebar: how far it is, and the way back to it."""

import streamlit as st

from cnn_core.runs import listing
from cnn_core.runs.jobs import manager
from pages.ui import run_state
from pages.ui.keys import Shared
from pages.ui.run_names import run_name
from pages.ui.site import info
from pages.ui.visitor import visitor
from pages.ui.words import as_text

KEY = "training-sign"
# At the foot of the sidebar, whatever of it is scrolled out of sight; what lies there can be scrolled past it.
STYLE = f"""<style>
[data-testid="stSidebarUserContent"] {{ padding-bottom: 4rem; }}
.st-key-{KEY} {{
  position: fixed; bottom: 0; left: 0; z-index: 2; width: 15.4rem; padding: 0.4rem 1.25rem;
  border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); backdrop-filter: blur(12px);
}}
</style>"""
POLL_SECONDS = 2.0  # while one waits or trains


def show() -> None:
    """Put the sign into the sidebar; nothing where no run of this visitor waits or trains.

    Called before a page, which may end at any of its lines.
    """
    # The container is there always: what stands behind it keeps its place.
    with st.sidebar.container(key=KEY):
        if _first() is not None:
            st.html(STYLE)
            st.fragment(_sign, run_every=POLL_SECONDS)()


def _first() -> str | None:
    """The id of the visitor's run that trains, or is next to."""
    ids = manager().owned_by(visitor().owner)
    return ids[0] if ids else None


def _sign() -> None:
    run_id = _first()
    run = None if run_id is None else listing.head(run_id)
    if run is None:
        st.rerun()  # the whole page, which then asks no more
    if run.damaged:  # most likely it is being deleted in this moment, and its process is about to end
        return
    words = run_state.words(run)
    back = ", back to it" if run.status == "running" else ""
    st.page_link(
        info("builder").script,
        label=f"**{words[:1].upper()}{words[1:]}**{back}",
        icon=f":material/{run_state.LOOKS[run.status].icon}:",
        query_params={str(Shared.RUN): run.id},
        help=f"Back to {as_text(run_name(run))}",
    )
