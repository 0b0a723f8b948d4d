"""Training speed of `mnist-3conv`, batch 128, against Keras on TensorFlow and the plain PyTorch loop.

    python -m benchmarks.training [--rounds 3] [--keras-python PATH]

Each loop is a process of its own, one after the other, `rounds` times over, so that all meet the same machine. Prints
a table: images/s over the whole first epoch, and over a whole later one, when graphs are traced and caches filled,
each from its start to its end as one waits for it; and the time from the start of training (imports done, data on disk)
to macro F1 0.98 on the test set, scored after every epoch. ConvLens's loop starts as in the app, in a worker that waits
with two batches trained. Ratios are taken round by round.
`--keras-python` is a Python that has requirements-bench.txt; without it Keras is left out, and the table says so.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

from cnn_core.data import catalog
from cnn_core.training import allocator

LOOPS = Path(__file__).resolve().parent / "loops"
ROOT = LOOPS.parent.parent
TARGET_F1 = 0.98
# (measure, against, at least): design.md's numbers; seconds are "at most".
GOALS = {
    ("first_epoch", "keras"): 2.0,
    ("first_epoch", "plain"): 3.5,
    ("later_epoch", "keras"): 2.0,
    ("later_epoch", "plain"): 3.5,
    ("seconds", "keras"): 0.5,
}


def run(python: str, loop: str, seed: int) -> dict[str, Any]:
    """One loop in a process of its own."""
    environment = {**os.environ, "CONVLENS_MNIST": str(catalog.info("mnist").folder), "PYTHONPATH": str(ROOT)}
    if loop == "convlens":  # as jobs.py starts a worker
        environment |= allocator.ENVIRONMENT
    done = subprocess.run(
        [python, str(LOOPS / f"{loop}_loop.py"), str(seed), str(TARGET_F1)],
        capture_output=True, text=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    if done.returncode:
        sys.exit(f"{loop} failed:\n{done.stderr[-2000:]}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keras-python", default=None, help="a Python with requirements-bench.txt")
    arguments = parser.parse_args()
    pythons = {"convlens": sys.executable, "plain": sys.executable}
    if arguments.keras_python:
        pythons["keras"] = arguments.keras_python
    rounds = []
    for seed in range(arguments.rounds):
        rounds.append({loop: run(python, loop, seed) for loop, python in pythons.items()})
        print(f"round {seed + 1}: {json.dumps(rounds[-1])}", file=sys.stderr, flush=True)
    print(f"{'':10} {'images/s':>21}")
    print(f"{'loop':10} {'first epoch':>11} {'later':>9} {'s to F1 0.98':>13} {'macro F1':>9}")
    for loop in pythons:
        reached = [r[loop]["seconds"] for r in rounds if r[loop]["seconds"] is not None]
        seconds = f"{statistics.median(reached):.1f}" if reached else "not reached"
        first, later, f1 = (
            statistics.median(r[loop][measure] for r in rounds)
            for measure in ("first_epoch", "later_epoch", "f1")
        )
        print(f"{loop:10} {first:11,.0f} {later:9,.0f} {seconds:>13} {f1:9.4f}")
    for (measure, against), goal in GOALS.items():
        if against not in pythons:
            print(f"{measure} against {against}: not measured, no --keras-python given")
            continue
        pairs = [(r["convlens"][measure], r[against][measure]) for r in rounds]
        ratios = [ours / theirs for ours, theirs in pairs if ours is not None and theirs is not None]
        if not ratios:
            print(f"{measure} against {against}: F1 {TARGET_F1} was not reached")
            continue
        middle = statistics.median(ratios)
        met = middle <= goal if measure == "seconds" else middle >= goal
        print(
            f"{measure} / {against}: {middle:.2f} (min {min(ratios):.2f}, max {max(ratios):.2f}),"
            f" goal {'at most' if measure == 'seconds' else 'at least'} {goal}: {'met' if met else 'NOT met'}"
        )


if __name__ == "__main__":
    main()
