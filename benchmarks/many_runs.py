"""What thousands of runs on disk cost those who look at Home and at the Builder, and a server's start.

    python -m benchmarks.many_runs [--runs 10,10000] [--reruns 30]

Makes homes with so many runs: four of the visitor who looks, four of the server's own, the others of others, every
hundredth left in training by a server that died. Serves each, and prints the seconds until the server answers and until
the first Home and Builder stand; then, once the server has looked at all runs and rests, the milliseconds of reruns
(p50, p95; the homes asked in turn), what a rerun takes of a processor, and the milliseconds of the first rerun after a
run came.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.rerun import Session, p50, p95, session
from benchmarks.serving import server
from cnn_core import files
from cnn_core.checkpoints import CARD
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import events, history, records
from cnn_core.runs.cards import card_of
from cnn_core.runs.ownership import id_end, owner_of
from cnn_core.training.settings import TrainSettings

SECRET = "the-visitor-who-looks-has-this-secret-of-43-characters"
COOKIE = f"convlens_browser={SECRET}"
OWN = OF_SERVER = 4
PAGES = ("home", "builder")
LONGEST_WAIT = 180
LEFT_BEHIND = 100  # one of so many runs was in training when its server died


def model_run(path: Path) -> None:
    """A finished run as it lies on disk, its weights left out."""
    architecture = PRESETS["mnist-3conv"].architecture((1, 28, 28), 10)
    records.create(architecture, TrainSettings(dataset="mnist"), "mnist-3conv", path)
    scores = {
        "accuracy": 0.99,
        "macro_f1": 0.99,
        "loss": 0.03,
        "images": 10_000,
        "confusion_matrix": [[100] * 10 for _ in range(10)],
    }
    files.write_json(path / CARD, card_of(history.read(path), None, "").to_dict() | {"test": scores})
    files.write_json(path / records.METRICS, scores)
    (path / records.BEST).write_bytes(b"")
    batch = (
        b'{"type": "batch", "epoch": 0, "step": 9, "loss": 0.1, "accuracy": 0.9, "images_per_second": 9000.0,'
        b' "learning_rate": 0.001, "time": 1790000000.0}\n'
    )
    (path / records.EVENTS).write_bytes(b'{"type": "queued"}\n' + 100 * batch)


def make_home(home: Path, count: int) -> None:
    """`count` runs, the oldest first."""
    runs = home / "runs"
    model_run(home / "model")
    spec = files.read_whole(home / "model" / records.SPEC)
    finished = events.write({"type": "finished", "accuracy": 0.99, "macro_f1": 0.99}) + "\n"
    for number in range(count):
        owner = owner_of(f"another visitor {number // 5}")
        if number % max(1, count // 8) == 0 and number // max(1, count // 8) < OWN + OF_SERVER:
            owner = owner_of(SECRET) if number // max(1, count // 8) % 2 else ""
        minute, second = divmod(number, 60)
        hour, minute = divmod(minute, 60)
        path = (
            runs
            / f"202601{1 + hour // 24:02}-{hour % 24:02}{minute:02}{second:02}-mnist-{id_end(owner or None)}"
        )
        shutil.copytree(home / "model", path)
        if owner:
            (path / records.SPEC).write_bytes(
                spec.rstrip()[:-1].rstrip() + f',\n "owner": "{owner}"\n}}\n'.encode()
            )
        if number % LEFT_BEHIND:
            files.append_line(path / records.EVENTS, finished.rstrip())
    shutil.rmtree(home / "model")


async def first_look(port: int) -> list[float]:
    """Seconds until each page stands for the first time."""
    times = []
    for page in PAGES:
        began = time.perf_counter()
        async with session(port, page, COOKIE):
            times.append(time.perf_counter() - began)
    return times


def wait_for_rest(process: psutil.Process) -> None:
    """Wait until a server has nothing to do, for `LONGEST_WAIT` seconds at most."""
    end = time.monotonic() + LONGEST_WAIT
    while process.cpu_percent(interval=1.0) > 5 and time.monotonic() < end:
        pass


async def reruns(
    ports: dict[int, int], homes: dict[int, Path], processes: dict[int, psutil.Process], count: int
) -> None:
    """The table of reruns, by page and number of runs."""

    def used(size: int) -> float:
        times = processes[size].cpu_times()
        return float(times.user + times.system)

    print(
        f"{'page':10}{'runs':>8} {'p50 ms':>8} {'p95 ms':>8} {'CPU ms':>8} {'after a new run':>16} {'elements':>9}"
    )
    for page in PAGES:
        async with contextlib.AsyncExitStack() as stack:
            tabs: dict[int, Session] = {
                size: await stack.enter_async_context(session(port, page, COOKIE))
                for size, port in ports.items()
            }
            times: dict[int, list[float]] = {size: [] for size in tabs}
            before = {size: used(size) for size in tabs}
            for _ in range(count):
                for size, tab in tabs.items():
                    times[size].append(await tab.rerun())
            took = {size: 1000 * (used(size) - before[size]) / count for size in tabs}
            for size, tab in tabs.items():
                afterwards = []
                for _ in range(5):
                    os.environ["CONVLENS_HOME"] = str(homes[size])
                    records.create(
                        PRESETS["mnist-3conv"].architecture((1, 28, 28), 10),
                        TrainSettings(dataset="mnist"),
                        owner=owner_of("another visitor"),
                    )
                    afterwards.append(await tab.rerun())
                print(
                    f"{page:10}{size:>8,} {p50(times[size]):>8.1f} {p95(times[size]):>8.1f} {took[size]:>8.1f}"
                    f" {p50(afterwards):>16.1f} {tab.elements:>9}",
                    flush=True,
                )


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", default="10,10000", help="how many runs the homes have, by commas")
    parser.add_argument("--reruns", type=int, default=30)
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.runs.split(",")]
    os.environ["CONVLENS_WARM_WORKER"] = "0"  # its start would be in the builder page's times
    with tempfile.TemporaryDirectory() as scratch, contextlib.ExitStack() as stack:
        homes = {size: Path(scratch) / str(size) for size in sizes}
        ports: dict[int, int] = {}
        processes: dict[int, psutil.Process] = {}
        print(f"{'runs':>8} {'server answers, s':>18} {'first Home, s':>14} {'first Builder, s':>17}")
        for size, home in homes.items():
            make_home(home, size)
            began = time.perf_counter()
            ports[size], processes[size] = stack.enter_context(
                server(environment={"CONVLENS_HOME": str(home)})
            )
            answers = time.perf_counter() - began
            first = asyncio.run(first_look(ports[size]))
            print(f"{size:>8,} {answers:>18.2f} {first[0]:>14.2f} {first[1]:>17.2f}", flush=True)
        for process in processes.values():
            wait_for_rest(process)
        asyncio.run(reruns(ports, homes, processes, arguments.reruns))


if __name__ == "__main__":
    main()
