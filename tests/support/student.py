"""A student at the app: what a course session is made of, done with clicks and keys on what a page shows."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from benchmarks.serving import SETTLED
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import history
from tests.browser.conftest import Server, no_exception, visit
from tests.conftest import REAL_HOME
from tests.support.judged import Matrix

PATIENCE = 60_000  # ms: the first page that needs torch waits for it
TRAINED = 600_000  # ms; training gives way to all else, and on a loaded machine may hardly get on


def needs(*datasets: str) -> None:
    """Skip the test, saying so, where one of these datasets is not on this machine."""
    for name in datasets:
        if not (REAL_HOME / "data" / name / "x_train.npy").is_file():
            pytest.skip(f"needs the real {name} in {REAL_HOME / 'data'}; the README says how to get it")


class Student:
    """Somebody in front of a browser, who begins on Home and has no address but that one."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.home = server.home
        self.main = page.get_by_test_id("stMain")
        self.sidebar = page.get_by_test_id("stSidebar")
        self.strip = self.main.get_by_role("toolbar", name="Layers of the network")
        page.set_default_timeout(PATIENCE)
        visit(page, server.url)

    def go(self, title: str) -> None:
        """Click a page of the menu."""
        link = page_link(self.page, title)
        link.click()
        self.arrived(title)

    def follow(self, link: str, title: str = "") -> None:
        """Click a link that the page itself offers to another one, which is called so or by its `title`."""
        self.main.get_by_role("link", name=link).click()
        self.arrived(title or link)

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
        """Take one of the presets, and wait until its layers stand there."""
        self.sidebar.get_by_role("button", name="Presets").click()
        self.page.get_by_role("button", name=title, exact=True).click()
        (hidden,) = (preset.hidden for preset in PRESETS.values() if preset.title == title)
        expect(self.strip.get_by_role("button")).to_have_count(len(hidden) + 1)  # and the last
        self.settled()

    def layer(self, name: str) -> Locator:
        """The card of a layer in the strip."""
        return self.strip.get_by_role("button", name=re.compile(rf"^{name}\b"))

    def click_layer(self, name: str) -> None:
        """Click a layer, whose settings then stand in the sidebar."""
        self.layer(name).click()
        expect(self.layer(name)).to_have_attribute("aria-pressed", "true")
        self.settled()

    def add(self, kind: str, after: str) -> None:
        """Put a layer behind another one, and wait until it stands there."""
        self.click_layer(after)
        self.choose(f"Add a layer after {after}", kind)
        expect(self.layer(after)).to_have_attribute("aria-pressed", "false")  # the new one is looked at

    def has_parameters(self, count: int) -> None:
        """Expect the page to count so many parameters in all layers."""
        expect(self.main).to_contain_text(re.compile(rf"All \d+ layers · {count:,} parameters"))

    def train_on_few(self, images: str) -> None:
        """Choose under More how many images a run trains on."""
        self.more("Data", lambda: self.choose("Train on", images))

    def more(self, part: str, act: Callable[[], None]) -> None:
        """Open a part of More, do something there, close it."""
        self.main.get_by_role("button", name="More", exact=True).click()
        self.page.get_by_role("tab", name=part, exact=True).click()
        act()
        self.page.keyboard.press("Escape")

    def train(self) -> history.Run:
        """Press Train and wait for the end; the run, as its folder on the server tells it."""
        before = run_in(self.page.url)
        self.main.get_by_role("button", name="Train", exact=True).click()
        self.page.wait_for_url(lambda url: run_in(url) not in ("", before))
        run = run_in(self.page.url)
        # Its own link, for the one of the run before stands until the server has answered.
        ended = self.main.get_by_role("link", name="Confusion matrix").and_(
            self.page.locator(f"a[href*='{run}']")
        )
        expect(ended).to_be_visible(timeout=TRAINED)
        expect(self.main.get_by_test_id("stVegaLiteChart")).to_have_count(2)
        self.settled()
        no_exception(self.page)
        return history.read(self.home / "runs" / run)

    def said(self) -> str:
        """What the page says, with plain spaces."""
        said: str = self.main.inner_text()
        return said.replace("\u00a0", " ")

    # The confusion matrix.

    def board(self) -> Locator:
        """The matrix with its images, once they are there."""
        board = self.main.locator(".board")
        expect(board.locator(".thumb").first).to_be_visible(timeout=PATIENCE)
        return board

    def matrix(self, classes: Sequence[str]) -> Matrix:
        """The images of each true class (rows) that are read as each class (columns), cell by cell."""
        names = (
            self.board().locator(".cell").evaluate_all("cells => cells.map((cell) => cell.ariaLabel ?? '')")
        )
        counts = np.zeros((len(classes), len(classes)), np.int64)
        for name in names:
            if found := re.match(r"(.+) read as (.+): ([\d,]+) of", name):
                true, read, count = found.groups()
                counts[classes.index(true), classes.index(read)] = int(count.replace(",", ""))
        return counts

    def click_cell(self, true: str, read: str, count: int) -> None:
        """Click a cell of the matrix, and see how many images stand beside it."""
        board = self.board()
        board.get_by_role("button", name=re.compile(f"^{re.escape(f'{true} read as {read}:')}")).click()
        images = f"{count:,} image{'' if count == 1 else 's'}"
        expect(board.locator(".title")).to_have_text(f"{images} of {true} read as {read}")
        expect(board.locator(".thumb")).to_have_count(min(24, count))


def run_in(url: str) -> str:
    """The run that a link names; "" where it names none."""
    return parse_qs(urlsplit(url).query).get("run", [""])[0]


def page_link(page: Page, title: str) -> Locator:
    """A page's link in the menu."""
    return page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True)
