"""What the server's operator sets about the network around it."""

import subprocess
import sys

import pytest

from server.settings import SettingError, frame_ancestors, proxies
from tests.server.conftest import ROOT


def test_by_default_nobody_else_frames_the_app_and_no_proxy_is_trusted():
    assert frame_ancestors({}) == ()
    assert proxies({}) == 0
    assert proxies({"CONVLENS_PROXIES": " 2 "}) == 2


def test_origins_with_spaces_or_commas_between():
    given = {"CONVLENS_FRAME_ANCESTORS": "https://lms.school.example, https://*.example.org:8443"}
    assert frame_ancestors(given) == ("https://lms.school.example", "https://*.example.org:8443")


@pytest.mark.parametrize(
    "wrong", ["*", "lms.school.example", "https://a/b", "https://a; script-src *", "'none'"]
)
def test_what_is_no_origin_is_named(wrong):
    with pytest.raises(SettingError, match=r"CONVLENS_FRAME_ANCESTORS is .*; allowed are origins"):
        frame_ancestors({"CONVLENS_FRAME_ANCESTORS": wrong})


@pytest.mark.parametrize("wrong", ["-1", "ten", "1.5", "10", "٣"])
def test_what_is_no_number_of_proxies_is_named(wrong):
    with pytest.raises(SettingError, match=r"CONVLENS_PROXIES is .*; allowed is a whole number from 0 to 9"):
        proxies({"CONVLENS_PROXIES": wrong})


def test_a_wrong_setting_keeps_the_server_from_starting(monkeypatch):
    monkeypatch.setenv("CONVLENS_PROXIES", "many")
    ran = subprocess.run(
        [sys.executable, "-c", "import app"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "ConvLens does not start: CONVLENS_PROXIES is 'many'" in ran.stderr
    assert "Traceback" not in ran.stderr
