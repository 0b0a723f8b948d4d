"""Time travel in a browser: the slider moves everything together by mouse and keys, and asks the server for nothing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect

from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import records
from cnn_core.runs.execution import execute
from cnn_core.training.settings import TrainSettings
from tests.browser.conftest import Server, no_exception, settled
from tests.support.made_runs import LINE

PICTURES = """() => [...document.querySelectorAll('.st-key-travel-board *')].flatMap((e) =>
  e.shadowRoot ? [...e.shadowRoot.querySelectorAll('canvas')] : []).map((c) => c.toDataURL())"""


@pytest.fixture(scope="module")
def run(shared_server: Server) -> str:
    """A short real training of the server's own."""
    architecture = Architecture((1, 28, 28), shorthand.from_text(LINE), 10)
    settings = TrainSettings(dataset="digits", epochs=2, batch_size=64, device="cpu")
    path: Path = shared_server.home / "runs" / "short"
    execute(records.create(architecture, settings, "short", path))
    return path.name


def pictures(page: Page) -> list[str]:
    """Curves, filters, maps and matrix, as they are drawn now."""
    found: list[str] = page.evaluate(PICTURES)
    assert len(found) == 4
    return found


def test_the_slider_moves_all_four_together_and_asks_nothing(
    page: Page, shared_server: Server, run: str
) -> None:
    asked: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda _: asked.append(1))

    page.on("websocket", listen)
    page.goto(f"{shared_server.url}/travel?travel-run={run}&travel-moment=0.0")
    slider = page.get_by_role("slider", name="Moment of the training")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^untrained: "), timeout=120_000)
    settled(page)
    status = page.locator(".travel .status")
    expect(status).to_contain_text("Untrained:")
    slider.focus()
    before, told = pictures(page), len(asked)
    seen = [status.inner_text()]
    for _ in range(6):  # by keys, faster than the slider comes to rest
        page.keyboard.press("ArrowRight")
        seen.append(status.inner_text())
    now = pictures(page)
    assert all(old != new for old, new in zip(before, now)), "a picture stays behind"
    assert len(asked) <= told + 1, "a step asks the server"
    assert len(set(seen)) == 7
    expect(page).to_have_url(re.compile(r"travel-moment=1\.0|travel-moment=0\.20"))  # once it rests
    page.keyboard.press("End")
    expect(status).to_contain_text("After epoch 2:")
    page.keyboard.press("Home")
    expect(status).to_contain_text("Untrained:")
    expect(page).to_have_url(re.compile(r"travel-moment=0\.0"))
    before = pictures(page)
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=8)
    expect(status).not_to_contain_text("Untrained:")
    assert all(old != new for old, new in zip(before, pictures(page)))
    page.mouse.up()
    expect(page).not_to_have_url(re.compile(r"travel-moment=0\.0(&|$)"))
    at = status.inner_text()
    settled(page)
    assert status.inner_text() == at, "the answer moved the slider"
    page.reload()
    expect(status).to_have_text(at, timeout=60_000)
    page.get_by_role("button", name="Play the training").click()
    expect(status).to_contain_text("After epoch 2:")  # it plays to its end, and stops there
    expect(page.get_by_role("button", name="Play the training")).to_be_visible()
    no_exception(page)
