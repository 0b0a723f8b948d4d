"""Training speed of presets, batch 128, against Keras on TensorFlow and the plain PyTorch loop.

    python -m benchmarks.training [--presets mnist-3conv ...] [--rounds 3] [--keras-python PATH] [--without-plain]

Each loop is a process of its own, one after the other, `rounds` times over, so that all meet the same machine. Prints
a table for each preset: images/s over the whole first epoch, and over a whole later one, when graphs are traced and
caches filled, each from its start to its end as one waits for it; and the time from the start of training (imports
done, data on disk) to a macro F1 on the test set, scored after every epoch, three at most. ConvLens's loop starts as in
the app, in a worker that waits with two batches trained. Keras trains the source that the Builder exports. Ratios are
taken round by round.
`--keras-python` is a Python that has requirements-bench.txt; without it Keras is left out, and the table says so.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cnn_core.data import catalog
from cnn_core.networks import codegen, presets
from cnn_core.training import allocator

LOOPS = Path(__file__).resolve().parent / "loops"
ROOT = LOOPS.parent.parent


@dataclass(frozen=True)
class Case:
    """A preset's dataset, the macro F1 to reach, and design.md's numbers: (measure, against) to "at least".

    Seconds are "at most".
    """

    dataset: str
    target_f1: float
    goals: dict[tuple[str, str], float] = field(
        default_factory=lambda: {("first_epoch", "keras"): 2.0, ("later_epoch", "keras"): 2.0}
    )


CASES = {
    "mnist-3conv": Case(
        "mnist",
        0.98,
        {
            ("first_epoch", "keras"): 2.0,
            ("first_epoch", "plain"): 3.5,
            ("later_epoch", "keras"): 2.0,
            ("later_epoch", "plain"): 3.5,
            ("seconds", "keras"): 0.5,
        },
    ),
    "fashion-2conv": Case("fashion_mnist", 0.85),
    "tiny-vgg": Case("cifar10", 0.5),
    "mnist-deep": Case("mnist", 0.98),
}


def run(python: str, loop: str, preset: str, seed: int, source: Path) -> dict[str, Any]:
    """One loop in a process of its own; `source` is the network as Keras source."""
    case = CASES[preset]
    environment = {
        **os.environ,
        "CONVLENS_DATA": str(catalog.info(case.dataset).folder),
        "CONVLENS_KERAS": str(source),
        "PYTHONPATH": str(ROOT),
    }
    if loop == "convlens":  # as jobs.py starts a worker
        environment |= allocator.ENVIRONMENT
    done = subprocess.run(
        [python, str(LOOPS / f"{loop}_loop.py"), preset, case.dataset, str(seed), str(case.target_f1)],
        capture_output=True, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{loop} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def measure(preset: str, rounds: int, pythons: dict[str, str]) -> None:
    """Measure one preset and print its table; `pythons` says which loops, and what each runs on."""
    info = catalog.info(CASES[preset].dataset)
    height, width, channels = info.shape
    architecture = presets.PRESETS[preset].architecture((channels, height, width), len(info.classes))
    results = []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "network.py"
        source.write_text(codegen.keras(architecture))
        for seed in range(rounds):
            results.append(
                {loop: run(python, loop, preset, seed, source) for loop, python in pythons.items()}
            )
            print(f"{preset}, round {seed + 1}: {json.dumps(results[-1])}", file=sys.stderr, flush=True)
    report(preset, results, list(pythons))


def report(preset: str, results: list[dict[str, dict[str, Any]]], loops: list[str]) -> None:
    """Print medians, and each ratio against its goal."""
    case = CASES[preset]
    print(f"{preset} on {catalog.info(case.dataset).title}")
    print(f"{'':10} {'images/s':>21}")
    print(f"{'loop':10} {'first epoch':>11} {'later':>9} {f's to F1 {case.target_f1}':>13} {'macro F1':>9}")
    for loop in loops:
        reached = [r[loop]["seconds"] for r in results if r[loop]["seconds"] is not None]
        seconds = f"{statistics.median(reached):.1f}" if reached else "not reached"
        first, later, f1 = (
            statistics.median(r[loop][quantity] for r in results)
            for quantity in ("first_epoch", "later_epoch", "f1")
        )
        print(f"{loop:10} {first:11,.0f} {later:9,.0f} {seconds:>13} {f1:9.4f}")
    for (quantity, against), goal in case.goals.items():
        if against not in loops:
            print(f"{quantity} against {against}: not measured")
            continue
        pairs = [(r["convlens"][quantity], r[against][quantity]) for r in results]
        ratios = [ours / theirs for ours, theirs in pairs if ours is not None and theirs is not None]
        if not ratios:
            print(f"{quantity} against {against}: F1 {case.target_f1} was not reached")
            continue
        middle = statistics.median(ratios)
        met = middle <= goal if quantity == "seconds" else middle >= goal
        print(
            f"{quantity} / {against}: {middle:.2f} (min {min(ratios):.2f}, max {max(ratios):.2f}),"
            f" goal {'at most' if quantity == 'seconds' else 'at least'} {goal}: {'met' if met else 'NOT met'}"
        )


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--presets", nargs="+", choices=list(CASES), default=["mnist-3conv"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keras-python", default=None, help="a Python with requirements-bench.txt")
    parser.add_argument("--without-plain", action="store_true", help="leave the slow plain PyTorch loop out")
    arguments = parser.parse_args()
    pythons = {"convlens": sys.executable}
    if not arguments.without_plain:
        pythons["plain"] = sys.executable
    if arguments.keras_python:
        pythons["keras"] = arguments.keras_python
    else:
        print("Keras is left out: no --keras-python given")
    for preset in arguments.presets:
        measure(preset, arguments.rounds, pythons)


if __name__ == "__main__":
    main()
