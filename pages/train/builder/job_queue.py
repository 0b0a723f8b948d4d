"""Who this session is to the server's job queue."""

import secrets

import streamlit as st

from cnn_core.runs.ownership import Visitor, owner_of
from pages.ui.keys import Shared


def visitor() -> Visitor:
    """This session, as the queue knows it."""
    secret: str = st.session_state.setdefault(Shared.OWNER, secrets.token_hex(8))
    return Visitor(owner_of(secret))
