"""A visitor's own runs on Home and on the Builder: found again, opened, renamed, kept, deleted; nobody else's."""

import shutil

import pytest
from streamlit.testing.v1 import AppTest

from cnn_core.runs import about, listing, records
from cnn_core.runs.jobs import JobManager, manager
from pages.ui import own_runs
from pages.ui.keys import Shared
from pages.ui.visitor import NO_COOKIES
from tests.support.opening import ROOT, open_app, words
from tests.support.own_runs import STARTED, write_run
from tests.support.thread_launcher import queue_of_threads, wait

OTHER = "another-browser"
FINISHED = {"type": "finished", "accuracy": 0.9375, "macro_f1": 0.9}
FAILED = {"type": "failed", "reason": "why"}
PAUSED = {"type": "paused"}


@pytest.fixture(autouse=True)
def queue():
    """Training in threads of this process, by a queue of the test's own."""
    with queue_of_threads():
        yield


def home() -> AppTest:
    at = AppTest.from_file(ROOT / "app.py", default_timeout=300).run()
    assert not at.exception
    return at


def builder(run: str = "", opened: bool = True) -> AppTest:
    """The Builder, its list of own runs open."""
    at = open_app("train/builder", link={Shared.RUN: run} if run else {})
    if opened:
        at.session_state[Shared.RUN_LIST] = True
        at.run()
    assert not at.exception
    return at


def listed(at: AppTest) -> list[str]:
    """The ids of the runs in the list, in order: each has a button that opens its menu."""
    prefix = f"{Shared.RUN_MENU}-"
    return [b.key.removeprefix(prefix) for b in at.button if (b.key or "").startswith(prefix)]


def titles(at: AppTest) -> list[str]:
    """The titles that open a run on Home."""
    return [link.proto.label for link in at.get("page_link") if Shared.RUN in link.proto.query_string]


def button(at: AppTest, label: str):
    (found,) = (b for b in at.button if b.label == label)
    return found


def open_menu(at: AppTest, run_id: str) -> AppTest:
    return at.button(key=f"{Shared.RUN_MENU}-{run_id}").click().run()


def test_every_own_run_stands_on_home_and_on_the_builder_in_a_session_that_knows_nothing_of_it():
    runs = [write_run(STARTED, event, title=f"run {n}") for n, event in enumerate([PAUSED, FAILED, FINISHED])]
    newest_first = [path.name for path in reversed(runs)]
    at = home()
    assert set(listed(at)) == set(newest_first)
    assert set(titles(at)) == {"**run 0**", "**run 1**", "**run 2**"}
    said = words(at)
    assert all(state in said for state in ("paused", "failed", "finished"))
    assert set(listed(builder())) == set(newest_first)


def test_others_and_the_servers_own_runs_are_not_among_them():
    write_run(STARTED, PAUSED, browser=OTHER)
    write_run(STARTED, PAUSED, browser=None)
    at = home()
    assert listed(at) == []
    assert "Your runs" not in [heading.value for heading in at.subheader]
    assert listed(builder()) == []
    assert own_runs.NONE_YET in words(builder())


def test_another_browser_sees_only_its_own(browser_secret):
    mine, theirs = write_run(STARTED, PAUSED), write_run(STARTED, PAUSED, browser=OTHER)
    assert listed(home()) == [mine.name]
    browser_secret(OTHER)
    assert listed(home()) == [theirs.name]


def test_a_browser_without_cookies_is_told_what_that_means(browser_secret):
    assert NO_COOKIES not in words(builder())
    browser_secret(None)
    assert NO_COOKIES in words(builder())


def test_home_shows_three_and_folds_the_rest_away():
    for number in range(5):
        write_run(STARTED, PAUSED, title=f"run {number}")
    at = home()
    assert len(listed(at)) == 3
    assert [e.label for e in at.expander if "runs" in e.label] == ["Your earlier runs"]
    at.session_state[Shared.RUN_REST] = True
    assert len(listed(at.run())) == 5


def test_those_that_train_come_first_then_those_that_wait_by_their_turn(monkeypatch):
    places = {}
    monkeypatch.setattr(JobManager, "position", lambda self, run_id: places.get(run_id))
    first, second, training = write_run(), write_run(), write_run(STARTED)
    ended = write_run(STARTED, PAUSED)
    places.update({training.name: 0, first.name: 1, second.name: 2})
    at = builder()
    assert listed(at) == [path.name for path in (training, first, second, ended)]
    assert "1 training, 2 waiting" in [caption.value for caption in at.caption]


def test_a_title_is_text_and_leads_to_its_run():
    path = write_run(STARTED, PAUSED, title="[a](b) **c**")
    (link,) = (link for link in home().get("page_link") if Shared.RUN in link.proto.query_string)
    assert link.proto.query_string == f"run={path.name}"
    assert "[a](b)" not in link.proto.label


def test_a_run_is_opened_on_the_builder_and_the_list_closes():
    shown, other = write_run(STARTED, PAUSED, title="shown"), write_run(STARTED, PAUSED, title="other")
    at = builder(shown.name)
    at.button(key=f"{Shared.RUN_OPEN}-{other.name}").click().run()
    assert not at.exception
    assert at.session_state[Shared.RUN] == other.name
    assert at.query_params[Shared.RUN] == other.name
    assert listed(at) == []


@pytest.mark.parametrize("page", [home, builder], ids=["home", "builder"])
def test_a_run_gets_another_title(page):
    path = write_run(STARTED, PAUSED)
    at = open_menu(page(), path.name)
    at.text_input(key=f"{Shared.RUN_TITLE}-{path.name}").set_value("  with dropout ").run()
    assert not at.exception
    assert listing.head(path.name).title == "with dropout"


def test_a_title_that_none_can_have_is_told_and_left():
    path = write_run(STARTED, PAUSED)
    at = open_menu(home(), path.name)
    at.text_input(key=f"{Shared.RUN_TITLE}-{path.name}").set_value(" ").run()
    assert [toast.value for toast in at.toast] == ["The title is empty. Write a few words."]
    assert at.text_input(key=f"{Shared.RUN_TITLE}-{path.name}").value == "mine"


def test_a_run_is_kept_and_not_kept():
    path = write_run(STARTED, PAUSED)
    at = open_menu(home(), path.name)
    box = f"{Shared.RUN_KEEP}-{path.name}"
    assert own_runs.keeping() == at.checkbox(key=box).help
    at.checkbox(key=box).check().run()
    assert about.read(path) == {"kept": True}
    at.checkbox(key=box).uncheck().run()
    assert about.read(path) == {"kept": False}


def test_the_builders_list_says_what_is_cleared_away():
    write_run(STARTED, PAUSED)
    assert own_runs.keeping() in words(builder())


@pytest.mark.parametrize("page", [home, builder], ids=["home", "builder"])
def test_a_run_is_deleted_once_that_is_meant(page):
    path, other = write_run(STARTED, PAUSED), write_run(STARTED, PAUSED)
    at = open_menu(page(), path.name)
    button(at, "Delete").click().run()
    assert path.is_dir()
    button(at, "Leave it").click().run()
    at = open_menu(at, path.name)
    button(at, "Delete").click().run()
    button(at, "Delete for good").click().run()
    assert not at.exception
    assert listed(at) == [other.name]
    assert not path.exists()


def test_the_run_that_the_builder_shows_is_deleted_and_no_error_stays():
    path = write_run(STARTED, PAUSED)
    at = open_menu(builder(path.name), path.name)
    button(at, "Delete").click().run()
    button(at, "Delete for good").click().run()
    assert not at.exception
    assert not at.error
    assert Shared.RUN not in at.session_state
    assert Shared.RUN not in at.query_params


def test_a_run_in_training_is_deleted_too():
    path = records.run_path(train(epochs=500))
    wait(lambda: listing.head(path.name).status == "running")
    at = open_menu(home(), path.name)
    button(at, "Delete").click().run()
    button(at, "Delete for good").click().run()
    assert not at.exception
    assert listed(at) == []
    wait(lambda: not path.exists() and manager().all_ids() == [])


def train(epochs: int) -> str:
    """Train the smallest network as a visitor does; the run's id."""
    at = open_app("train/builder", link={"builder-net": "flatten-linear10", "builder-epochs": str(epochs)})
    at.button(key="builder-train").click().run()
    return at.session_state[Shared.RUN]


@pytest.mark.parametrize("damaged", [records.SPEC, records.METRICS, about.ABOUT])
def test_a_damaged_run_is_named_and_the_rest_stands(damaged):
    path, whole = write_run(STARTED, FINISHED), write_run(STARTED, FINISHED)
    (path / damaged).write_bytes(b"\x80")
    at = home()
    said = words(at)
    assert "damaged" in said
    assert f"{damaged} is damaged" in said
    assert str(path.parent) not in said
    assert titles(at) == ["**mine**"]
    # Nobody knows whose a run with a damaged spec is: it is no visitor's to change.
    assert set(listed(at)) == {whole.name} | (set() if damaged == records.SPEC else {path.name})


def test_what_goes_while_the_list_is_looked_at_leaves_it():
    path = write_run(STARTED, PAUSED)
    at = open_menu(home(), path.name)
    shutil.rmtree(path)
    at.text_input(key=f"{Shared.RUN_TITLE}-{path.name}").set_value("x").run()
    assert not at.exception
    assert listed(at) == []


def test_it_asks_again_only_while_something_waits_or_trains():
    paused = listing.head(write_run(STARTED, PAUSED).name)
    active = listing.head(write_run(STARTED).name)
    assert own_runs._pace((paused,)) is None
    assert own_runs._pace((paused, active)) == own_runs.POLL_SECONDS
