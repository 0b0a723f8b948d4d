"""The learning rate over time: torch's own schedules, and a resume in the middle that changes nothing."""

import json
from collections.abc import Callable

import pytest
import torch
from torch import nn
from torch.optim import SGD, Optimizer, lr_scheduler

from cnn_core.training import optimizers, schedules
from cnn_core.training.settings import SETTINGS, TrainSettings

RATE = 0.1
EPOCHS, STEPS = 4, 5
LOSSES = [1.0, 1.1, 1.2, 0.9]
TORCH: dict[str, tuple[dict[str, object], Callable[[Optimizer], lr_scheduler.LRScheduler]]] = {
    "onecycle": (
        {"warmup_share": 0.4},
        lambda of: lr_scheduler.OneCycleLR(of, RATE, EPOCHS * STEPS, pct_start=0.4, cycle_momentum=False),
    ),
    "step": ({"decay_epochs": 2, "decay_factor": 0.3}, lambda of: lr_scheduler.StepLR(of, 2 * STEPS, 0.3)),
    "cosine": (
        {"final_share": 0.1},
        lambda of: lr_scheduler.CosineAnnealingLR(of, EPOCHS * STEPS, eta_min=0.1 * RATE),
    ),
    "plateau": (
        {"decay_factor": 0.2, "plateau_patience": 1},
        lambda of: lr_scheduler.ReduceLROnPlateau(of, factor=0.2, patience=1),
    ),
    "constant": ({}, lambda of: lr_scheduler.ConstantLR(of, 1.0)),
}


def optimizer(settings: TrainSettings) -> Optimizer:
    weight = nn.Parameter(torch.ones(1))
    weight.grad = torch.ones(1)
    return optimizers.make(settings, [weight])


def rates(settings: TrainSettings, resume_at: int = -1) -> list[float]:
    """The rate of every step; before step `resume_at` all is made anew and restored from JSON."""
    moved, found = optimizer(settings), []
    schedule = schedules.make(settings, moved, STEPS)
    for step in range(EPOCHS * STEPS):
        if step == resume_at:
            saved = json.loads(json.dumps([schedules.state(schedule), moved.state_dict()["param_groups"]]))
            moments = optimizers.moments(moved)
            moved = optimizer(settings)
            schedule = schedules.make(settings, moved, STEPS)
            optimizers.restore(moved, moments, saved[1])
            if schedule is not None:
                schedules.restore(schedule, saved[0])
        found.append(moved.param_groups[0]["lr"])
        moved.step()
        schedules.after_batch(schedule)
        if (step + 1) % STEPS == 0:
            schedules.after_epoch(schedule, LOSSES[step // STEPS])
    return found


def settings(name: str, **changes: object) -> TrainSettings:
    return TrainSettings(
        **{"optimizer": "sgd", "schedule": name, "learning_rate": RATE, "epochs": EPOCHS, **changes}
    )


def test_every_schedule_is_tested() -> None:
    assert set(TORCH) == set(SETTINGS["schedule"].choices)


@pytest.mark.parametrize("name", TORCH)
def test_each_schedule_is_torch_s(name: str) -> None:
    own, theirs = TORCH[name]
    expected, weight = [], nn.Parameter(torch.ones(1))
    weight.grad = torch.ones(1)
    reference = SGD([weight], lr=RATE)
    schedule = theirs(reference)
    for step in range(EPOCHS * STEPS):
        expected.append(reference.param_groups[0]["lr"])
        reference.step()
        if not isinstance(schedule, lr_scheduler.ReduceLROnPlateau):
            schedule.step()
        elif (step + 1) % STEPS == 0:
            schedule.step(LOSSES[step // STEPS])
    assert rates(settings(name, **own)) == pytest.approx(expected)


@pytest.mark.parametrize("name", TORCH)
@pytest.mark.parametrize("step", [0, 3, 10])
def test_a_schedule_goes_on_bit_for_bit_where_it_was_saved(name: str, step: int) -> None:
    asked = settings(name, **TORCH[name][0])
    assert rates(asked, step) == rates(asked)


def test_one_cycle_rises_to_the_rate_and_falls_to_almost_nothing() -> None:
    found = rates(settings("onecycle"))
    peak = found.index(max(found))
    assert found[0] == pytest.approx(RATE / 25)
    assert max(found) == pytest.approx(RATE)
    assert found[:peak] == sorted(found[:peak])
    assert found[peak:] == sorted(found[peak:], reverse=True)
    assert found[-1] < RATE / 1000


def test_steps_and_plateaus_by_hand() -> None:
    stepped = rates(settings("step", decay_epochs=2, decay_factor=0.5))
    assert stepped == pytest.approx([RATE] * 2 * STEPS + [RATE / 2] * 2 * STEPS)
    # Losses 1.0, 1.1, 1.2, 0.9: of the two stalled epochs one is allowed.
    assert rates(settings("plateau")) == pytest.approx([RATE] * 3 * STEPS + [RATE / 2] * STEPS)


def test_adam_s_first_average_swings_about_beta_1_in_one_cycle() -> None:
    asked = settings("onecycle", optimizer="adam", beta1=0.8)
    moved = optimizer(asked)
    schedule = schedules.make(asked, moved, STEPS)
    seen = []
    for _ in range(EPOCHS * STEPS):
        seen.append(moved.param_groups[0]["betas"][0])
        moved.step()
        schedules.after_batch(schedule)
    assert (seen[0], min(seen)) == pytest.approx((0.85, 0.75), abs=1e-6)
