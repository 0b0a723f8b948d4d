"""What came out of an experiment: the scores of each variant, and which of them are told apart."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from cnn_core.judge.significance import wilson
from cnn_core.series.spread import Interval, of_difference, of_mean


@dataclass(frozen=True)
class Score:
    """A run's test accuracy 0..1 on so many images, with the seed that it was trained with."""

    seed: int
    accuracy: float
    images: int
    run: str = ""


@dataclass(frozen=True)
class Outcome:
    """A variant's scores, as far as they are known, one a seed."""

    label: str
    scores: tuple[Score, ...]
    at: float | None = None
    group: str = ""

    @property
    def mean(self) -> float:
        """The mean accuracy. Raises `ZeroDivisionError` without scores."""
        return sum(score.accuracy for score in self.scores) / len(self.scores)

    @property
    def interval(self) -> Interval:
        """Of the mean over seeds; of one seed, of its accuracy on the test images. Between 0 and 1."""
        if len(self.scores) == 1:
            (one,) = self.scores
            found = Interval(one.accuracy, *wilson(round(one.accuracy * one.images), one.images))
        else:
            found = of_mean([score.accuracy for score in self.scores])
        return Interval(found.value, max(0.0, found.low), min(1.0, found.high))

    @property
    def by_seed(self) -> dict[int, float]:
        """Accuracy by seed."""
        return {score.seed: score.accuracy for score in self.scores}


def scored(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those that have scores."""
    return [outcome for outcome in outcomes if outcome.scores]


def ranked(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Those that have scores, the best first."""
    return sorted(scored(outcomes), key=lambda one: -one.mean)


def difference(first: Outcome, second: Outcome) -> Interval | None:
    """Second minus first, over the seeds of both; None where that are fewer than two."""
    return of_difference(first.by_seed, second.by_seed)


@dataclass(frozen=True)
class Gain:
    """What the step from one variant to the next on a logarithmic axis brought: accuracy for each factor of ten."""

    first: Outcome
    second: Outcome
    tenfold: float


def gains(outcomes: Sequence[Outcome]) -> list[Gain]:
    """Of each two neighbours on a numeric axis, in order."""
    import math

    placed = sorted(
        (one for one in scored(outcomes) if one.at is not None and one.at > 0), key=lambda one: one.at or 0.0
    )
    return [
        Gain(first, second, (second.mean - first.mean) / math.log10((second.at or 1) / (first.at or 1)))
        for first, second in itertools.pairwise(placed)
        if first.at != second.at
    ]
