"""From a slider moved to the changed picture, in Chromium, on a server of its own.

    python -m benchmarks.slider [--moves 20]

Each page is opened by its link and its slider moved by the arrow keys, step after step. A step takes from the key
press to the first frame on which the pictures (every canvas, image and drawing of the page; on Convolution those of
the player) differ, with all that lies between: the browser, the way to the server, the rerun, and back. Needs
Playwright and a Chromium or Chrome on the path. Goal: 200 ms on an idle machine.
"""

import argparse
import os
import statistics

from playwright.sync_api import Page

from benchmarks.serving import SETTLED, browser, server

GOAL_MS = 200

# Called with the slider focused: waits for a key press, then frame by frame for other pictures.
WATCH = """(where) => {
  const main = document.querySelector(where);
  const everywhere = (root, found = []) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) everywhere(element.shadowRoot, found);
      if (element instanceof HTMLCanvasElement) found.push(element);
      if (element instanceof HTMLImageElement) found.push(element);
      if (element instanceof SVGElement && element.matches("svg.marks")) found.push(element);
    }
    return found;
  };
  const look = () => everywhere(main).filter((element) => element.checkVisibility()).map((element) => {
    if (element instanceof HTMLImageElement) return element.complete ? element.src : "";
    if (element instanceof SVGElement) return element.outerHTML;
    if (!element.width || !element.height) return "";
    const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
    let hash = 0;
    for (const word of new Int32Array(data.buffer)) hash = (Math.imul(hash, 31) + word) | 0;
    return hash;
  }).join();
  window.changed = new Promise((done) => {
    const before = look();
    document.addEventListener("keydown", () => {
      const start = performance.now();
      const check = () => {
        if (look() !== before) done(performance.now() - start);
        else if (performance.now() - start > 5000) done(null);
        else requestAnimationFrame(check);
      };
      requestAnimationFrame(check);
    }, { capture: true, once: true });
  });
}"""

PAGE = "[data-testid=stMain]"
PLAYER = ".st-key-conv-player"
GABOR = "convolution?conv-kernel=Gabor&conv-kernel-size=7&conv-padding=3"
RGB = "&conv-channels=RGB&conv-image-source=Photograph"

# (what, link, the slider's key, where the pictures are)
CASES = (
    ("Convolution 64×64: Gabor angle", f"{GABOR}&conv-image-size=64", "conv-angle", PLAYER),
    ("Convolution 128×128 RGB 7×7: Gabor angle", f"{GABOR}&conv-image-size=128{RGB}", "conv-angle", PLAYER),
    ("Pooling: shift", "pooling?pool-part=Shift+test", "pool-right", PAGE),
    ("Activations: temperature", "activations?act-part=Softmax+and+loss", "act-temperature", PAGE),
    ("Activations: margin", "activations?act-part=Softmax+twice", "act-margin", PAGE),
    ("Regularization: drop rate", "regularization", "reg-p", PAGE),
    ("Regularization: gamma", "regularization?reg-part=Batch+norm", "reg-gamma", PAGE),
    ("Regularization: rotation", "regularization?reg-part=Augmentation", "reg-rotate", PAGE),
)


def moves(page: Page, key: str, where: str, count: int) -> list[float]:
    """Milliseconds of `count` steps of the slider `key`, to the right and back by turns."""
    slider = page.locator(f".st-key-{key} input[type=range]").first
    times = []
    for number in range(count + 2):
        slider.focus()
        page.evaluate(WATCH, where)
        page.keyboard.press("ArrowLeft" if number % 2 else "ArrowRight")
        took = page.evaluate("() => window.changed")
        if took is None:
            raise SystemExit(f"{key}: no picture changed within 5 s of a move.")
        if number >= 2:  # the first two warm up
            times.append(took)
        page.wait_for_selector(SETTLED)
        page.wait_for_timeout(300)
    return times


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--moves", type=int, default=20, help="how often each slider is moved")
    count = parser.parse_args().moves
    with server() as (port, _), browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        print(f"{'slider':<44} {'median ms':>10} {'p95 ms':>8} {'load':>6}")
        for name, link, key, where in CASES:
            page.goto(f"http://127.0.0.1:{port}/{link}")
            page.locator("h1").first.wait_for()
            page.wait_for_selector(SETTLED, timeout=60_000)
            if where == PLAYER:
                page.get_by_role("button", name="Weights").first.click()
            page.locator(f".st-key-{key}").first.wait_for()
            page.wait_for_timeout(2000)
            times = sorted(moves(page, key, where, count))
            middle, late = statistics.median(times), times[int(0.95 * (len(times) - 1))]
            load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
            met = "met" if middle < GOAL_MS else "NOT met"
            print(f"{name:<44} {middle:>10.0f} {late:>8.0f} {load:>6}  {met}", flush=True)


if __name__ == "__main__":
    main()
