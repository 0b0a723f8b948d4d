"""The cookie by which a browser is known again."""

import re

import pytest
from starlette.websockets import WebSocket

from server.browser import BrowserCookie, secret_in
from tests.support import event_loop
from tests.support.socket_client import browser_cookie, connect, fetch

PAGE = {"Accept": "text/html,application/xhtml+xml"}


def cookies(headers):
    return [
        value for name, value in headers if name == "set-cookie" and value.startswith("convlens_browser=")
    ]


def test_a_browser_without_a_secret_gets_one(served):
    status, headers, body = fetch(served.port, "/", headers=PAGE)
    assert status == 200
    assert b"<html" in body
    (cookie,) = cookies(headers)
    assert re.fullmatch(
        r"convlens_browser=[A-Za-z0-9_-]{43}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", cookie
    )
    assert dict(headers)["cache-control"] == "private, no-cache"


def test_no_two_browsers_get_the_same(served):
    assert len({browser_cookie(served.port)["convlens_browser"] for _ in range(10)}) == 10


@pytest.mark.parametrize("path", ["/builder", "/convolution?conv-stride=2"])
def test_a_deep_link_gives_it_too(served, path):
    assert browser_cookie(served.port, path)


def test_a_browser_that_has_one_keeps_it(served):
    ((name, value),) = browser_cookie(served.port).items()
    _, headers, _ = fetch(served.port, "/", headers={**PAGE, "Cookie": f"a=b; {name}={value}; c=d"})
    assert cookies(headers) == []


@pytest.mark.parametrize("value", ["", "short", "x" * 87, "a" * 42 + "!", "a" * 42 + "é"])
def test_what_is_no_secret_is_replaced(served, value):
    cookie = f"convlens_browser={value}".encode().decode("latin-1")
    _, headers, _ = fetch(served.port, "/", headers={**PAGE, "Cookie": cookie})
    assert len(cookies(headers)) == 1


def test_over_https_it_goes_over_https_only(served):
    _, headers, _ = fetch(served.port, "/", headers={**PAGE, "X-Forwarded-Proto": "https"})
    (cookie,) = cookies(headers)
    assert cookie.endswith("; Secure")


@pytest.mark.parametrize("path", ["/_stcore/health", "/_stcore/host-config", "/media/nothing.png"])
def test_only_the_page_gives_it(served, path):
    _, headers, _ = fetch(served.port, path)
    assert cookies(headers) == []


def test_a_browser_that_kept_a_page_gets_the_whole_page_and_a_secret(served):
    kept = {"If-None-Match": "*", "If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"}
    status, headers, body = fetch(served.port, "/", headers={**PAGE, **kept})
    assert status == 200
    assert b"<style>" in body
    assert len(cookies(headers)) == 1


def test_the_websocket_client_opens_a_page(served):
    with connect(served.port, "pooling", cookies=browser_cookie(served.port)) as tab:
        assert not tab.has_error
        assert "Pooling" in tab.texts


def cookie_seen(cookies):
    """The Cookie header that Streamlit's websocket gets of a browser that sends this one."""
    seen = {}

    async def app(scope, receive, send):
        seen.update(scope["headers"])

    scope = {"type": "websocket", "headers": [(b"cookie", cookies.encode()), (b"host", b"x")]}
    event_loop.run(BrowserCookie(app)(scope, None, None))
    return seen[b"cookie"].decode()


def test_where_only_streamlits_own_cookie_comes_through_the_secret_is_made_of_it(served):
    """As on Streamlit Community Cloud, whose proxy knows no others. Its mask changes, its secret does not."""
    _, headers, _ = fetch(served.port, "/_stcore/health")
    first = next(value for name, value in headers if name == "set-cookie").split(";")[0]
    _, headers, _ = fetch(served.port, "/_stcore/health", headers={"Cookie": first})
    second = next(value for name, value in headers if name == "set-cookie").split(";")[0]
    assert first != second
    secrets = {secret_in(cookie_seen(cookie)) for cookie in (first, second)}
    assert len(secrets) == 1
    assert None not in secrets
    _, headers, _ = fetch(served.port, "/_stcore/health")
    other = next(value for name, value in headers if name == "set-cookie").split(";")[0]
    assert secret_in(cookie_seen(other)) not in secrets


@pytest.mark.parametrize(
    "cookies", ["", "a=b", "_streamlit_xsrf=2|x|y|z", "_streamlit_xsrf=", "_streamlit_xsrf=1234"]
)
def test_what_is_no_cookie_of_streamlits_makes_no_secret(cookies):
    assert secret_in(cookie_seen(cookies)) is None


def test_the_own_cookie_comes_first():
    own = "convlens_browser=" + "s" * 43
    assert cookie_seen(f"{own}; _streamlit_xsrf=2|a|b|1") == f"{own}; _streamlit_xsrf=2|a|b|1"


@pytest.mark.parametrize("second", ["t" * 43, "damaged"])
def test_of_two_of_its_name_the_gate_and_the_pages_read_the_same(second):
    """As a browser sends them that has one for a folder and one for the whole server."""
    sent = f"convlens_browser={'s' * 43}; convlens_browser={second}"
    pages = WebSocket({"type": "websocket", "headers": [(b"cookie", sent.encode())]}, None, None)
    read = pages.cookies["convlens_browser"]  # what Streamlit hands to `st.context.cookies`
    assert secret_in(sent) == (read if len(read) == 43 else None)
