"""What is left of closed tabs."""

import time

import pytest

from server import sessions
from server.sessions import Tabs
from tests.support import event_loop


class FakeRuntime:
    def __init__(self):
        self.active, self.ended = set(), []

    def is_active_session(self, session_id):
        return session_id in self.active

    def close_session(self, session_id):
        self.ended.append(session_id)


@pytest.fixture
def runtime(monkeypatch):
    fake = FakeRuntime()
    monkeypatch.setattr(sessions.Runtime, "instance", lambda: fake)
    return fake


def test_tabs_are_counted_by_address_and_in_all():
    tabs = Tabs(most=3, most_per_address=2)
    tabs.opened("a")
    tabs.opened("a")
    assert not tabs.has_room("a")
    assert tabs.has_room("b")
    tabs.opened("b")
    assert not tabs.has_room("c")
    tabs.closed("a")
    assert tabs.has_room("a")
    assert tabs.has_room("c")
    tabs.closed("a")
    tabs.closed("b")
    assert not tabs.open


def test_addresses_that_left_are_forgotten():
    tabs = Tabs(most=300, most_per_address=100)
    for number in range(1000):
        tabs.opened(f"10.0.0.{number}")
        tabs.closed(f"10.0.0.{number}")
    assert len(tabs._buckets) <= 1


def test_all_tabs_of_an_address_share_one_bucket():
    tabs = Tabs(most=300, most_per_address=100)
    assert tabs.opened("a") is tabs.opened("a")
    assert tabs.opened("a") is not tabs.opened("b")


def test_a_glance_is_ended_at_once_and_a_visit_kept(runtime):
    async def close():
        tabs = Tabs(most=300, most_per_address=100)
        tabs.keep("glance", "a", ago(0.5))
        tabs.keep("visit", "a", ago(60))
        assert runtime.ended == ["glance"]
        runtime.active.add("reopened")
        tabs.keep("reopened", "a", ago(0.5))
        assert runtime.ended == ["glance"]
        tabs.end("visit")
        assert runtime.ended == ["glance", "visit"]

    event_loop.run(close())


def test_no_more_closed_tabs_are_kept_than_may_come_back(runtime):
    async def close():
        tabs = Tabs(most=300, most_per_address=100)
        for number in range(200):
            tabs.keep(f"s{number}", f"address {number % 4}", ago(600 - number))
        assert len(runtime.ended) == 200 - sessions.MOST_KEPT
        runtime.ended.clear()
        more = Tabs(most=300, most_per_address=100)
        for number in range(sessions.MOST_KEPT_PER_ADDRESS + 5):
            more.keep(f"t{number}", "one address", ago(600 - number))
        assert len(runtime.ended) == 5

    event_loop.run(close())


def test_a_flood_of_tabs_displaces_nobody_who_was_there_for_longer(runtime):
    async def close():
        tabs = Tabs(most=300, most_per_address=100)
        for number in range(30):  # a class whose network failed
            tabs.keep(f"student {number}", "school", ago(900 - number))
        for number in range(200):
            tabs.keep(f"flood {number}", "school", ago(4))
            tabs.keep(f"other flood {number}", "elsewhere", ago(4))
        assert not [session for session in runtime.ended if session.startswith("student")]

    event_loop.run(close())


def test_who_came_back_is_not_ended_and_is_as_old_as_before(runtime):
    async def close():
        tabs = Tabs(most=300, most_per_address=100)
        began = ago(60)
        tabs.keep("s", "a", began)
        assert tabs.begun("s", "browser") == began
        assert tabs.begun("s", "browser") is None
        assert tabs._kept == {}
        assert tabs.may_resume("s", "browser")
        assert not tabs.may_resume("s", "another")
        assert not tabs.may_resume("s", None)
        tabs.end("s")
        assert tabs._browsers == {}

    event_loop.run(close())


def ago(seconds):
    return time.monotonic() - seconds
