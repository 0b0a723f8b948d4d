"""The sign of a training in every page's sidebar: the visitor's own, with its share done and the way back to it."""

import pytest
from streamlit.testing.v1 import AppTest

from cnn_core.runs import records
from cnn_core.runs.jobs import JobManager
from pages.ui import training_sign
from pages.ui.keys import Shared
from tests.support.opening import open_app
from tests.support.own_runs import BATCH, STARTED, write_run
from tests.support.thread_launcher import queue_of_threads

PAGES = ["start/home", "operations/pooling", "inside/filters", "train/builder"]


@pytest.fixture(autouse=True)
def queue():
    with queue_of_threads():
        yield


def sign(at: AppTest) -> list[tuple[str, str]]:
    """What the sign says, and the run that it leads to."""
    return [
        (link.proto.label, link.proto.query_string)
        for link in at.sidebar.get("page_link")
        if Shared.RUN in link.proto.query_string
    ]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_how_far_the_own_training_is(page, monkeypatch):
    assert sign(open_app(page)) == []
    run, waiting = write_run(STARTED, BATCH, title="mine"), write_run(title="next")
    places = {run.name: 0, waiting.name: 1}
    monkeypatch.setattr(JobManager, "owned_by", lambda self, owner: list(places))
    monkeypatch.setattr(JobManager, "position", lambda self, run_id: places.get(run_id))
    assert sign(open_app(page)) == [("**Training 50\u00a0%**, back to it", f"run={run.name}")]
    del places[run.name]
    assert sign(open_app(page)) == [("**Waiting: 1 run before it**", f"run={waiting.name}")]


def test_of_a_run_that_is_going_while_it_is_looked_at_it_says_nothing(monkeypatch):
    run = write_run(STARTED, BATCH, title="mine")
    monkeypatch.setattr(JobManager, "owned_by", lambda self, owner: [run.name])
    (run / records.SPEC).unlink()
    at = open_app("inside/filters")
    assert not at.exception
    assert sign(at) == []


def test_it_asks_again_only_while_there_is_something_to_ask(monkeypatch):
    asked = []
    monkeypatch.setattr(training_sign.st, "fragment", lambda show, run_every: asked.append(run_every) or show)
    open_app("inside/filters")
    assert asked == []
    run = write_run(STARTED, BATCH, title="mine")
    monkeypatch.setattr(JobManager, "owned_by", lambda self, owner: [run.name])
    open_app("inside/filters")
    assert set(asked) == {training_sign.POLL_SECONDS}
