"""Trainings whose worker, server, or both are killed at random moments, and go on: is ever anything lost?

    python -m benchmarks.kills [--times 50] [--seed 10]

Trains a small network on the built-in digits, many quick epochs of it, on a real server of its own: once undisturbed,
then again and again, killed up to five times each, by TERM or KILL: right after Train or Resume was pressed, in a
batch, while a file is being written, and while it pauses. A dead server is started anew, and the run resumed by its
button. After each kill its history is held against that of the undisturbed run, and at its end its scores and its
weights too. Prints a row a kill, and leaves with 1 at the first thing that differs.
"""

import argparse
import contextlib
import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg

from benchmarks import serving
from cnn_core.runs import folding, history, records
from tests.support.socket_client import Tab, browser_cookie, connect, widget_state

VICTIMS = ("worker", "server", "both")
SIGNALS = (signal.SIGTERM, signal.SIGKILL)
MOMENTS = ("start", "batch", "writing", "pausing")
KILLS_OF_A_RUN = 5
PATIENCE = 600.0  # seconds; a machine with other things to do may need them
LINK = {
    "builder-net": "conv4-maxpool4-flatten-linear10",
    "builder-dataset": "digits",
    "builder-epochs": 40,
    "builder-batch": 16,
    "builder-limit": "500 images",
}
COMPARED = ("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy", "best")


class Lost(Exception):
    """Something that must not happen, in words."""


@dataclass(frozen=True)
class Kill:
    """Who is killed, by which signal, and when."""

    victim: str
    signal: signal.Signals
    moment: str


def kills(times: int, chance: random.Random) -> Iterator[Kill]:
    """So many: each combination comes before any comes again, in an order left to chance."""
    every = [Kill(*one) for one in itertools.product(VICTIMS, SIGNALS, MOMENTS)]
    rounds = (chance.sample(every, len(every)) for _ in itertools.count())
    return itertools.islice(itertools.chain.from_iterable(rounds), times)


def wait(happened: Callable[[], object], what: str) -> None:
    """Wait until something has happened. Raises `Lost`."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > end:
            raise Lost(f"{what} did not happen in {PATIENCE:.0f} s")
        time.sleep(0.01)


class Site:
    """A server that can die and be started anew, its home, and one visitor's browser."""

    def __init__(self, folder: Path) -> None:
        self.home, self.log = folder / "home", folder / "server.log"
        self.home.mkdir(parents=True)
        self.port = serving.free_port()
        self.start()
        self.cookies = browser_cookie(self.port)

    def start(self) -> None:
        """Start the server; the workers of the last one are gone."""
        environment = {"CONVLENS_HOME": str(self.home), "CONVLENS_WARM_WORKER": "1"}
        self.process: subprocess.Popen[bytes] = serving.start(
            self.port, environment=environment, log=self.log
        )

    def workers(self) -> list[psutil.Process]:
        """Its training processes, one of which may wait for a run."""
        children = psutil.Process(self.process.pid).children()
        return [one for one in children if "cnn_core.worker" in " ".join(one.cmdline())]

    @contextlib.contextmanager
    def tab(self, run: str = "") -> Iterator[Tab]:
        """The builder with the small network, or with a run."""
        query = urlencode({**LINK, **({"run": run} if run else {})})
        with connect(self.port, "builder", query, cookies=self.cookies, run=False) as tab:
            tab.rerun(seconds=PATIENCE)
            yield tab

    def train(self) -> Path:
        """Press Train; the folder of the run, which is queued or has begun."""
        before = set(self._runs())
        with self.tab() as tab:
            send(tab, tab.keys["builder-train"][0])
            wait(lambda: set(self._runs()) - before, "a new run")
        (path,) = set(self._runs()) - before
        return path

    def press(self, path: Path, label: str, until: Callable[[], object]) -> None:
        """Press a button beside a run's curves, once it is there."""
        with self.tab(path.name) as tab:
            end = time.monotonic() + PATIENCE
            while not button(tab, label):
                if time.monotonic() > end:
                    raise Lost(f"there is no {label} beside {path.name}: {tab.texts}")
                tab.rerun(seconds=PATIENCE)
            send(tab, button(tab, label))
            wait(until, f"what {label} asks for")

    def _runs(self) -> list[Path]:
        return [spec.parent for spec in (self.home / "runs").glob("2*/" + records.SPEC)]


def button(tab: Tab, label: str) -> str:
    """The id of the button that bears this label; empty where there is none."""
    found = (e.button for e in tab.elements.values() if e.WhichOneof("type") == "button")
    return next((one.id for one in found if one.label == label), "")


def send(tab: Tab, widget_id: str) -> None:
    """Press a button and wait for no answer: the server may be dead before it gives one."""
    message = BackMsg()
    message.rerun_script.query_string = tab.query
    message.rerun_script.page_script_hash = tab.page_hash
    message.rerun_script.page_name = tab.page
    message.rerun_script.widget_states.widgets.append(widget_state(widget_id, "trigger_value", True))
    tab.send(message)


class Trial:
    """One run on a site, compared with the `whole` one that nobody disturbed (None: it is that one)."""

    def __init__(self, site: Site, whole: history.Run | None, chance: random.Random) -> None:
        self.site, self.whole, self.chance = site, whole, chance
        self.path = site.train()
        self.killed = 0

    def run(self) -> history.Run:
        """The run as its folder tells it now."""
        return history.read(self.path)

    def kill(self, kill: Kill) -> history.Run | None:
        """Kill, and see that the run is sound and has ended or can be resumed; None where it trained no more before."""
        with self._moment(kill.moment):
            before = self.run()
            if not before.active:
                return None
            server, workers = psutil.Process(self.site.process.pid), self.site.workers()
            victims = {"worker": workers, "server": [server], "both": [server, *workers]}[kill.victim]
            for process in self.chance.sample(victims, len(victims)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(kill.signal)
        self.killed += 1
        if kill.victim != "worker":
            self._start_anew(workers)
        wait(lambda: not self.run().active, f"the end of a run whose {kill.victim} got {kill.signal.name}")
        after = self.run()
        self._sound(after, len(before.epochs))
        return after

    def resume(self) -> None:
        """Press Resume; it is queued or trains again."""
        self.site.press(self.path, "Resume", lambda: not self.run().resumable)

    def finish(self) -> history.Run:
        """Wait for the end, and compare all with the undisturbed run."""
        wait(lambda: not self.run().active, "the end of a run")
        run = self.run()
        if run.status != "finished":
            raise Lost(f"{run.id} is {run.status}: {run.reason}")
        self._sound(run, run.settings.epochs)
        if self.whole is not None:
            if run.test != self.whole.test:
                raise Lost(f"{run.id} has other scores: {run.test} instead of {self.whole.test}")
            for name in (records.BEST, f"{records.EPOCHS}/{run.settings.epochs:03d}.safetensors"):
                if (self.path / name).read_bytes() != (self.whole.path / name).read_bytes():
                    raise Lost(f"{run.id} has other weights: {name}")
        return run

    @contextlib.contextmanager
    def _moment(self, moment: str) -> Iterator[None]:
        """Enter when the moment has come, or the run has ended."""
        if moment == "start":
            time.sleep(self.chance.uniform(0, 0.6))
            yield
            return
        wait(lambda: self.run().batches or not self.run().active, "the first batch")
        time.sleep(self.chance.uniform(0, 0.8))
        with contextlib.ExitStack() as stack:
            if moment == "writing":
                wait(lambda: self._half_written() or not self.run().active, "a file that is half written")
            if moment == "pausing":
                tab = stack.enter_context(self.site.tab(self.path.name))
                if pause := button(tab, "Pause"):
                    send(tab, pause)
                time.sleep(self.chance.uniform(0, 0.3))
            yield

    def _half_written(self) -> bool:
        """Whether a file of the run is being written: looked for at every moment of the next tenth of a second."""
        end = time.monotonic() + 0.1
        while time.monotonic() < end:
            for folder in (self.path, self.path / records.EPOCHS):
                if any(entry.name.endswith(".part") for entry in os.scandir(folder)):
                    return True
        return False

    def _start_anew(self, workers: list[psutil.Process]) -> None:
        """Start the server again once the dead one's workers have noticed, and come back as its visitor."""
        self.site.process.wait(PATIENCE)
        _, alive = psutil.wait_procs(workers, timeout=PATIENCE)
        if alive:
            raise Lost("a worker outlives its server")
        self.site.start()
        with self.site.tab(self.path.name):
            pass

    def _sound(self, run: history.Run, epochs: int) -> None:
        """Raise `Lost` where the run's history is not that of the undisturbed run, or has fewer than its `epochs`."""
        if not run.resumable and run.status != "finished":
            raise Lost(f"{run.id} is {run.status}: {run.reason}")
        if [epoch["epoch"] for epoch in run.epochs] != list(range(len(run.epochs))):
            raise Lost(f"{run.id} lacks an epoch")
        if len(run.epochs) < epochs:
            raise Lost(f"{run.id} had {epochs} epochs and has {len(run.epochs)}")
        places = [folding.place(batch) for batch in run.batches]
        if places != sorted(set(places)):
            raise Lost(f"{run.id} tells batches twice")
        if self.whole is not None:
            for found, expected in zip(run.epochs, self.whole.epochs):
                if any(found.get(name) != expected.get(name) for name in COMPARED):
                    raise Lost(f"{run.id} has another epoch {found['epoch']}: {found}, not {expected}")


def where(run: history.Run) -> str:
    """How far a run has told that it is."""
    if not run.batches:
        return "not begun"
    epoch, step = folding.place(run.batches[-1])
    return f"epoch {epoch + 1}, batch {step}"


def endure(site: Site, planned: Iterable[Kill], chance: random.Random, told: Callable[[str], None]) -> int:
    """Kill as planned and let every run go on to its end; the number of runs. Raises `Lost`."""
    whole = Trial(site, None, chance).finish()
    told(f"undisturbed: {len(whole.epochs)} epochs, accuracy {(whole.test or {}).get('accuracy'):.4f}")
    trial, runs = None, 0
    for number, kill in enumerate(planned, 1):
        after = None
        while after is None:
            if trial is None:
                trial, runs = Trial(site, whole, chance), runs + 1
            if (after := trial.kill(kill)) is None:
                if trial.run().resumable:  # it had paused before it could be killed
                    trial.resume()
                trial.finish()
                trial = None
        told(
            f"{number:>3} {kill.victim:7}{kill.signal.name:8}{kill.moment:8} {where(after):22}{after.status:12}"
            f" {len(after.epochs):>2} whole epochs"
        )
        if after.resumable:
            trial.resume()
        if trial.killed == KILLS_OF_A_RUN or not after.resumable:
            trial.finish()
            trial = None
    if trial is not None:
        trial.finish()
    return runs


def main() -> int:
    """Kill, and print what came of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=10)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        try:
            planned = kills(arguments.times, chance)
            runs = endure(site, planned, chance, lambda line: print(line, flush=True))
        except Lost as lost:
            print(f"LOST: {lost}")
            for log in (site.log, *site.home.glob(f"runs/*/{records.LOG}")):
                print(f"--- the end of {log.relative_to(folder)}\n{log.read_text(errors='replace')[-2000:]}")
            return 1
        finally:
            serving.end(site.process)
    print(
        f"{arguments.times} kills of {runs} runs: all went on to the scores and weights of the undisturbed one."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
