"""Frames a second of the kernel player, in Chromium, on a server of its own.

    python -m benchmarks.player [--seconds 5]

For each case the page is opened by its link, the player is set to a speed and played; what is counted is the frames
it drew (`data-frames`). Beside it stands what the same browser manages with nothing to draw, measured just before:
no player can be faster than that. Needs Playwright and a Chromium or Chrome on the path.
"""

import argparse

from playwright.sync_api import Page

from benchmarks.serving import SETTLED, browser, server

EMPTY_FRAMES = """(seconds) => new Promise((done) => {
  let frames = 0;
  const start = performance.now();
  const tick = (now) => {
    frames += 1;
    if (now - start < 1000 * seconds) requestAnimationFrame(tick);
    else done(frames / ((now - start) / 1000));
  };
  requestAnimationFrame(tick);
})"""

# (what, link, cells a second)
CASES = (
    ("28×28, kernel 3×3", "conv-image-size=28", 60),
    ("64×64, kernel 3×3", "conv-image-size=64", 60),
    ("64×64, kernel 7×7, numbers in 49 cells", "conv-image-size=64&conv-kernel-size=7&conv-padding=3", 60),
    ("128×128, kernel 3×3, 1000 cells/s", "conv-image-size=128", 1000),
    (
        "128×128 RGB, kernel 7×7",
        "conv-image-size=128&conv-channels=RGB&conv-kernel-size=7&conv-padding=3&conv-image-source=Photograph&conv-kernel=Gaussian+blur",
        240,
    ),
)


def frames_per_second(page: Page, speed: int, seconds: float) -> float:
    """Play at `speed` for `seconds`, and count what was drawn."""
    player = page.locator(".player")
    player.locator(".speed").select_option(str(speed))
    player.locator(".stage").press("Home")
    player.locator("button.play").click()
    page.wait_for_timeout(300)
    count = "el => [performance.now(), Number(el.dataset.frames), el.dataset.playing]"
    before, drawn, _ = player.evaluate(count)
    page.wait_for_timeout(1000 * seconds)
    after, total, playing = player.evaluate(count)
    if playing != "true":
        raise SystemExit("The player reached the end before the time was over.")
    player.locator("button.play").click()
    return (total - drawn) / ((after - before) / 1000)


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5, help="how long each case plays")
    seconds = parser.parse_args().seconds
    with server() as (port, _), browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"http://127.0.0.1:{port}/")
        page.wait_for_selector(SETTLED, timeout=60_000)
        print(f"{'case':<44} {'cells/s':>8} {'frames/s':>9} {'empty page':>11}")
        for name, link, speed in CASES:
            page.goto(f"http://127.0.0.1:{port}/convolution?{link}")
            page.wait_for_selector(SETTLED, timeout=60_000)
            page.locator(".player .result canvas").wait_for()
            page.wait_for_timeout(1000)
            empty = page.evaluate(EMPTY_FRAMES, min(seconds, 2))
            print(f"{name:<44} {speed:>8} {frames_per_second(page, speed, seconds):>9.1f} {empty:>11.1f}")


if __name__ == "__main__":
    main()
