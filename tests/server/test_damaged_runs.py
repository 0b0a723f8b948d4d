"""300 runs whose folders somebody damaged: every list, and each of them by its link, is a page; the good ones stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pytest

from cnn_core.runs.ownership import owner_of, tag
from tests.server.conftest import Served, start
from tests.support.damaged_runs import DamagedRun, damaged_runs, good_run
from tests.support.looking import problems
from tests.support.shown_texts import of_tab
from tests.support.socket_client import COOKIE, connect

SEED, COUNT = 8, 300
SECRET = "a" * 43  # of the browser that made half of the runs
ITS_RUN = f"20260101-000000-digits-{tag(owner_of(SECRET))}0000abcd"
SERVERS_RUN = "20260101-000000-digits-0000abcd"
COOKIES = {COOKIE: SECRET}


@dataclass(frozen=True)
class Home:
    """A server and the damaged runs in its home, and the two good ones."""

    served: Served
    damaged: list[DamagedRun]

    def problems(self, page: str, query: str = "") -> list[str]:
        """What is wrong with a page as the owner of half of the runs sees it."""
        return problems(self.served.port, self.served.process, self.served.home, page, query, COOKIES)

    def texts(self, page: str, query: str = "") -> list[str]:
        """Everything on a page."""
        with connect(self.served.port, page, query, cookies=COOKIES) as tab:
            return [text for _, text in of_tab(tab)]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("damaged")
    made: list[DamagedRun] = []
    for name, owner in ((ITS_RUN, owner_of(SECRET)), (SERVERS_RUN, None)):
        good = good_run(folder / "home", name, owner)
        made += damaged_runs(good, SEED + len(made), COUNT // 2)
    with start(folder) as served:
        with connect(served.port, "filters", "model=mnist-3conv"):
            pass  # what reads a network is imported once, and not by a damaged run
        yield Home(served, made)


@pytest.mark.parametrize("page", ["home", "builder", "filters", "confusion"])
def test_the_lists_are_there_for_everybody(page: str, home: Home) -> None:
    assert home.problems(page) == []


def test_each_by_its_link_is_a_page(home: Home) -> None:
    wrong = {}
    for run in home.damaged:
        for page, query in (("builder", f"run={run.query}"), ("filters", f"model=a+%C2%B7+{run.query}")):
            if found := home.problems(page, query):
                wrong[run.name, run.damage, page] = found
    assert wrong == {}


@pytest.mark.parametrize("name", [ITS_RUN, SERVERS_RUN])
def test_the_good_ones_stand(name: str, home: Home) -> None:
    texts = home.texts("builder", f"run={name}")
    assert any("50.00" in text for text in texts)
    assert any("conv1" in text for text in home.texts("filters", f"model={quote(f'{name} · {name}')}"))
    assert any(name in text for text in home.texts("filters"))  # the model picker's choices
