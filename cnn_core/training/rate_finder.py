"""Which learning rate to begin with: a range test, in which the rate grows at every step until the loss explodes.

Smith 2015 (https://arxiv.org/abs/1506.01186, section 3.3) lets the rate grow in a straight line and looks at the
accuracy. Deviation, as most programs have it: it grows by the same factor at each step, and the training loss of the
step's batch is looked at. No torch at the top: pages name these types.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnn_core.arrays import Doubles
from cnn_core.data.datasets import Dataset
from cnn_core.networks.architecture import Architecture
from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE, TrainSettings

if TYPE_CHECKING:
    from cnn_core.training.trainer import Step, Trainer

SECONDS = 25.0  # that a whole test may take, once it has begun
STEPS = 100
BELOW, ABOVE = 1e-2, 1e3  # the first and the last rate, as shares of the one that is usual with the optimizer
EXPLODED = 2.0  # times the loss that it began with
BESIDE = 3  # steps whose mean says that the loss has exploded
WINDOW = 0.12  # decades: the standard deviation of the weights that smooth the curve
LEAST_FALL = 0.01  # share of the first loss; a fall that is no more is noise


@dataclass(frozen=True)
class Tried:
    """One step: its learning rate, and the mean loss (nats) of its batch before that step."""

    rate: float
    loss: float


@dataclass(frozen=True)
class Reading:
    """What a test tells. `smoothed` (N,) is the loss at each step, averaged with its neighbours.

    `suggested` is where it falls fastest as the logarithm of the rate grows, before it is lowest at `lowest`; None
    where it never falls. `exploded` is the rate at which the test ended because of it, None where none did.
    """

    smoothed: Doubles
    suggested: float | None
    lowest: float
    exploded: float | None


def in_test(settings: TrainSettings) -> TrainSettings:
    """Settings with all that a test does not depend on as it is in every test: where two agree, so do their tests."""
    fixed = {"schedule": "constant", "early_stopping": "off", "epochs": 1, "device": "cpu"}
    kept = {name: value for name, value in settings.to_dict().items() if SETTINGS[name].is_read(fixed)}
    return TrainSettings.from_dict({**kept, **fixed, "learning_rate": rate_at(settings, 0.0)})


def rate_at(settings: TrainSettings, share: float) -> float:
    """The rate of a test when a share 0..1 of it is done: from the first to the last along an exponential."""
    usual, setting = USUAL_LEARNING_RATE[settings.optimizer], SETTINGS["learning_rate"]
    assert setting.low is not None
    assert setting.high is not None
    first, last = max(BELOW * usual, setting.low), min(ABOVE * usual, setting.high)
    return float(first * (last / first) ** share)


def try_rates(architecture: Architecture, settings: TrainSettings, dataset: Dataset) -> Iterator[Tried]:
    """Train a new network with these settings at rates that grow, yielding each step; whoever has enough stops asking.

    On one core of the CPU, in the calling thread, leaving torch's random numbers as they were. It ends where the loss
    has exploded, or with the last rate, after `SECONDS`. Raises as `Trainer` does.
    """
    import torch

    from cnn_core.training.one_core import TURN, one_core
    from cnn_core.training.opened.chance import SeededDropout
    from cnn_core.training.trainer import Trainer

    settings = in_test(settings)
    with one_core():
        with TURN, torch.random.fork_rng(devices=[]):
            trainer = Trainer(architecture, settings, dataset, compiles=False)
        found: list[Tried] = []
        with SeededDropout(settings.seed):
            steps, begun, share = _endless(trainer), time.perf_counter(), 0.0
            while share <= 1.0:
                rate = rate_at(settings, share)
                trainer.set_learning_rate(rate)
                step = next(steps)
                found.append(Tried(rate, float(step.loss) / step.images))
                yield found[-1]
                if has_exploded(found):
                    return
                # A slow machine takes fewer steps, further apart: the last rate is reached in time in any case.
                share = max(share + 1 / (STEPS - 1), (time.perf_counter() - begun) / SECONDS)


def _endless(trainer: "Trainer") -> "Iterator[Step]":
    while True:
        yield from trainer.steps()


def has_exploded(tried: Sequence[Tried]) -> bool:
    """Whether the loss is no number any more, or the mean of the last ones far above the first ones'."""
    if not tried or not math.isfinite(tried[-1].loss):
        return bool(tried)
    losses = [one.loss for one in tried]
    return sum(losses[-BESIDE:]) / BESIDE > EXPLODED * sum(losses[:BESIDE]) / len(losses[:BESIDE])


def read(tried: Sequence[Tried]) -> Reading:
    """What these steps tell. Raises `ValueError` where there is none whose loss is a number."""
    finite = [one for one in tried if math.isfinite(one.loss)]
    if not finite:
        raise ValueError("No step of the test has a loss that is a number.")
    exponents = np.log10([one.rate for one in finite])
    losses = np.array([one.loss for one in finite])
    smoothed = _smoothed(exponents, losses)
    lowest = int(smoothed.argmin())
    suggested = None
    if lowest > 1 and smoothed[0] - smoothed[lowest] > LEAST_FALL * smoothed[0]:
        slopes = np.gradient(smoothed, exponents)[: lowest + 1]
        suggested = float(finite[int(slopes.argmin())].rate)
    exploded = tried[-1].rate if has_exploded(tried) else None
    return Reading(smoothed, suggested, finite[lowest].rate, exploded)


def _smoothed(exponents: Doubles, losses: Doubles) -> Doubles:
    """Means weighted by a Gaussian over the logarithm of the rate: symmetric, so that no rate comes too late."""
    weights = np.exp(-0.5 * ((exponents[:, None] - exponents[None, :]) / WINDOW) ** 2)
    # An explosion is a cliff: without a lid its foot would be smoothed into the valley before it.
    capped = np.minimum(losses, EXPLODED * losses[:BESIDE].mean())
    means: Doubles = weights @ capped / weights.sum(axis=1)
    return means
