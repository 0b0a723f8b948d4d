"""What a run is called on pages: told apart at a glance, by its network, data, score and time."""

import time
from datetime import UTC, datetime

import pytest

from cnn_core.runs import about, history, listing
from pages.ui.run_names import begun, run_name, told_apart
from tests.support.own_runs import STARTED, write_run

FINISHED = {"type": "finished", "accuracy": 0.9375, "macro_f1": 0.9}
NOON = 1_764_504_840.0  # 30 November 2025, 12:14 UTC


@pytest.fixture(autouse=True)
def greenwich(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_run_is_named_by_itself_the_same_from_a_list_and_from_the_whole_run():
    path = write_run(STARTED, FINISHED, title="", tested=True)
    head, run = listing.head(path.name), history.read(path)
    assert run_name(head) == run_name(run) == f"linear 10 · Digits · 93.75\u00a0% · {begun(run.created)}"
    untested = write_run(STARTED, title="")
    assert run_name(listing.head(untested.name)).startswith("linear 10 · Digits · ")
    assert "%" not in run_name(listing.head(untested.name))
    about.change(path, title="mine")
    assert run_name(listing.head(path.name)) == run_name(history.read(path)) == "mine"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ((2025, 11, 30, 23), "12:14"),
        ((2025, 12, 1, 0), "30 Nov, 12:14"),
        ((2026, 1, 1, 0), "30 Nov 2025, 12:14"),
    ],
)
def test_the_start_has_a_date_where_it_is_not_todays(now, said):
    assert begun(NOON, datetime(*now, tzinfo=UTC)) == said
    assert begun(0.0) == ""


def test_of_two_of_one_name_both_have_the_end_of_their_id():
    assert told_apart({"a-0001": "x", "a-0002": "x", "b": "y"}) == {
        "a-0001": "x · #0001",
        "a-0002": "x · #0002",
        "b": "y",
    }
