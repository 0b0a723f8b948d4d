"""A student at the app: what a course session is made of, done with clicks and keys on what a page shows."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from benchmarks.serving import SETTLED
from tests.browser.conftest import Server, no_exception, visit
from tests.conftest import REAL_HOME

PATIENCE = 60_000  # ms: the first page that needs torch waits for it
TRAINED = 180_000  # ms until a run of a session has ended on a loaded machine


def needs(*datasets: str) -> None:
    """Skip the test, saying so, where one of these datasets is not on this machine."""
    for name in datasets:
        if not (REAL_HOME / "data" / name / "x_train.npy").is_file():
            pytest.skip(f"needs the real {name} in {REAL_HOME / 'data'}; the README says how to get it")


class Student:
    """Somebody in front of a browser, who begins on Home and has no address but that one."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.main = page.get_by_test_id("stMain")
        self.sidebar = page.get_by_test_id("stSidebar")
        page.set_default_timeout(PATIENCE)
        visit(page, server.url)

    def go(self, title: str) -> None:
        """Click a page of the menu."""
        link = page_link(self.page, title)
        link.click()
        self.arrived(title)

    def follow(self, title: str) -> None:
        """Click a link that the page itself offers to another one."""
        self.main.get_by_role("link", name=title).click()
        self.arrived(title)

    def arrived(self, title: str) -> None:
        """Wait until a page is there whole."""
        expect(self.page.locator("h1").first).to_have_text(title, timeout=PATIENCE)
        self.settled()
        no_exception(self.page)

    def settled(self) -> None:
        """Wait until no script runs."""
        expect(self.page.locator(SETTLED)).to_be_attached(timeout=PATIENCE)

    def choose(self, label: str, option: str, *, within: Locator | None = None) -> None:
        """Open a list and click one of its options."""
        box = (within or self.page).get_by_role("combobox", name=label, exact=True)
        wanted = self.page.get_by_role("option", name=option, exact=True)
        box.click()
        try:
            wanted.click(timeout=5_000)
        except TimeoutError:  # what was set before came back from the server only now, and closed the list
            box.click()
            wanted.click()
        self.settled()

    def put(self, label: str, value: object) -> None:
        """Type a number into a field."""
        field = self.page.get_by_role("spinbutton", name=label, exact=True)
        field.fill(str(value))
        field.press("Enter")
        expect(field).to_have_value(re.compile(rf"^{re.escape(str(value))}0*$"))
        self.settled()

    def press(self, name: str) -> None:
        """Click a button of the page."""
        self.page.get_by_role("button", name=name, exact=True).last.click()
        self.settled()

    def tab(self, name: str) -> None:
        """Open a part of a page."""
        self.main.get_by_role("tab", name=name, exact=True).click()
        self.settled()

    def pick(self, name: str) -> None:
        """Click one of several that stand side by side."""
        self.main.get_by_role("radio", name=name, exact=True).click()
        self.settled()

    def unfold(self, title: str) -> Locator:
        """Open a folded part; what is in it."""
        part = self.main.get_by_test_id("stExpander").filter(has_text=title)
        part.locator("summary").click()
        self.settled()
        return part

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Expect these words on the page."""
        expect(self.main.get_by_text(text).first).to_be_visible()

    # The builder.

    def preset(self, title: str) -> None:
        """Take one of the presets."""
        self.sidebar.get_by_role("button", name="Presets").click()
        self.page.get_by_role("button", name=title, exact=True).click()
        self.settled()

    def layer(self, name: str) -> Locator:
        """The card of a layer in the strip."""
        strip = self.main.get_by_role("toolbar", name="Layers of the network")
        return strip.get_by_role("button", name=re.compile(rf"^{name}\b"))

    def click_layer(self, name: str) -> None:
        """Click a layer, whose settings then stand in the sidebar."""
        self.layer(name).click()
        expect(self.layer(name)).to_have_attribute("aria-pressed", "true")
        self.settled()

    def add(self, kind: str, after: str) -> None:
        """Put a layer behind another one."""
        self.click_layer(after)
        self.choose(f"Add a layer after {after}", kind)

    def train_on_few(self, images: str) -> None:
        """Choose under More how many images a run trains on."""
        self.more(lambda: self.choose("Train on", images))

    def more(self, act: Callable[[], None]) -> None:
        """Open More, do something there, close it."""
        self.main.get_by_role("button", name="More", exact=True).click()
        act()
        self.page.keyboard.press("Escape")

    def train(self) -> str:
        """Press Train, wait for the end; what the page then says of the run."""
        before = run_of(self.page)
        self.main.get_by_role("button", name="Train", exact=True).click()
        self.page.wait_for_url(lambda _: run_of(self.page) != before)
        expect(self.main.get_by_test_id("stVegaLiteChart")).to_have_count(2, timeout=TRAINED)
        expect(self.main.get_by_role("link", name="Confusion matrix")).to_be_visible(timeout=TRAINED)
        self.settled()
        no_exception(self.page)
        said: str = self.main.inner_text()
        return said.replace("\u00a0", " ")

    # The confusion matrix.

    def board(self) -> Locator:
        """The matrix with its images, once they are there."""
        board = self.main.locator(".board")
        expect(board.locator(".thumb").first).to_be_visible(timeout=PATIENCE)
        return board

    def largest_mistake(self) -> tuple[str, str, int]:
        """Click the cell of the most frequent mistake: its true class, what it is read as, and how often."""
        board = self.board()
        names = [cell.get_attribute("aria-label") or "" for cell in board.locator(".cell:not(:empty)").all()]
        found = [
            m.groups() for m in (re.match(r"(.+) read as (.+): ([\d,]+) of", name) for name in names) if m
        ]
        true, read, count = max(
            ((true, read, int(count.replace(",", ""))) for true, read, count in found if true != read),
            key=lambda one: one[2],
        )
        assert count, "not one mistake"
        board.get_by_role("button", name=re.compile(f"^{re.escape(f'{true} read as {read}:')}")).click()
        expect(board.locator(".title")).to_have_text(
            f"{count:,} image{'' if count == 1 else 's'} of {true} read as {read}"
        )
        return true, read, count


def run_of(page: Page) -> list[str]:
    """The run that the link names, if it names one."""
    return parse_qs(urlsplit(page.url).query).get("run", [])


def page_link(page: Page, title: str) -> Locator:
    """A page's link in the menu."""
    return page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True)


def f1_of(said: str) -> float:
    """The F1 that the page says a run has on the test images."""
    found = re.search(r"macro F1 (\d\.\d+)", said)
    assert found, said
    return float(found[1])
