"""Who this session is to the server's job queue."""

import secrets

import streamlit as st

from pages.ui.keys import Shared


def owner() -> str:
    """This session's name in the queue."""
    name: str = st.session_state.setdefault(Shared.OWNER, secrets.token_hex(8))
    return name
