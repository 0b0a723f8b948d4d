"""What a user waits for: the home page after `streamlit run`, and the first numbers after Train is clicked.

    python -m benchmarks.startup [--rounds 5]

Seconds as a browser sees them, Chromium already open. Home: from starting the process to its heading and tour on
the screen. Train: from the click to the first images/s on the builder page, the training process warm.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Page

from benchmarks.serving import SETTLED, browser, server
from cnn_core.data import catalog
from cnn_core.files import home as convlens_home


def warm_worker(process: psutil.Process) -> None:
    """Wait until the server's training process has imported torch and uses no time any more."""
    quiet = 0
    while quiet < 5:
        workers = [p for p in process.children() if "cnn_core.worker" in " ".join(p.cmdline())]
        busy = [p.cpu_percent(interval=0.2) for p in workers]
        quiet = quiet + 1 if busy and max(busy) < 5 else 0


def measure(page: Page) -> tuple[float, float]:
    """Seconds to the home page and seconds from Train to numbers, on a fresh server with an empty runs folder."""
    with tempfile.TemporaryDirectory() as home:
        if catalog.info("mnist").folder.is_dir():
            (Path(home) / "data").symlink_to(convlens_home() / "data")
        began = time.perf_counter()
        with server(environment={"CONVLENS_HOME": home, "CONVLENS_WARM_WORKER": "1"}) as (port, process):
            page.goto(f"http://127.0.0.1:{port}/")
            page.locator("h1").first.wait_for()
            page.get_by_text("The tour").first.wait_for()
            page.wait_for_selector(SETTLED)
            to_home = time.perf_counter() - began
            page.goto(f"http://127.0.0.1:{port}/builder")
            train = page.get_by_role("button", name="Train", exact=True)
            train.wait_for()
            page.wait_for_selector(SETTLED)
            warm_worker(process)
            began = time.perf_counter()
            train.click()
            page.get_by_text("images/s").first.wait_for()
            return to_home, time.perf_counter() - began


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        times = [measure(page) for _ in range(rounds)]
    for name, values, goal in zip(("streamlit run to home", "Train to first numbers"), zip(*times), (3, 1)):
        print(
            f"{name:24} median {statistics.median(values):.2f} s"
            f" (min {min(values):.2f}, max {max(values):.2f}), goal at most {goal} s"
        )


if __name__ == "__main__":
    main()
