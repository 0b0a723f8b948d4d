"""What it costs to watch a run, after ten minutes, an hour and six hours of training.

    python -m benchmarks.watching [--polls 50]

Writes runs as a training writes them, four batches a second and an epoch a minute, and watches each in a process of its
own, as a page does that asks twice a second: the first look, then polls, with what was written since. Prints a table:
batches, the file's size, milliseconds of the first look and of a poll (median, slowest), batches kept, and what the
process's memory grew by.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from cnn_core.networks.presets import PRESETS
from cnn_core.runs import events, live, records
from cnn_core.runs.events import Batch, Epoch, Event
from cnn_core.training.settings import TrainSettings

LENGTHS = {"10 min": 600, "1 h": 3600, "6 h": 21_600}  # seconds
BATCHES_PER_SECOND = 4
STEPS = 240  # batches that are told of an epoch


def batch(number: int) -> Batch:
    """The event of the `number`th batches that are told."""
    epoch, step = divmod(number, STEPS)
    return {
        "type": "batch",
        "epoch": epoch,
        "step": step + 1,
        "loss": 2.302585092994046 / (1 + number / 1000),
        "accuracy": 0.9814453125,
        "images_per_second": 5512.337891234567,
        "learning_rate": 0.0009876543209876543,
        "time": 1_790_000_000.123 + number / BATCHES_PER_SECOND,
    }


def epoch(number: int) -> Epoch:
    """The event of an epoch's end."""
    return {
        "type": "epoch",
        "epoch": number,
        "loss": 0.1,
        "accuracy": 0.97,
        "validation_loss": 0.09,
        "validation_accuracy": 0.98,
        "seconds": STEPS / BATCHES_PER_SECOND,
        "best": True,
        "time": 1_790_000_000.5 + number,
    }


def write_run(path: Path, seconds: int) -> None:
    """A run that has trained for so long and goes on."""
    architecture = PRESETS["mnist-3conv"].architecture((1, 28, 28), 10)
    records.create(architecture, TrainSettings(dataset="mnist", epochs=200), path=path)
    told: list[Event] = [
        {"type": "queued"},
        {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": STEPS, "images": 60_000},
    ]
    for number in range(seconds * BATCHES_PER_SECOND):
        told.append(batch(number))
        if number % STEPS == STEPS - 1:
            told.append(epoch(number // STEPS))
    lines = "".join(f"{events.write(event)}\n" for event in told)
    (path / records.EVENTS).write_text(lines, encoding="utf-8")


def watch(run_id: str, batches: int, polls: int) -> None:
    """Watch a run that has so many batches, and print what it cost."""
    path, process = records.run_path(run_id), psutil.Process()
    write_run(records.run_path("short"), 1)
    live.read("short")  # what the first run of a process costs once
    before = process.memory_info().rss
    began = time.perf_counter()
    live.read(run_id)
    first = time.perf_counter() - began
    times = []
    for number in range(batches, batches + 2 * polls, 2):
        for later in (number, number + 1):
            records.append(path, batch(later))
        began = time.perf_counter()
        run = live.read(run_id)
        times.append(time.perf_counter() - began)
        assert run.batches[-1]["loss"] == batch(number + 1)["loss"]
    grown = (process.memory_info().rss - before) / 1e6
    size = (path / records.EVENTS).stat().st_size / 1e6
    print(
        f"{batches:>9,} {size:>8.1f} {first * 1000:>14.1f} {statistics.median(times) * 1000:>9.2f}"
        f" {max(times) * 1000:>12.2f} {len(run.batches):>7,} {grown:>12.1f}",
        flush=True,
    )


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--polls", type=int, default=50)
    parser.add_argument("--watch", nargs=2, metavar=("RUN", "BATCHES"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.watch:
        watch(arguments.watch[0], int(arguments.watch[1]), arguments.polls)
        return
    print(
        f"{'length':8}{'batches':>9} {'MB':>8} {'first look, ms':>14} {'poll, ms':>9} {'slowest poll':>12}"
        f" {'kept':>7} {'grown by, MB':>12}"
    )
    with tempfile.TemporaryDirectory() as home:
        os.environ["CONVLENS_HOME"] = home
        for name, seconds in LENGTHS.items():
            run_id = name.replace(" ", "-")
            write_run(records.run_path(run_id), seconds)
            print(f"{name:8}", end="", flush=True)
            command = [sys.executable, "-m", "benchmarks.watching", "--polls", str(arguments.polls)]
            subprocess.run([*command, "--watch", run_id, str(seconds * BATCHES_PER_SECOND)], check=True)


if __name__ == "__main__":
    main()
