"""Who a session acts for: the browser's cookie, or the session alone; where from; the same in tests and on a server."""

import pytest
import streamlit as st
from streamlit.runtime.context import StreamlitCookies, StreamlitHeaders

from cnn_core.runs.ownership import owner_of
from pages.ui import visitor
from pages.ui.keys import Shared

SECRET = "s" * 43
kept_secret, address = visitor.kept_secret, visitor.address  # before tests replace them


class Context:
    """What Streamlit knows of a browser."""

    def __init__(self, cookies, headers=(), ip_address=None):
        self.cookies, self.headers = StreamlitCookies(cookies), StreamlitHeaders(headers)
        self.ip_address = ip_address


@pytest.fixture
def session(monkeypatch):
    """A session of a server: its state, and its browser."""
    state = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(visitor, "kept_secret", kept_secret)
    monkeypatch.setattr(visitor, "address", address)

    def of(cookies, headers=(), ip_address=None):
        monkeypatch.setattr(st, "context", Context(cookies, headers, ip_address))
        return state

    return of


def test_a_browser_is_the_owner_by_the_hash_of_its_cookie(session):
    state = session({"convlens_browser": SECRET})
    assert visitor.visitor().owner == owner_of(SECRET)
    assert visitor.keeps_cookies()
    assert state == {}  # nothing of it is kept in the session


@pytest.mark.parametrize(
    "cookies", [{}, {"convlens_browser": ""}, {"convlens_browser": "short"}, {"x": SECRET}]
)
def test_without_a_cookie_it_is_the_session(session, cookies):
    state = session(cookies)
    first = visitor.visitor().owner
    assert visitor.visitor().owner == first == owner_of(state[Shared.OWNER])
    assert not visitor.keeps_cookies()
    state.clear()
    assert visitor.visitor().owner != first


def test_only_a_session_that_gave_the_token_is_the_admin(session):
    state = session({"convlens_browser": SECRET})
    assert not visitor.visitor().admin
    state[Shared.ADMIN] = True
    assert visitor.visitor().admin


FORWARDED = [("X-Forwarded-For", "6.6.6.6, 1.1.1.1"), ("X-Forwarded-For", "2.2.2.2")]


@pytest.mark.parametrize(
    ("proxies", "found"), [("", "9.9.9.9"), ("1", "2.2.2.2"), ("2", "1.1.1.1"), ("4", "9.9.9.9")]
)
def test_the_address_is_what_the_first_trusted_proxy_saw(session, monkeypatch, proxies, found):
    monkeypatch.setenv("CONVLENS_PROXIES", proxies)
    session({}, FORWARDED, "9.9.9.9")
    assert visitor.visitor().address == found


def test_who_has_a_network_of_ipv6_is_one_visitor_s_address(session):
    session({}, ip_address="2001:db8:1:2:3:4:5:6")
    assert visitor.visitor().address == "2001:db8:1:2::/64"
    session({}, ip_address=None)
    assert visitor.visitor().address is None
