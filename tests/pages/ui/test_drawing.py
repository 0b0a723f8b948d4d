"""The tab's drawing: one for all pages, there after a reload, nobody else's; and how long it is kept."""

import json

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core.data.strokes import Stroke, ink_of
from cnn_core.limits import using
from pages.ui import drawing, kept
from pages.ui.drawing import Drawing

SEVEN = Stroke("pen", 20, (60, 50, 215, 52, 120, 240))


def page() -> None:
    import streamlit as st

    from pages.ui import drawing

    if "told" in st.session_state:
        drawing.keep(st.session_state["told"])
    st.session_state["seen"] = drawing.current(), drawing.strokes()


def app(told: object = None) -> AppTest:
    test = AppTest.from_function(page)
    if told is not None:
        test.session_state["told"] = told
    test.run()
    assert not test.exception
    return test


def told(*strokes: Stroke) -> list[dict[str, object]]:
    return [stroke.as_json() for stroke in strokes]


def test_it_is_there_in_the_browser_s_next_tab_and_in_nobody_else_s(browser_secret):
    assert app().session_state["seen"] == (None, ())
    mine, strokes = app(told(SEVEN)).session_state["seen"]
    assert strokes == (SEVEN,)
    np.testing.assert_array_equal(mine.ink, ink_of([SEVEN]))
    assert app().session_state["seen"][0] == mine  # a reload is a new session
    for other in ("another-browser", None):  # None: it keeps no cookies
        browser_secret(other)
        assert app().session_state["seen"] == (None, ())
    assert app(told(SEVEN)).session_state["seen"][1] == (SEVEN,)
    assert app().session_state["seen"] == (None, ())


def test_what_is_cleared_is_no_drawing_and_can_be_undone_after_a_reload():
    wiped = (SEVEN, Stroke("clear", 0, ()))
    app(told(*wiped))
    assert app().session_state["seen"] == (None, wiped)


@pytest.mark.parametrize("hostile", ["x", [{"kind": "pen"}], {"a": 1}, [None]])
def test_what_no_pad_tells_changes_nothing(hostile):
    app(told(SEVEN))
    assert app(hostile).session_state["seen"][1] == (SEVEN,)


def test_a_digest_follows_the_strokes():
    assert Drawing((SEVEN,)).digest == Drawing((SEVEN,)).digest != Drawing((SEVEN, SEVEN)).digest


def held() -> int:
    return sum(thing.size for thing in kept._things.values())


def test_the_longest_unused_makes_room(browser_secret):
    with using(kept_mb=1):
        for number in range(5):
            browser_secret(f"browser-{number}")
            kept.keep("picture", number, 300_000)
            browser_secret("browser-0")
            assert kept.of_browser("picture") == 0  # used again each time
        assert held() == 900_000
        found = []
        for number in range(5):
            browser_secret(f"browser-{number}")
            found.append(kept.of_browser("picture"))
        assert found == [0, None, None, 3, 4]
        kept.keep("picture", "too large", 2_000_000)
        assert held() == 0


def test_it_is_forgotten_after_some_hours(monkeypatch):
    now = 1000.0
    monkeypatch.setattr(kept.time, "monotonic", lambda: now)
    with using(kept_hours=2.0):
        kept.keep("picture", "mine", 10)
        now += 1.9 * 3600
        assert kept.of_browser("picture") == "mine"
        now += 1.9 * 3600
        assert kept.of_browser("picture") == "mine"
        now += 2.1 * 3600
        assert kept.of_browser("picture") is None
        assert held() == 0


def test_what_is_removed_is_gone():
    kept.keep("picture", "mine", 10)
    kept.forget("picture")
    assert kept.of_browser("picture") is None


def test_the_fullest_drawing_passes_the_gate():
    from server.messages import LONGEST_STATE

    full = [Stroke("eraser", 36, (-279.875, -279.875) * 10)] * 400
    assert len(json.dumps({"strokes": told(*full)})) < LONGEST_STATE
    assert drawing.strokes_from(told(*full)) == tuple(full)
