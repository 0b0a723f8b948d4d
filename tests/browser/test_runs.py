"""Two runs laid over one another by mouse and by keyboard: read at an epoch, compared, told apart from chance."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cnn_core.runs.events import Epoch, Event
from tests.browser.conftest import Server, no_exception, settled, visit
from tests.support.own_runs import BATCH, STARTED, write_run

FINISHED: Event = {"type": "finished", "accuracy": 0.9375, "macro_f1": 0.9}
# One that says what it reads has the pointer over an epoch.
READING = "#vg-tooltip-element.visible"


def epoch(number: int, loss: float) -> Epoch:
    return {
        "type": "epoch",
        "epoch": number,
        "loss": loss,
        "accuracy": 0.5,
        "validation_loss": loss,
        "validation_accuracy": 0.5,
        "seconds": 1.0,
        "best": True,
    }


@pytest.fixture(scope="module")
def runs(shared_server: Server) -> Iterator[list[str]]:
    """Three of the server's own, two epochs each, all with the same scores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CONVLENS_HOME", str(shared_server.home))
        paths: list[Path] = []
        for number, title in enumerate(("slow", "quick", "another")):
            events = (epoch(0, 1.25 + number), epoch(1, 0.75 + number))
            paths.append(write_run(STARTED, BATCH, *events, FINISHED, title=title, browser=None, tested=True))
        yield [path.name for path in paths]


def box(page: Page, title: str) -> object:
    return page.get_by_role("checkbox", name=title)


def test_by_mouse(runs: list[str], page: Page, shared_server: Server) -> None:
    visit(page, f"{shared_server.url}/runs?runs-chosen={runs[0]}")
    expect(box(page, "A · slow")).to_be_checked()
    page.locator("label", has_text="quick").click()
    expect(box(page, "B · quick")).to_be_checked()
    expect(page.locator(".runs-table tbody tr")).to_have_count(2)
    assert f"runs-chosen={runs[0]}%2F{runs[1]}" in page.url
    chart = page.get_by_test_id("stVegaLiteChart").first
    expect(chart.locator("canvas, svg").first).to_be_visible()
    settled(page)
    place = chart.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 0.9 * place["width"], place["y"] + 0.5 * place["height"], steps=5)
    reading = page.locator(READING)
    expect(reading).to_contain_text("0.7500")
    expect(reading).to_contain_text("1.7500")
    page.get_by_role("tab", name="Settings").click()
    expect(page.get_by_text("They were told the same in everything")).to_be_visible()
    no_exception(page)


def test_by_keyboard(runs: list[str], page: Page, shared_server: Server) -> None:
    visit(page, f"{shared_server.url}/runs?runs-chosen={runs[0]}")
    box(page, "quick").focus()
    page.keyboard.press("Space")
    expect(box(page, "B · quick")).to_be_checked()
    settled(page)
    expect(box(page, "B · quick")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator(".runs-table tbody tr")).to_have_count(1)
    page.keyboard.press("Space")
    expect(page.locator(".runs-table tbody tr")).to_have_count(2)
    page.get_by_role("tab", name="Curves").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Confusion matrices")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(2)
    no_exception(page)
