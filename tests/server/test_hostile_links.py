"""1,000 links that nobody would write by hand, each opened as a browser does, on a server that others use."""

from urllib.parse import urlencode

import pytest

from pages.operations.convolution.keys import Key as Convolution
from pages.ui.keys import Shared
from pages.ui.network.keys import NetworkKey
from pages.ui.site import PAGES
from tests.server.conftest import Served
from tests.support.hostile_links import hostile_links
from tests.support.hostile_texts import ONE_OF_ALL
from tests.support.looking import problems, seen
from tests.support.shown_texts import of_tab
from tests.support.socket_client import connect

SEED, COUNT = 8, 1_000


def test_no_link_breaks_a_page_or_another_s(served: Served) -> None:
    for page in PAGES:  # what a page imports once is not a link's doing
        with connect(served.port, page.name):
            pass
    with connect(
        served.port, "builder", "builder-net=conv4-relu-flatten-linear10&builder-epochs=5"
    ) as honest:
        before = honest.texts
        wrong = [
            (link.kind, link.page, link.query[:500], found)
            for link in hostile_links(SEED, COUNT)
            if (found := problems(served.port, served.process, served.home, link.page, link.query))
        ]
        assert wrong == []
        honest.rerun()
        assert honest.texts == before
        assert not honest.has_error


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("builder", {Shared.RUN: ONE_OF_ALL}),
        ("builder", {NetworkKey.NETWORK: ONE_OF_ALL}),
        ("convolution", {Convolution.SOURCE: "matrix", Convolution.MATRIX: ONE_OF_ALL}),
    ],
)
def test_what_a_link_says_is_quoted(page: str, parameters: dict[str, str], served: Served) -> None:
    with connect(served.port, page, urlencode(parameters)) as tab:
        texts = list(of_tab(tab))
        assert any(
            (where == "Alert.body" and "evil" in text) or "is no layer" in text for where, text in texts
        )
        assert seen(tab, served.home) == []
