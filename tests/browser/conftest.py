"""A real server for the Chromium of tests/conftest.py."""

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from benchmarks import serving
from tests.conftest import REAL_HOME

expect.set_options(timeout=90_000)  # a core is shared by several servers and Chromiums


class Server:
    """The app on a port of its own, with a CONVLENS_HOME of its own; where it is `warm`, a worker waits for Train.

    That costs seconds of a core, so a server on which tests only look has none.
    """

    def __init__(self, home: Path, warm: bool = True) -> None:
        self.home, self.warm = home, warm
        home.mkdir(parents=True, exist_ok=True)
        real = REAL_HOME / "data"
        if real.is_dir() and not (home / "data").exists():
            (home / "data").symlink_to(real)
        self.port = serving.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        environment = {"CONVLENS_HOME": str(self.home), "CONVLENS_WARM_WORKER": str(int(self.warm))}
        self.process = serving.start(self.port, environment=environment)

    def workers(self) -> list[psutil.Process]:
        return [
            p
            for p in psutil.Process(self.process.pid).children()
            if "cnn_core.worker" in " ".join(p.cmdline())
        ]

    def kill(self) -> None:
        """As `kill -9` does: the server only, its workers are left to notice."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        serving.end(self.process)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    fresh = Server(tmp_path / "served")
    yield fresh
    fresh.stop()


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has asked for a page, and that nobody will train on."""
    fresh = Server(tmp_path / "served", warm=False)
    yield fresh
    fresh.stop()


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of a module that leave nothing behind on it."""
    shared = Server(tmp_path_factory.mktemp("served") / "home", warm=False)
    yield shared
    shared.stop()


def visit(page: Page, url: str) -> None:
    """Open an address and wait until its script has run."""
    page.goto(url)
    # Before the first run a page counts as settled too, so the heading is waited for first.
    expect(page.locator("h1").first).to_be_visible()
    settled(page)


def settled(page: Page) -> None:
    """Wait until no script runs."""
    expect(page.locator(serving.SETTLED)).to_be_attached()


def no_exception(page: Page) -> None:
    """No traceback and no "page not found" on the page."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_text("Page not found")).to_have_count(0)
