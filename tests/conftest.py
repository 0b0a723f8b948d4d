"""What all tests share: a home of their own, the real datasets and a Chromium only for those that ask for them."""

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page

from benchmarks import serving
from cnn_core.files import home
from pages.ui import kept, visitor

# The first example pays for importing and warming up torch, so a deadline in milliseconds says nothing.
settings.register_profile("convlens", deadline=None, derandomize=True)
settings.load_profile("convlens")

REAL_HOME = home()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser; skipped, with the reason, only where there is no Chromium."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
            if serving.CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="needs Chromium; install it, on Debian `apt install chromium`")
                )


@pytest.fixture(autouse=True)
def convlens_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty CONVLENS_HOME, so that no test sees or leaves anything on the machine."""
    home = tmp_path / "convlens"
    monkeypatch.setenv("CONVLENS_HOME", str(home))
    monkeypatch.setenv("CONVLENS_WARM_WORKER", os.environ.get("CONVLENS_WARM_WORKER", "0"))
    return home


BROWSER = "the-browser-of-all-tests-that-name-no-other"


@pytest.fixture(autouse=True)
def browser_secret(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """One browser for all of a test's sessions, which Streamlit's AppTest has none of; call it to change the secret."""

    def keep(secret: str | None) -> None:
        monkeypatch.setattr(visitor, "kept_secret", lambda: secret)

    monkeypatch.setattr(visitor, "address", lambda: None)
    keep(BROWSER)
    monkeypatch.setattr(kept, "_things", OrderedDict())
    return keep


@pytest.fixture
def mnist_home(monkeypatch: pytest.MonkeyPatch, convlens_home: Path) -> Path:
    """The test's own home with this machine's real MNIST in it; skipped, saying so, where it is not there."""
    real = REAL_HOME / "data" / "mnist"
    if not (real / "x_train.npy").is_file():
        pytest.skip(f"needs the real MNIST in {REAL_HOME / 'data'}; the README says how to get it")
    (convlens_home / "data").mkdir(parents=True)
    (convlens_home / "data" / "mnist").symlink_to(real)
    return convlens_home


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Torch on one core: small numbers are computed sooner by it than shared out to several."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with serving.browser() as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page the size of a projector's picture, with reduced motion."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    yield context.new_page()
    context.close()
