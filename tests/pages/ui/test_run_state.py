"""A run's state in words, as a list tells it."""

import time

import pytest

from cnn_core.runs import listing
from cnn_core.runs.folding import STATUS_AFTER
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.records import SPEC
from pages.ui import run_state
from tests.support.own_runs import BATCH, STARTED, write_run
from tests.support.thread_launcher import queue_of_threads

NO_BREAK = "\u00a0"
FINISHED = {"type": "finished", "accuracy": 0.9375, "macro_f1": 0.9}


@pytest.mark.parametrize(
    ("events", "tested", "said"),
    [
        ([], False, "waiting, not in this server's queue"),
        ([STARTED], False, f"training 0{NO_BREAK}%"),
        ([STARTED, BATCH], False, f"training 50{NO_BREAK}%"),
        ([STARTED, {"type": "paused"}], False, "paused"),
        ([STARTED, {"type": "interrupted"}], False, "interrupted"),
        ([STARTED, {"type": "stopped"}], True, f"stopped: 93.75{NO_BREAK}% right"),
        ([STARTED, {"type": "failed", "reason": "why"}], False, "failed"),
        (
            [STARTED, {"type": "finished", "accuracy": 0.9375, "macro_f1": 0.9}],
            True,
            f"finished: 93.75{NO_BREAK}% right",
        ),
    ],
)
def test_every_state_is_told(events, tested, said):
    run = listing.head(write_run(*events, tested=tested).name)
    assert run_state.words(run) == said
    assert run.status in run_state.LOOKS


def test_no_state_is_without_a_look():
    assert run_state.LOOKS.keys() == set(STATUS_AFTER.values())


@pytest.mark.parametrize(
    ("position", "said"),
    [(0, "starting"), (1, "waiting: 1 run before it"), (12, "waiting: 12 runs before it")],
)
def test_a_waiting_run_says_how_many_are_before_it(position, said, monkeypatch):
    with queue_of_threads():
        monkeypatch.setattr(JobManager, "position", lambda self, run_id: position)
        assert run_state.words(listing.head(write_run().name)) == said


def test_a_damaged_run_is_called_so():
    path = write_run()
    (path / SPEC).write_bytes(b"{")
    run = listing.head(path.name)
    assert run_state.words(run) == "damaged"
    assert (
        run_state.about(run) == "Its spec.json is damaged. Put the file back from a copy, or delete the run."
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "just now"), (59, "just now"), (60, "1 min ago"), (7199, "1 h ago"), (86400 * 3, "3 d ago")],
)
def test_when_it_was_started_is_told_in_one_unit(seconds, said, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 1e9)
    assert run_state.ago(1e9 - seconds) == said.replace(" ", NO_BREAK, 1) if "just" not in said else said


@pytest.mark.parametrize(("position", "said"), [(0, "starting"), (2, "waiting"), (None, "waiting")])
def test_the_run_whose_turn_it_is_starts_rather_than_waits(position, said, monkeypatch):
    with queue_of_threads():
        monkeypatch.setattr(JobManager, "position", lambda self, run_id: position)
        assert run_state.doing(listing.head(write_run().name)) == said
