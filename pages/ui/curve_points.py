"""The points of a training's curves: means of as many batches everywhere, few enough to draw, cut where it explodes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import pandas as pd

from cnn_core.runs.events import Batch, Epoch
from cnn_core.runs.history import Run

MOST_POINTS = 150
BEST = "best"


class Point(NamedTuple):
    """A mean over so many `batches` that ended at this place."""

    epoch: float
    value: float
    batches: int


def points(
    run: Run, batch: str, validation: str | None, *, top: float | None = None, since: float = 0.0
) -> pd.DataFrame:
    """`epoch`, `value`, `shown`, `curve`, `label`: training as means over batches, validation at the ends of epochs.

    `batch` and `validation` name the fields of the two events. Values above `top` are shown there, unless most of them
    are: then there is nothing below that they would flatten. Only what came at epoch `since` or later is told. `label`
    says which epoch is the best, nothing of all other points.
    """
    lines = [(point.epoch, point.value, "training", "") for point in _thinned(_means(run, batch), since)]
    if validation is not None:
        best = best_epoch(run)
        lines += [
            (epoch["epoch"] + 1.0, value, "validation", BEST if epoch is best else "")
            for epoch in run.epochs
            if (value := _field(epoch, validation)) is not None and epoch["epoch"] + 1.0 >= since
        ]
    frame = pd.DataFrame(lines, columns=["epoch", "value", "curve", "label"])
    cut = top is not None and not (frame["value"] > top).mean() > 0.5
    frame.insert(2, "shown", frame["value"].clip(upper=top) if cut else frame["value"])
    return frame


def best_epoch(run: Run) -> Epoch | None:
    """The epoch whose weights are kept, by its validation score; None where there is none, or nothing is held out."""
    scored = [epoch for epoch in run.epochs if epoch["validation_accuracy"] is not None]
    return next((epoch for epoch in reversed(scored) if epoch["best"]), None)


def _means(run: Run, name: str) -> list[Point]:
    """The batches that were told, in order. One that stands for few, at an end of an epoch, goes into its neighbour.

    Runs of old told the first batch of each epoch alone: a spike at every whole number, beside means of thirty.
    """
    groups: list[list[Point]] = []  # one an epoch
    last = (-1, 0)
    for batch in run.batches:
        epoch, step = batch["epoch"], batch["step"]
        weight = max(1, step - (last[1] if last[0] == epoch else 0))
        if epoch != last[0]:
            groups.append([])
        last = epoch, step
        if (value := _field(batch, name)) is not None:
            groups[-1].append(Point(epoch + step / run.steps_per_epoch, value, weight))
    weights = sorted(point.batches for group in groups for point in group)
    usual = weights[len(weights) // 2] if weights else 1
    return [point for group in groups for point in _joined(group, usual / 2)]


def _joined(group: Sequence[Point], least: float) -> list[Point]:
    """The points of an epoch, each of `least` batches or more where there are so many."""
    done: list[Point] = []
    waiting: Point | None = None
    for point in group:
        whole = point if waiting is None else _mean([waiting, point])
        waiting = whole if whole.batches < least else None
        if waiting is None:
            done.append(whole)
    if waiting is not None:
        done.append(_mean([done.pop(), waiting]) if done else waiting)
    return done


def _mean(neighbours: Sequence[Point]) -> Point:
    batches = sum(point.batches for point in neighbours)
    value = sum(point.value * point.batches for point in neighbours) / batches
    return Point(neighbours[-1].epoch, value, batches)


def _thinned(known: Sequence[Point], since: float) -> list[Point]:
    """At most `MOST_POINTS` points, each the mean of as many neighbours, at the epoch of the last of them."""
    known = [point for point in known if point.epoch >= since]
    size = -(-len(known) // MOST_POINTS) or 1
    return [_mean(known[start : start + size]) for start in range(0, len(known), size)]


def _field(event: Batch | Epoch, name: str) -> float | None:
    """A field that a row of the curves names; None where it was no number."""
    value = cast(Mapping[str, object], event).get(name)
    return float(value) if isinstance(value, int | float) else None
