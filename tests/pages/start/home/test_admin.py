"""The place on Home for whoever runs the server: only with a token, taken once, echoed never; then every run."""

import pytest
from streamlit.testing.v1 import AppTest

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import history, listing, records
from cnn_core.runs.jobs import manager
from cnn_core.training.settings import TrainSettings
from pages.start.home import admin_token
from pages.start.home.keys import Key
from pages.ui.keys import Shared
from tests.support.opening import ROOT, open_app
from tests.support.own_runs import STARTED, write_run
from tests.support.thread_launcher import queue_of_threads, wait
from tests.support.visitors import ONE

TOKEN = "a token of some length"
PLACE = "For whoever runs this server"


@pytest.fixture(autouse=True)
def server(monkeypatch):
    """A server with a token, its queue in threads."""
    monkeypatch.setenv("CONVLENS_ADMIN_TOKEN", TOKEN)
    monkeypatch.setattr(admin_token, "_wrong", admin_token._WrongTries())
    with queue_of_threads():
        yield


def home() -> AppTest:
    at = AppTest.from_file(ROOT / "app.py", default_timeout=300).run()
    assert not at.exception
    return at


def sign_in(at: AppTest, token: str) -> AppTest:
    at.text_input(key=Key.TOKEN).set_value(token)
    (button,) = (b for b in at.button if b.label == "Sign in")
    button.click().run()
    assert not at.exception
    return at


def test_without_a_token_there_is_no_such_place(monkeypatch):
    assert PLACE in [e.label for e in home().expander]
    monkeypatch.delenv("CONVLENS_ADMIN_TOKEN")
    assert PLACE not in [e.label for e in home().expander]


def test_a_wrong_token_is_told_and_never_echoed():
    at = sign_in(home(), "is this the one, then")
    assert [error.value for error in at.error] == ["This is not the server's token."]
    assert Shared.ADMIN not in at.session_state
    assert "is this the one" not in str(at.main) + str(dict(at.query_params))
    assert not at.session_state[Key.TOKEN]


def test_the_right_token_makes_the_session_the_admin_until_it_leaves():
    at = sign_in(home(), TOKEN)
    assert Shared.ADMIN in at.session_state
    assert not at.error
    assert TOKEN not in str(at.main) + str(dict(at.query_params))
    (leave,) = (b for b in at.button if b.label == "Leave")
    leave.click().run()
    assert Shared.ADMIN not in at.session_state
    assert Shared.ADMIN not in home().session_state


def test_too_many_wrong_ones_are_refused_even_when_the_last_is_right():
    at = home()
    for _ in range(admin_token.PER_ADDRESS):
        sign_in(at, "no")
    sign_in(at, TOKEN)
    assert [error.value for error in at.error] == ["Too many wrong tokens. Wait a minute, then try again."]
    assert Shared.ADMIN not in at.session_state


def test_the_admin_sees_and_stops_everybodys_runs():
    run_id = manager().submit(
        ONE,
        Architecture((1, 28, 28), (Flatten(), Linear(10)), 10),
        TrainSettings(dataset="digits", epochs=200),
    )
    path = records.run_path(run_id)
    wait(lambda: bool(history.read(path).epochs))
    at = home()
    stop = f"{Key.EVERY_RUN}-Stop-{run_id}"
    assert stop not in [button.key for button in at.button]
    sign_in(at, TOKEN)
    at.button(key=stop).click().run()
    assert not at.exception
    wait(lambda: history.read(path).status == "stopped")


@pytest.mark.parametrize("damaged", [False, True])
def test_the_admin_renames_and_deletes_a_run_that_it_opened(damaged):
    path = write_run(STARTED, {"type": "paused"}, browser="another-browser")
    if damaged:
        (path / records.SPEC).write_bytes(b"{")
    at = sign_in(home(), TOKEN)
    at.query_params[Shared.RUN] = path.name
    at.session_state[Shared.RUN_LIST] = True
    at.switch_page("pages/train/builder/page.py").run()
    at.button(key=f"{Shared.RUN_MENU}-{path.name}").click().run()
    if not damaged:
        at.text_input(key=f"{Shared.RUN_TITLE}-{path.name}").set_value("of a class").run()
        assert listing.head(path.name).title == "of a class"
    for label in ("Delete", "Delete for good"):
        next(b for b in at.button if b.label == label).click().run()
    assert not at.exception
    assert not path.exists()


def test_others_get_no_menu_for_a_run_that_they_opened():
    path = write_run(STARTED, {"type": "paused"}, browser="another-browser")
    at = open_app("train/builder", link={Shared.RUN: path.name})
    at.session_state[Shared.RUN_LIST] = True
    at.run()
    assert f"{Shared.RUN_MENU}-{path.name}" not in [button.key for button in at.button]
