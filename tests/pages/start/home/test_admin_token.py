"""The admin's token: long enough, compared as a whole, tried a few times a minute only."""

import logging

import pytest

from pages.start.home import admin_token

TOKEN = "a token of some length"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """A server with a token, at which nobody has tried one."""
    monkeypatch.setenv("CONVLENS_ADMIN_TOKEN", TOKEN)
    monkeypatch.setattr(admin_token, "_wrong", admin_token._WrongTries())


@pytest.fixture
def clock(monkeypatch):
    """The time, in the test's hand."""
    now = [0.0]
    monkeypatch.setattr(admin_token.time, "monotonic", lambda: now[0])
    return now


def refusal(given, address=None):
    with pytest.raises(admin_token.Refused) as refused:
        admin_token.check(given, address)
    return str(refused.value)


def test_the_right_token_is_taken():
    admin_token.check(TOKEN, None)


@pytest.mark.parametrize("given", ["", TOKEN[:-1], TOKEN + " ", TOKEN.upper(), "ä" * 30])
def test_any_other_is_refused(given):
    assert refusal(given) == "This is not the server's token."


@pytest.mark.parametrize("set_to", ["", "x" * 15])
def test_a_server_without_one_or_with_a_short_one_has_no_admin(monkeypatch, set_to, caplog):
    monkeypatch.setenv("CONVLENS_ADMIN_TOKEN", set_to)
    assert admin_token.token() is None
    assert refusal(set_to) == "This server has no admin."
    with caplog.at_level(logging.WARNING):
        admin_token.warn_if_too_short()
    assert [r.getMessage() for r in caplog.records] == ([admin_token.TOO_SHORT] if set_to else [])


def test_an_address_has_five_tries_a_minute_and_others_have_theirs(clock):
    for _ in range(5):
        assert refusal("no", "1.1.1.1") == "This is not the server's token."
    assert refusal(TOKEN, "1.1.1.1") == "Too many wrong tokens. Wait a minute, then try again."
    admin_token.check(TOKEN, "2.2.2.2")
    clock[0] = 61.0
    admin_token.check(TOKEN, "1.1.1.1")


def test_all_addresses_together_have_thirty(clock):
    for number in range(30):
        assert "not the server's" in refusal("no", f"1.1.1.{number}")
    assert "Too many" in refusal(TOKEN, "2.2.2.2")
