"""Which of Streamlit's addresses a visitor can reach."""

import pytest

from tests.support.socket_client import fetch


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/script-health-check",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/auth/login",
        "/oauth2callback?code=1",
        "/component/../app.py",
        "/component/x/..%2f..%2fapp.py",
        "/component/" + "a" * 3000,
        "/_stcore/bidi-components/x/%00",
        "/_stcore/bidi-components/" + "a/" * 500,
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_no_page_needs_is_not_there(served, path, method):
    status, _, body = fetch(served.port, path, method=method)
    assert status in (400, 404)
    assert body in (b"Not found", b"Bad Request")


def test_what_a_page_needs_is_there(served):
    assert fetch(served.port, "/_stcore/health")[2] == b"ok"
    assert fetch(served.port, "/_stcore/host-config")[0] == 200


def test_the_metrics_are_for_this_machine_only(served):
    status, _, body = fetch(served.port, "/_stcore/metrics")
    assert status == 200
    assert b"active_sessions" in body
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"):
        assert fetch(served.port, "/_stcore/metrics", headers={header: "127.0.0.1"})[0] == 404
