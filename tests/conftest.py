"""What all tests share: the machine's cores, a home of their own, the real datasets and a Chromium where asked for."""

import functools
import os
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Page
from streamlit.components.v2 import manifest_scanner

from benchmarks import serving
from cnn_core import machine
from cnn_core.files import home
from pages.ui import kept, visitor
from tests.support import said

if TYPE_CHECKING:
    from xdist.remote import Producer
    from xdist.scheduler import LoadFileScheduling

# The first example pays for importing and warming up torch, so a deadline in milliseconds says nothing.
settings.register_profile("convlens", deadline=None, derandomize=True)
settings.load_profile("convlens")

REAL_HOME = home()
MOST_WORKERS = 8  # each has torch in memory
DRIVING = ("tests/browser/", "tests/server/")

if workers := os.environ.get("PYTEST_XDIST_WORKER_COUNT"):
    # Before torch is imported, and for the servers and trainings that tests start: as many threads as there are cores.
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, machine.cores() // int(workers))))


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Share the files of whole folders out to all cores; `-n` says otherwise. Single files begin sooner without."""
    is_worker = hasattr(config, "workerinput")
    if is_worker or not config.pluginmanager.hasplugin("xdist") or config.option.numprocesses is not None:
        return
    if any(Path(argument.partition("::")[0]).is_dir() for argument in config.args):
        config.option.numprocesses = min(machine.cores(), MOST_WORKERS)
        config.option.dist = "loadfile"  # what is made once for a file is; see below for the rest
        config.option.loadscopereorder = False  # in the order of folders the long files come first


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: "Producer") -> "LoadFileScheduling | None":
    """Tests in Chromium follow one another on one worker, and so do those at the websocket.

    With a server each takes more than a core already. (Groups, by `xdist_group`, do nothing with this pytest: it keeps
    a test's name where pytest-xdist does not write.)
    """
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class ByFolder(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return next((one for one in DRIVING if nodeid.startswith(one)), super()._split_scope(nodeid))

    return ByFolder(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser; skipped, with the reason, only where there is no Chromium."""
    for item in items:
        if isinstance(item, pytest.Function) and "browser" in item.fixturenames:
            item.add_marker(pytest.mark.browser)
            if serving.CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="needs Chromium; install it, on Debian `apt install chromium`")
                )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where a test fails in Chromium, say what its page had told the server."""
    report = yield
    page = item.funcargs.get("page") if isinstance(item, pytest.Function) else None
    if report.failed and isinstance(page, Page) and not page.is_closed():
        report.sections.append(("The page's last messages", said.report(page)))
    return report


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Streamlit's search of all installed packages for components, made once: each AppTest begins with one."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


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
    context.set_default_timeout(90_000)
    page = context.new_page()
    said.listen(page)
    yield page
    context.close()
