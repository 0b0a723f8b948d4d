"""The network map: the pen moved to the whole map drawn anew, and a new image to the map, in Chromium.

    python -m benchmarks.network_map [--moves 60]

Milliseconds from the pointer's move (or from the image's coming to the browser) to the map's canvas painted; the frame
that the screen then shows it in comes on top. "A click to it" begins with the click on Another image and has the server
in it. The goals: 33 ms median and 60 ms p95 for `mnist-3conv`, 200 ms for `tiny-vgg`. Then frames a second while 16
layers of 64 channels are scrolled and pointed at, beside what the browser manages with nothing to draw; the goal is 50.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page

from benchmarks.serving import SETTLED, browser, server
from cnn_core import checkpoints
from cnn_core.data import catalog
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import Conv2d, Flatten, GlobalAvgPool, Linear
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import records
from cnn_core.training.settings import TrainSettings

VGG, DEEP = "tiny-vgg", "deep"
# Scroll and point at something else in every frame, or do nothing; frames a second.
FRAMES = """([seconds, isIdle]) => new Promise((done) => {
  const root = [...document.querySelectorAll('.st-key-map-map *')].find((e) => e.shadowRoot).shadowRoot;
  const [scroller, canvas] = [root.querySelector('.scroller'), root.querySelector('.overview canvas')];
  const box = canvas.getBoundingClientRect();
  let frames = 0;
  const start = performance.now();
  const tick = (now) => {
    frames += 1;
    if (!isIdle) {
      scroller.scrollLeft = 300 + 300 * Math.sin(now / 400);
      const at = { clientX: box.x + (now / 3) % (0.8 * box.width), clientY: box.y + 100 + (now / 5) % 300 };
      canvas.dispatchEvent(new PointerEvent('pointermove', at));
    }
    if (now - start < 1000 * seconds) requestAnimationFrame(tick);
    else done(frames / ((now - start) / 1000));
  };
  requestAnimationFrame(tick);
})"""


def main(argv: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--moves", type=int, default=60)
    moves = parser.parse_args(argv).moves
    with tempfile.TemporaryDirectory() as home, browser() as chromium:
        untrained(Path(home))
        with server(environment={"CONVLENS_HOME": home, "CONVLENS_WARM_WORKER": "0"}) as (port, _):
            page = chromium.new_page(viewport={"width": 1280, "height": 720})
            page.set_default_timeout(90_000)
            address = f"http://127.0.0.1:{port}/network?map-input="
            print(f"{'':46} {'median':>8} {'p95':>8}   ms")
            root = opened(page, f"{address}Drawing")
            said("mnist-3conv, pen to the map", drawn(page, root, moves))
            cell = opened(page, f"{address}Drawing&map-place=conv2.17.4.6")
            said("mnist-3conv, pen to a cell's arithmetic", drawn(page, cell, moves))
            root = opened(page, f"{address}Image&model=run:{VGG}")
            took, clicked = another(page, root, moves // 3)
            said(f"{VGG}, a new image to the map", took)
            said(f"{VGG}, a click to it", clicked)
            opened(page, f"{address}Image&model=run:{DEEP}&map-columns=Every+layer")
            empty, full = (page.evaluate(FRAMES, [3, isIdle]) for isIdle in (True, False))
            print(
                f"16 layers of 64, scrolled and pointed at: {full:.1f} frames a second ({empty:.1f} at rest)"
            )


def untrained(home: Path) -> None:
    """Networks as finished runs, never trained: how fast they are does not depend on their weights."""
    deep = Architecture(
        (1, 28, 28), (*[Conv2d(64, padding="same")] * 16, GlobalAvgPool(), Flatten(), Linear(10)), 10
    )
    for name, architecture, data in (
        (VGG, PRESETS[VGG].architecture((3, 32, 32)), "cifar10"),
        (DEEP, deep, "digits"),
    ):
        path = home / "runs" / name
        records.create(architecture, TrainSettings(dataset=data), name, path)
        records.append(path, {"type": "finished", "accuracy": 0.0, "macro_f1": 0.0})
        of = (data, catalog.info(data).classes, architecture, {}, None, "", "", {}, "", records.BEST)
        weights = dict(build(architecture, seed=0).state_dict())
        checkpoints.save(path, weights, checkpoints.Card(name, name, *of))


def opened(page: Page, address: str) -> Locator:
    """The map at an address, once it has answered and the page is at rest."""
    page.goto(address)
    page.wait_for_selector(SETTLED, timeout=90_000)
    page.locator(".network-map[data-answers]").wait_for(timeout=60_000)
    page.wait_for_selector(SETTLED, timeout=90_000)
    page.wait_for_timeout(3000)
    return page.locator(".network-map")


def answered(root: Locator, before: str | None) -> float:
    """Wait for the next answer; how long it took."""
    for _ in range(10_000):
        if root.get_attribute("data-answers") != before:
            return float(root.get_attribute("data-took") or 0)
        time.sleep(0.002)
    raise SystemExit("The map does not answer.")


def drawn(page: Page, root: Locator, moves: int) -> list[float]:
    """Draw a spiral, move by move."""
    box = page.locator(".network-map .square canvas").bounding_box()
    if box is None:
        raise SystemExit("There is no paper.")
    took = []
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    for move in range(moves):
        before = root.get_attribute("data-answers")
        down, across = divmod(move % 60, 10)
        shares = 0.2 + 0.06 * (across if down % 2 == 0 else 9 - across), 0.2 + 0.1 * down
        page.mouse.move(box["x"] + shares[0] * box["width"] + 1, box["y"] + shares[1] * box["height"] + 4)
        took.append(answered(root, before))
    page.mouse.up()
    return took


def another(page: Page, root: Locator, times: int) -> tuple[list[float], list[float]]:
    """Click for other images: from the image's coming, and from the click."""
    took, clicked = [], []
    for _ in range(times):
        before = root.get_attribute("data-answers")
        began = time.perf_counter()
        page.get_by_role("button", name="Another image").click()
        took.append(answered(root, before))
        clicked.append(1000 * (time.perf_counter() - began))
        page.wait_for_selector(SETTLED)
    return took, clicked


def said(what: str, took: Sequence[float]) -> None:
    """The median, and what 95 of 100 stay below."""
    print(f"{what:<46} {statistics.median(took):8.1f} {statistics.quantiles(took, n=20)[-1]:8.1f}")


if __name__ == "__main__":
    main()
