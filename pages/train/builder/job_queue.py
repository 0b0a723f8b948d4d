"""The server's one job queue, and who this session is to it."""

import secrets

import streamlit as st

from cnn_core.runs.jobs import JobManager
from pages.ui.keys import Shared


@st.cache_resource(show_spinner=False)
def manager() -> JobManager:
    """The queue of this server, made when the first page asks for it."""
    return JobManager()


def owner() -> str:
    """This session's name in the queue."""
    return st.session_state.setdefault(Shared.OWNER, secrets.token_hex(8))
