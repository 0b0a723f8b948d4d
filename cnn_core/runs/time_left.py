"""How long a run has still to train, and how long one that waits has to wait: steady, for people who look at a clock.

What a training has taken so far tells what the rest will take; until it has told enough, what was expected of it before
it began does. Both go into one mean that forgets, so that it neither jumps nor holds on to a speed that is gone.
"""

import heapq
import math
from collections.abc import Iterator, Sequence

from cnn_core.runs import live, records, speed
from cnn_core.runs.forecast import forecast, images
from cnn_core.runs.history import Run
from cnn_core.training.estimate import START_SECONDS, training_seconds

BELIEF_SECONDS = 8.0  # of training after which what was expected before counts a third
MEMORY_SECONDS = 25.0  # of training after which what was measured counts a third
LONGEST_STEP_SECONDS = (
    30.0  # between two events; a longer one was a pause, as far as the training's speed tells
)
LONGEST_SECONDS = 1e9  # that are told: thirty years


def seconds_left(run: Run) -> float | None:
    """The seconds that a run in training has left, validation included; None for any other."""
    if run.status != "running" or run.started is None or not run.batches:
        return None
    expected = training_seconds(run.architecture, run.settings, images(run.settings.dataset))
    whole = smoothed(_steps(run), expected * speed.slowness().factor)
    return min(LONGEST_SECONDS, whole * (1 - run.progress))


def smoothed(steps: Iterator[tuple[float, float]], expected: float) -> float:
    """The seconds of a whole training from what its steps took, `(share of it, seconds)`, and what was expected."""
    seconds = share = trained = 0.0
    for done, took in steps:
        kept = math.exp(-took / MEMORY_SECONDS)
        seconds, share = kept * seconds + took, kept * share + done
        trained += took
    if not share or expected <= 0:
        return seconds / share if share else expected
    belief = math.exp(
        -trained / BELIEF_SECONDS
    )  # of factors, so that one of ten too many goes as fast as one too few
    return math.exp(belief * math.log(expected) + (1 - belief) * math.log(seconds / share))


def _steps(run: Run) -> Iterator[tuple[float, float]]:
    """From each batch that was told to the next: the share of the training, and the seconds by the clock."""
    assert run.started is not None
    steps = run.settings.epochs * run.steps_per_epoch
    per_step = run.started["images"] / run.steps_per_epoch
    last, at = 0, None
    for batch in run.batches:
        here = batch["epoch"] * run.steps_per_epoch + batch["step"]
        speed_told = batch["images_per_second"]
        took = (here - last) * per_step / speed_told if speed_told > 0 else LONGEST_SECONDS
        now = batch.get("time")
        if at is not None and now is not None and 0 < now - at <= LONGEST_STEP_SECONDS + 3 * took:
            took = now - at  # the clock counts validation, too
        yield max(0, here - last) / steps, min(took, LONGEST_SECONDS)
        last, at = here, now


def seconds_until(training: Sequence[str], waiting: Sequence[str]) -> float:
    """The seconds until a run gets its turn behind those in `training` and those that wait before it, in order.

    A run that has gone in between takes no time. 0 where nobody trains.
    """
    free = [_left(run_id) for run_id in training] or [0.0]
    heapq.heapify(free)
    for run_id in waiting:
        heapq.heapreplace(free, free[0] + _left(run_id))
    return free[0]


def _left(run_id: str) -> float:
    """What a run that trains or waits will take from now on."""
    try:
        run = live.read(run_id)
    except records.RunError:
        return 0.0
    left = seconds_left(run)
    if left is not None:
        return left
    return START_SECONDS + (forecast(run.architecture, run.settings).seconds - START_SECONDS) * (
        1 - run.progress
    )


def roughly(seconds: float) -> str:
    """A time left as one tells it: it changes in steps that are small beside it, "40 s", "2 min 30 s", "12 min"."""
    if seconds < 7.5:
        return "a few seconds"
    if seconds < 57.5:
        return f"{5 * round(seconds / 5)} s"
    if seconds < 285:
        minutes, rest = divmod(30 * round(seconds / 30), 60)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:,.0f} h"
