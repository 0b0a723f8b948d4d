"""Headers of every answer."""

import pytest

from server.headers import content_security_policy, scripts_in
from tests.server.conftest import start
from tests.support.socket_client import fetch

PATHS = [
    "/",
    "/builder",
    "/_stcore/health",
    "/_stcore/metrics",
    "/_stcore/agent/mcp",
    "/media/nothing",
    "/nowhere.js",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_them(served, path):
    _, headers, _ = fetch(served.port, path)
    given = dict(headers)
    assert given["x-content-type-options"] == "nosniff"
    assert given["referrer-policy"] == "same-origin"
    assert "camera=(self)" in given["permissions-policy"]
    assert "frame-ancestors 'self'" in given["content-security-policy"]
    assert "object-src 'none'" in given["content-security-policy"]


def test_no_other_address_is_in_the_policy(served):
    policy = dict(fetch(served.port, "/")[1])["content-security-policy"]
    own = f"127.0.0.1:{served.port}"
    assert policy.replace(f"ws://{own} wss://{own}", "").count("://") == 0
    assert "*" not in policy


@pytest.mark.parametrize("host", ["evil.example; script-src *", "a b", "", "x'", "http://x"])
def test_a_host_that_is_none_does_not_get_into_the_policy(host):
    assert "ws:" not in content_security_policy(host, (), ())


def test_the_pages_own_scripts_are_allowed_and_no_others():
    page = b"<script>\n  alert(1)\n</script><script src='x'></script>"
    # printf '\n  alert(1)\n' | openssl dgst -sha256 -binary | base64
    assert scripts_in(page) == ("'sha256-BjA0ROBfupHLCiW2gRrYiELX3ecfNFbiR7URMIXYaeU='",)


def test_a_school_may_frame_it(tmp_path):
    with start(tmp_path, {"CONVLENS_FRAME_ANCESTORS": "https://lms.school.example"}) as server:
        headers = {"Accept": "text/html", "X-Forwarded-Proto": "https"}
        _, given, _ = fetch(server.port, "/", headers=headers)
        assert "frame-ancestors 'self' https://lms.school.example" in dict(given)["content-security-policy"]
        cookie = next(value for name, value in given if value.startswith("convlens_browser"))
        assert cookie.endswith("SameSite=None; Secure; Partitioned")
