"""Two minutes of a hostile client beside somebody who trains, draws and looks."""

import json
import os
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.server.conftest import start
from tests.support.hostile_client import PAGES, Hostile
from tests.support.socket_client import browser_cookie, connect

SECONDS = float(os.environ.get("CONVLENS_HOSTILE_SECONDS", "120"))
NETWORK = "builder-net=conv4-relu-pool2-flatten-linear10&builder-epochs=30&builder-seed=7"


# What the pad tells after a stroke: here an upright one.
A_DRAWING = json.dumps({"strokes": [{"kind": "pen", "width": 20, "points": [140, 40, 140, 240]}]})
NO_DRAWING = json.dumps({"strokes": []})


class Honest:
    """Trains once, draws, and looks at all pages; remembers what it saw wrong."""

    def __init__(self, port: int, home: Path) -> None:
        self.port, self.home = port, home
        self.cookies = browser_cookie(port)
        self.wrong: list[str] = []
        self.looked = 0
        self.run = ""
        self.buttons: set[str] = set()  # ids of those on the page of its training

    def start_training(self) -> None:
        with connect(self.port, "builder", NETWORK, cookies=self.cookies) as tab:
            tab.press("builder-train")
            assert not tab.has_error, tab.exceptions
        self.run = self.runs()[0].name

    def runs(self) -> list[Path]:
        return sorted((self.home / "runs").glob("*/"))

    def scores(self, seconds: float) -> dict:
        """The trained network's scores, once they are there."""
        file = self.home / "runs" / self.run / "metrics.json"
        end = time.monotonic() + seconds
        while not file.is_file():
            if time.monotonic() > end:
                raise TimeoutError((self.home / "runs" / self.run / "events.jsonl").read_text()[-2000:])
            time.sleep(0.2)
        return json.loads(file.read_text(encoding="utf-8"))

    def look(self) -> None:
        """Every page once, the own run among them."""
        for page in PAGES:
            query = f"run={self.run}" if page == "builder" else ""
            with connect(self.port, page, query, cookies=self.cookies) as tab:
                if page == "convolution":
                    tab.set("conv-image-open", True)
                    tab.set("conv-image-another", True)
                    tab.set("conv-more-open", True)
                    tab.set("conv-bias", 1.0)
                if page == "draw":
                    tab.set("draw-pad", NO_DRAWING)  # the last look's is kept
                    blank = tab.texts
                    tab.set("draw-pad", A_DRAWING)
                    if tab.texts == blank:
                        self.wrong.append("draw: nothing was read")
                if page == "builder":
                    tab.poll()
                    self.buttons |= {i for i, kind in tab.keys.values() if kind == "trigger_value"}
                if tab.has_error:
                    self.wrong.append(f"{page}: {tab.exceptions or tab.texts[:3]}")
                self.looked += 1


@contextmanager
def served_to(honest_folder):
    """A server with a worker at hand, and the honest visitor; its workers are ended with it."""
    with start(honest_folder, {"CONVLENS_WARM_WORKER": "1"}) as server:
        yield server, Honest(server.port, server.home)


@pytest.mark.timeout(600 + 3 * int(SECONDS))
def test_an_honest_visitor_does_not_notice(tmp_path):
    with served_to(tmp_path / "alone") as (_, honest):
        honest.start_training()
        alone = honest.scores(120)

    with served_to(tmp_path / "beside") as (server, honest):
        honest.look()  # everything is loaded once, as on any server that has been running for a while
        before = server.memory()
        honest.start_training()
        hostile = Hostile(server.port, 8, lambda: honest.run, lambda: sorted(honest.buttons))
        attack = threading.Thread(target=hostile.run, args=(SECONDS,))
        attack.start()
        while attack.is_alive():
            honest.look()
        attack.join()
        scores = honest.scores(240)
        print(f"after the attack {server.memory():.0f} MB, {server.process.num_threads()} threads")
        honest.look()
        print(
            f"memory {before:.0f} -> {server.memory():.0f} MB, {honest.looked} pages looked at, {hostile.done}"
        )
        assert honest.wrong == []
        assert scores == alone
        assert honest.looked > len(PAGES)
        assert set(hostile.done) == {act.__name__ for act in hostile.acts}
        assert server.memory() - before < 150, hostile.done
        log = server.log.read_text(encoding="utf-8")
        assert log.count("Traceback") <= 3, log[-5000:]
        assert len(log) < 200_000
        workers = [child for child in psutil.Process(server.process.pid).children() if is_worker(child)]
        assert len(workers) <= 2  # one trains, one waits


def is_worker(process):
    try:
        return "cnn_core.worker" in process.cmdline()
    except psutil.Error:  # it ends in this moment
        return False
