"""Back and Forward: every page as it was left, under an address with its own parameters and no others."""

import re
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, TimeoutError, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.serving import SETTLED
from pages.train.builder.keys import Key
from pages.ui import head, site
from pages.ui.keys import Shared
from pages.ui.network.keys import NetworkKey
from tests.browser.conftest import Server, no_exception, settled, visit

FIRST = "conv8-relu-pool2-flatten-linear10"
SECOND = "conv16-flatten-linear10"
LINKS = "<a href='/b' onclick='event.preventDefault()'>to b</a> <a href='/c' onclick='event.preventDefault()'>to c</a>"
CONTROLS = """main => [...main.querySelectorAll('input, [role=tab], [role=radio]')].map(control => [
    control.ariaLabel ?? control.innerText,
    control.value ?? '',
    control.ariaSelected ?? control.ariaChecked ?? control.checked,
])"""
SHOWN = f"""controls => JSON.stringify(controls) === JSON.stringify(
    ({CONTROLS})(document.querySelector("[data-testid=stMain]")))"""


def finished(frame: bytes | str) -> bool:
    """Whether a message of the server's says that a run of the script has ended."""
    message = ForwardMsg()
    message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
    return message.WhichOneof("type") == "script_finished"


def menu(page: Page, socket: WebSocket, title: str) -> None:
    """Go to another page by the menu."""
    with socket.expect_event("framereceived", finished, timeout=120_000):
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    arrived(page, title)


def arrived(page: Page, title: str) -> None:
    """Wait until the page of this title stands, without an error."""
    expect(page.locator("h1").first).to_have_text(title)
    # The confusion matrix reads 10,000 images first.
    expect(page.locator(SETTLED)).to_be_attached(timeout=120_000)
    no_exception(page)


WAITS = "will be here"  # so says a page of runs where there are none: nothing can be set there


def change(page: Page, socket: WebSocket) -> None:
    """Set one control of each kind that the page has to another value."""
    main = page.get_by_test_id("stMain")
    for kind in ("combobox", "spinbutton", "radio", "tab"):
        bound = main.locator("[class*=st-key-]").get_by_role(kind)
        if bound.count() == 0:
            continue
        others = page.get_by_role("listbox").get_by_role("option", selected=False)
        if kind == "combobox":
            for _ in range(5):  # what is still being drawn closes it again
                bound.first.click()
                with suppress(AssertionError):
                    expect(page.get_by_role("listbox")).to_be_visible(timeout=3000)
                    break
            if others.count() == 0:
                page.keyboard.press("Escape")
                continue
        with socket.expect_event("framereceived", finished):
            if kind == "combobox":
                others.first.click()
            elif kind == "spinbutton":
                bound.first.press("ArrowUp")
                bound.first.press("Enter")
            else:
                bound.nth(1).click()
        settled(page)


def parameters(page: Page) -> dict[str, list[str]]:
    return parameters_of(page.url)


def parameters_of(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query, keep_blank_values=True)


def shown(page: Page) -> list[Any]:
    """The page's heading, path and parameters, and every control with what it is set to."""
    heading = page.locator("h1").first.inner_text()
    return [
        heading,
        urlsplit(page.url).path,
        parameters(page),
        page.get_by_test_id("stMain").evaluate(CONTROLS),
    ]


def network(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Network as a line", exact=True)


def press(page: Page, what: str) -> None:
    """Press a button of the layer editor."""
    before = page.url
    page.locator(f".st-key-{Key.EDIT}-{what} button").first.click()
    expect(page).not_to_have_url(before)
    settled(page)


def test_back_and_forward_show_every_page_as_it_was_left(shared_server: Server, page: Page) -> None:
    with page.expect_websocket() as connection:
        visit(page, shared_server.url)
    left = []
    own: dict[str, set[str]] = {}
    for info in site.PAGES:
        if info is not site.PAGES[0]:
            menu(page, connection.value, info.title)
        change(page, connection.value)
        left.append(shown(page))
        own[info.title] = set(parameters(page)) - {Shared.MODEL}
        empty = info is site.PAGES[0] or page.get_by_text(WAITS).count()
        assert own[info.title] or empty, f"nothing was set on {info.title}"
    shared = set(NetworkKey)  # the network being built is on several pages
    names = [name for names_of in own.values() for name in names_of - shared]
    assert len(names) == len(set(names)), "a page has another page's parameters"

    for turn, pages in ((page.go_back, left[-2::-1]), (page.go_forward, left[1:])):
        for heading, *rest in pages:
            turn()
            arrived(page, heading)
            expected = [heading, *rest]
            with suppress(TimeoutError):  # the assertion says what differs
                page.wait_for_function(SHOWN, arg=expected[-1])
            assert shown(page) == expected


def test_an_entry_is_what_was_left_whatever_streamlit_writes_on_the_way(page: Page) -> None:
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=LINKS))
    page.goto("http://pages.test/a?x=1")
    page.evaluate(head.script())  # the tab stays through all of it
    page.evaluate("history.pushState({}, '', '/a?x=2')")  # an undo, say
    page.get_by_text("to b").click()
    page.evaluate("history.pushState({}, '', '/a')")
    page.get_by_text("to c").click()  # impatient
    page.evaluate("history.pushState({}, '', '/a?z=3')")
    page.evaluate("history.pushState({}, '', '/c?z=3')")
    page.evaluate("history.pushState({}, '', '/c?z=3&z=4')")
    seen = [page.url]
    page.go_back()
    page.evaluate("history.pushState({}, '', '/a')")  # what the page that was left has too is taken out
    page.evaluate("history.replaceState({}, '', '/a')")
    seen.append(page.url)
    for turn in (page.go_back, page.go_forward):
        turn()
        seen.append(page.url)
    assert seen == [
        "http://pages.test/c?z=3&z=4",
        "http://pages.test/a?x=2",
        "about:blank",
        "http://pages.test/a?x=2",
    ]


def test_what_is_put_back_by_hand_leaves_the_address(page: Page) -> None:
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=LINKS))
    page.goto("http://pages.test/a?x=1")
    page.evaluate(head.script())
    page.get_by_text("to b").click()
    page.evaluate("history.pushState({}, '', '/b')")
    page.go_back()
    assert page.url == "http://pages.test/a?x=1"
    page.keyboard.press("Tab")
    page.evaluate("history.pushState({}, '', '/a')")
    assert page.url == "http://pages.test/a"


def test_a_network_that_back_replaces_can_be_undone_to(shared_server: Server, page: Page) -> None:
    with page.expect_websocket() as connection:
        visit(page, f"{shared_server.url}/builder?builder-net={FIRST}&builder-epochs=7")
    menu(page, connection.value, "Pooling")
    menu(page, connection.value, "Builder")
    page.get_by_text("Network as text", exact=True).click()
    network(page).fill(SECOND)
    network(page).press("Enter")
    expect(page).to_have_url(re.compile(f"builder-net={SECOND}"))
    settled(page)
    press(page, "remove")
    settled(page)
    expect(page).to_have_url(f"{shared_server.url}/builder?builder-epochs=7&builder-net=flatten-linear10")
    page.go_back()
    arrived(page, "Pooling")
    page.go_back()
    arrived(page, "Builder")
    left = {"builder-net": [FIRST], "builder-epochs": ["7"]}
    page.wait_for_url(lambda url: parameters_of(url) == left)
    expect(page.get_by_label("Epochs")).to_have_value("7")
    for line in ("flatten-linear10", SECOND, FIRST):
        press(page, "Undo")
        expect(page).to_have_url(re.compile(rf"[?&]builder-net={line}(&|$)"))
