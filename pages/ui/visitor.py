"""Who sits at the other end: the browser's secret as owner of its runs, its address, and whether it is the admin."""

import secrets

import streamlit as st

from cnn_core.runs.ownership import Visitor, owner_of
from pages.ui.keys import Shared
from server.addresses import counted, forwarded_for
from server.browser import NAME, SECRET

NO_COOKIES = (
    "This browser keeps no cookies for this page: "
    "what you train is yours only until the tab is closed or reloaded."
)


def kept_secret() -> str | None:
    """The secret that the browser keeps; None where it keeps none, or something of another form."""
    secret: object = st.context.cookies.get(NAME)
    return secret if isinstance(secret, str) and SECRET.fullmatch(secret) else None


def keeps_cookies() -> bool:
    """Whether the visitor's runs are found again in another tab."""
    return kept_secret() is not None


def visitor() -> Visitor:
    """Who this session acts for: its browser, or the session alone where the browser keeps no cookies."""
    secret = kept_secret() or st.session_state.setdefault(Shared.OWNER, secrets.token_urlsafe(32))
    return Visitor(owner_of(secret), address(), Shared.ADMIN in st.session_state)


def address() -> str | None:
    """The visitor's network address as limits count it, as far as it is known: this machine's own has none."""
    forwarded = forwarded_for(st.context.headers.get_all("X-Forwarded-For"))
    found: object = st.context.ip_address
    return forwarded or (counted(found) if isinstance(found, str) else "") or None
