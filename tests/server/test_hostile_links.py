"""1,000 links that nobody would write by hand, each opened as a browser does, on a server that others use."""

from urllib.parse import urlencode

import psutil
import pytest

from pages.operations.convolution.keys import Key as Convolution
from pages.train.builder.keys import Key as Builder
from pages.ui.keys import Shared
from tests.server.conftest import Served
from tests.support.hostile_links import HostileLink, hostile_links
from tests.support.hostile_texts import ONE_OF_ALL
from tests.support.shown_texts import naming_folders, of_tab, rendered
from tests.support.socket_client import Tab, connect

SEED, COUNT = 8, 1_000
SECONDS = 3.0  # of the server's processor, which other programs on the machine do not change


def seconds_used(process: psutil.Process) -> float:
    """Seconds of all cores that the server's process has taken."""
    used = process.cpu_times()
    return float(used.user + used.system)


def problems(served: Served, link: HostileLink) -> list[str]:
    """What is wrong with the page that a link opens."""
    before = seconds_used(served.process)
    try:
        with connect(served.port, link.page, link.query) as tab:
            found = seen(served, tab)
    except TimeoutError:
        return ["it hangs"]
    took = seconds_used(served.process) - before
    return [*found, f"{took:.1f} s"] if took > SECONDS else found


def seen(served: Served, tab: Tab) -> list[str]:
    """What is wrong with a page."""
    texts = list(of_tab(tab))
    found = ["an error page"] * tab.has_error
    found += ["no title"] * (not any(where == "Heading.body" for where, _ in texts))
    found += [f"rendered in {where}: {text}" for where, text in rendered(texts)]
    return found + [f"folder in {where}: {text}" for where, text in naming_folders(texts, served.home)]


def test_no_link_breaks_a_page_or_another_s(served: Served) -> None:
    with connect(
        served.port, "builder", "builder-net=conv4-relu-flatten-linear10&builder-epochs=5"
    ) as honest:
        before = honest.texts
        wrong = [
            (link.kind, link.page, link.query[:500], found)
            for link in hostile_links(SEED, COUNT)
            if (found := problems(served, link))
        ]
        assert wrong == []
        honest.rerun()
        assert honest.texts == before
        assert not honest.has_error


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("builder", {Shared.RUN: ONE_OF_ALL}),
        ("builder", {Builder.NETWORK: ONE_OF_ALL}),
        ("convolution", {Convolution.SOURCE: "matrix", Convolution.MATRIX: ONE_OF_ALL}),
    ],
)
def test_what_a_link_says_is_quoted(page: str, parameters: dict[str, str], served: Served) -> None:
    with connect(served.port, page, urlencode(parameters)) as tab:
        texts = list(of_tab(tab))
        assert any(
            (where == "Alert.body" and "evil" in text) or "is no layer" in text for where, text in texts
        )
        assert seen(served, tab) == []
