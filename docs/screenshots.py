"""Take the README's screenshots again, from the running app.

    python -m docs.screenshots [NAME ...]

Starts a server of its own with this machine's datasets; the builder's picture trains on MNIST where it is here.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.serving import ROOT, SETTLED, browser, server
from cnn_core.files import home as convlens_home

# A hand-drawn three, as corners of one stroke in the canvas's unit square.
STROKE = (
    (0.3, 0.2),
    (0.5, 0.14),
    (0.68, 0.24),
    (0.62, 0.42),
    (0.46, 0.5),
    (0.66, 0.56),
    (0.7, 0.76),
    (0.5, 0.87),
    (0.28, 0.8),
)


def settle(page: Page) -> None:
    """Until the script has run and pictures and charts are drawn."""
    page.wait_for_selector(SETTLED, timeout=120_000)
    page.wait_for_timeout(3000)


def stroke(page: Page) -> None:
    """Draw the stroke with the mouse."""
    canvas = page.locator("canvas[role=application]").first
    box = canvas.bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in STROKE]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def draw(page: Page) -> None:
    """Draw, and wait for the reading."""
    stroke(page)
    page.get_by_text("The network reads").first.wait_for()


def train(page: Page) -> None:
    """Start a training and wait for its third epoch."""
    page.get_by_test_id("stMain").get_by_role("button", name="Train", exact=True).click()
    page.get_by_text("Epoch 3 of").first.wait_for(timeout=600_000)


def read(page: Page) -> None:
    """Wait until the digit that stands on Home is read."""
    page.locator(".reader .bar.best").wait_for()


SHOTS = (
    ("home", "", "light", read),
    ("convolution", "convolution?conv-image-source=Photograph&conv-image-size=64", "light", None),
    ("builder", "builder?builder-epochs=5", "light", train),
    ("network", "network", "light", stroke),
    ("draw", "draw", "light", draw),
    ("feature_maps", "feature_maps", "light", None),
    ("confusion", "confusion", "dark", None),
)


def main() -> None:
    """Write docs/<name>.png for every shot, or for those that are named."""
    wanted = set(sys.argv[1:]) or {name for name, *_ in SHOTS}
    with tempfile.TemporaryDirectory() as home, browser() as chromium:
        (Path(home) / "data").symlink_to(convlens_home() / "data")
        with server(environment={"CONVLENS_HOME": home}) as (port, _):
            for name, address, scheme, act in (shot for shot in SHOTS if shot[0] in wanted):
                context = chromium.new_context(
                    viewport={"width": 1280, "height": 720}, color_scheme=scheme, reduced_motion="reduce"
                )
                page = context.new_page()
                page.goto(f"http://127.0.0.1:{port}/{address}")
                settle(page)
                if act is not None:
                    act(page)
                    page.mouse.move(5, 700)  # what is pointed at shows a hint over its neighbours
                    page.wait_for_timeout(1500)
                    page.wait_for_selector(SETTLED, timeout=120_000)
                page.screenshot(path=ROOT / "docs" / f"{name}.png")
                context.close()


if __name__ == "__main__":
    main()
