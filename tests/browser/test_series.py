"""Experiments in a browser: from Start to what its numbers say; held up, reloaded and gone on with."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from cnn_core.series import KINDS
from tests.browser.conftest import Server, no_exception, settled, visit

ENDED = 600_000  # ms; the runs follow one another, and other tests may have the cores
LINK = {
    "builder-dataset": "Digits",
    "builder-net": "conv4-relu-pool4-flatten-linear10",
    "series-settings": "epochs=1",
}


def experiment(server: Server, page: Page, kind: str, **link: object) -> Locator:
    """Open the page with an experiment of this kind set up; its main part."""
    of_kind = {f"series-{name}-{kind}": value for name, value in link.items()}
    visit(page, f"{server.url}/series?{urlencode({**LINK, 'series-kind': KINDS[kind].title, **of_kind})}")
    return page.get_by_test_id("stMain")


def start(page: Page) -> int:
    """Press Start; how many runs it said that these are."""
    said = page.get_by_text(re.compile(r"\d+ runs?: about")).first.inner_text()
    found = re.search(r"(\d+) runs?: about", said)
    assert found, said
    page.get_by_role("button", name="Start", exact=True).click()
    return int(found[1])


def done(main: Locator, runs: str, of: int) -> Locator:
    """The words that so many runs have ended; `runs` is a pattern."""
    return main.get_by_text(re.compile(rf"{runs} of {of} runs? done")).first


@pytest.mark.parametrize("kind", ["change", "seeds"])
def test_it_ends_with_scores_and_a_sentence(server: Server, page: Page, kind: str) -> None:
    main = experiment(server, page, kind, seeds=2 if kind == "seeds" else 1)
    runs = start(page)
    expect(done(main, str(runs), runs)).to_be_visible(timeout=ENDED)
    expect(main.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    words = "is the mean of 2 seeds" if kind == "seeds" else "Best:" if runs > 1 else "gives"
    expect(main.get_by_text(words).first).to_be_visible()
    settled(page)
    no_exception(page)


def test_it_is_held_up_reloaded_and_gone_on_with(server: Server, page: Page) -> None:
    main = experiment(server, page, "seeds", seeds=3)
    assert start(page) == 3
    expect(done(main, "[12]", 3)).to_be_visible(timeout=ENDED)
    page.get_by_role("button", name="Pause", exact=True).click()
    on = page.get_by_role("button", name="Go on", exact=True)
    expect(on).to_be_visible()
    page.reload()
    on.click()
    expect(done(main, "3", 3)).to_be_visible(timeout=ENDED)
    expect(main.get_by_text("is the mean of 3 seeds").first).to_be_visible()
    settled(page)
    no_exception(page)
