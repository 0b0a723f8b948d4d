"""What every component keeps to, found by its folder: a new one needs an example in tests/support, and nothing here."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page
from streamlit.testing.v1 import AppTest

from cnn_core import pictures
from tests.support.component_examples import EXAMPLES
from tests.support.component_message import unpack
from tests.support.component_stage import ROOT, Stage, open_modules, read_in_browser

PAGES = ROOT / "pages"
FOLDERS = {
    path.parent.name: path.parent
    for path in sorted(PAGES.rglob("*.css"))
    if (path.parent / "__init__.py").is_file() and path.stem == path.parent.name
}
NOTHING = {"observers": 0, "frames": 0, "timers": 0, "listeners": 0}
every_component = pytest.mark.parametrize("name", FOLDERS)


@cache
def sent(name: str) -> Any:
    """What the example's page sends to the browser."""
    app = AppTest.from_function(EXAMPLES[name], default_timeout=300).run()
    assert not app.exception
    (element,) = app.get("bidi_component")
    return element.proto


def sources(folder: Path) -> str:
    """The JavaScript and CSS of a component, its own only."""
    files = [path for kind in ("*.js", "*.css") for path in sorted(folder.glob(kind))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_component_has_an_example() -> None:
    assert set(FOLDERS) == set(EXAMPLES)


@every_component
def test_it_is_registered_by_its_folders_name(name: str) -> None:
    assert sent(name).component_name == f"convlens.{name}"


@every_component
def test_its_message_arrives_by_value(name: str, page: Page) -> None:
    open_modules(page)
    expected = unpack(sent(name).bytes)
    arrived = read_in_browser(page, sent(name).bytes)
    assert arrived.keys() == expected.keys()
    for entry, value in expected.items():
        if isinstance(value, np.ndarray):
            assert arrived[entry].dtype == value.dtype
            np.testing.assert_array_equal(arrived[entry], value)
        else:
            assert arrived[entry] == value


@every_component
def test_its_cleanup_removes_everything(name: str, page: Page) -> None:
    stage = Stage(page, sent(name))
    assert stage.call() == "function", f"{name} returns no cleanup"
    assert stage.elements > 0
    stage.clean(0)
    assert stage.alive == NOTHING
    assert stage.elements == 0


@every_component
def test_it_lives_on_where_an_older_calls_cleanup_comes_late(name: str, page: Page) -> None:
    stage = Stage(page, sent(name))
    stage.call()
    alive, elements, width = stage.alive, stage.elements, widest(stage)
    stage.call()
    stage.clean(0)  # as Streamlit does where two updates overlap
    assert stage.alive == alive
    assert stage.elements == elements
    before = stage.pictures()
    tell_with_keys(stage)
    assert stage.told, "its keys tell Python nothing any more"
    # One that is hidden from readers is no drawing of the component's but an image that it was given.
    drawn = stage.each("canvas:not([aria-hidden=true])", "() => true")
    assert stage.differs(before) or not drawn, "it draws no more"
    narrow = min(390, round(0.8 * width))
    stage.resize(narrow)
    assert widest(stage) <= narrow < width, "it no longer sees how much room there is"
    stage.clean(1)
    assert (stage.alive, stage.elements) == (NOTHING, 0)


@every_component
def test_calls_do_not_pile_up(name: str, page: Page) -> None:
    stage = Stage(page, sent(name))
    stage.call()
    alive, elements = stage.alive, stage.elements
    for _ in range(4):
        stage.call()
    assert (stage.alive, stage.elements) == (alive, elements)
    stage.clean(4)
    assert (stage.alive, stage.elements) == (NOTHING, 0)
    stage.call()  # and it can come back
    assert (stage.alive, stage.elements) == (alive, elements)


@every_component
def test_it_rests_where_nothing_happens(name: str, page: Page) -> None:
    stage = Stage(page, sent(name))
    stage.call()
    before = stage.pictures()
    stage.settle()
    assert stage.alive["frames"] == stage.alive["timers"] == 0
    assert not stage.differs(before)


@every_component
def test_what_moves_asks_for_reduced_motion(name: str) -> None:
    text = sources(FOLDERS[name])
    if re.search(r"requestAnimationFrame|setInterval|\banimat|transition\s*:|@keyframes", text):
        assert "prefers-reduced-motion" in text


@every_component
def test_it_is_used_with_keys_and_says_what_they_are_on(name: str, page: Page) -> None:
    stage = Stage(page, sent(name))
    stage.call()
    reached = []
    for _ in range(stage.elements):
        page.keyboard.press("Tab")
        words = page.evaluate(
            "() => { const on = window.stage.parent.activeElement;"
            " return on && (on.getAttribute('aria-label') || on.textContent.trim() || on.title); }"
        )
        if words is None:
            break
        reached.append(words)
    assert reached, "no Tab leads into it"
    assert all(reached), "something has the focus that has no name"
    tell_with_keys(stage)
    assert stage.told


@every_component
def test_every_picture_has_a_name_and_words_beside_it(name: str, page: Page) -> None:
    stage = Stage(page, sent(name))
    stage.call()
    named = stage.each(
        "canvas, svg, img", "(e) => Boolean(e.closest('[aria-label], [aria-hidden=true], [alt]'))"
    )
    assert all(named)
    assert "".join(stage.root.all_inner_texts()).strip()


@every_component
@pytest.mark.parametrize(("width", "dark"), [(390, False), (1200, True)], ids=["narrow", "wide"])
def test_it_fits_and_is_read_from_the_back_row(name: str, width: int, dark: bool, page: Page) -> None:
    stage = Stage(page, sent(name), width=width, dark=dark)
    stage.call()
    assert widest(stage) <= width
    small = stage.each(
        "*",
        "(e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())"
        " && e.localName !== 'style' && parseFloat(getComputedStyle(e).fontSize) < 14 ? e.outerHTML : ''",
    )
    assert [words for words in small if words] == []


@every_component
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_its_colours_are_the_roles_of_python(name: str, dark: bool, page: Page) -> None:
    own = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", sources(FOLDERS[name])))
    assert own <= {"#fff"}, "colours come from the theme and from `component`"
    stage = Stage(page, sent(name), dark=dark)
    stage.call()
    expected = [*pictures.ends(dark), pictures.ACCENT, pictures.NEGATIVE_ON_DARK if dark else pictures.WRONG]
    assert roles(page) == [pictures.css(colour) for colour in expected]


def roles(page: Page) -> list[str]:
    """The colours of the component's roles."""
    found: list[str] = page.evaluate(
        "() => ['positive', 'negative', 'accent', 'wrong'].map((role) =>"
        " getComputedStyle(window.stage.parent.lastElementChild).getPropertyValue(`--${role}`))"
    )
    return found


def widest(stage: Stage) -> float:
    """How far to the right the component reaches; what scrolls within a box of its own is as wide as the box."""
    edges: list[float] = stage.each(
        "*",
        "(e) => { for (let box = e.parentElement; box; box = box.parentElement)"
        " if (getComputedStyle(box).overflowX === 'auto') return 0;"
        " return e.getBoundingClientRect().right; }",
    )
    return max(edges)


def tell_with_keys(stage: Stage) -> None:
    """Walk into the component, on, and take what is there."""
    stage.page.evaluate("() => window.stage.parent.querySelector('button, [tabindex=\"0\"]').focus()")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        stage.page.keyboard.press(key)
        stage.settle()
