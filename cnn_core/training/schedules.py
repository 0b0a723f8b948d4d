"""The learning rate over time: the schedules that a training may ask for, all of them torch's, saved and restored.

All change the rate after each batch but "plateau", which waits for an epoch's validation loss.
"""

import math
from collections.abc import Mapping
from typing import Any

from torch.optim import Optimizer, lr_scheduler
from torch.optim.lr_scheduler import LRScheduler, ReduceLROnPlateau

from cnn_core.training.settings import TrainSettings

BETA_SWING = 0.05  # one cycle moves Adam's first average by so much, against the rate


def make(settings: TrainSettings, optimizer: Optimizer, steps_per_epoch: int) -> LRScheduler | None:
    """The schedule that the settings name, for epochs of so many steps; None where the rate stays constant.

    "onecycle" rises for `warmup_share` of all steps and falls along half cosines (Smith and Topin 2018); "step"
    multiplies by `decay_factor` every `decay_epochs` epochs; "cosine" falls along half a cosine to `final_share` of
    the rate (Loshchilov and Hutter 2016, without restarts); "plateau" multiplies by `decay_factor` once the loss has
    not fallen for more than `plateau_patience` epochs.
    """
    steps = settings.epochs * steps_per_epoch
    match settings.schedule:
        case "onecycle":
            return lr_scheduler.OneCycleLR(
                optimizer,
                max_lr=settings.learning_rate,
                total_steps=max(2, steps),
                pct_start=settings.warmup_share,
                cycle_momentum=settings.optimizer in ("adam", "adamw"),
                base_momentum=max(0.0, round(settings.beta1 - BETA_SWING, 9)),
                max_momentum=min(0.999, round(settings.beta1 + BETA_SWING, 9)),
            )
        case "step":
            return lr_scheduler.StepLR(
                optimizer, settings.decay_epochs * steps_per_epoch, gamma=settings.decay_factor
            )
        case "cosine":
            least = settings.final_share * settings.learning_rate
            return lr_scheduler.CosineAnnealingLR(optimizer, T_max=steps, eta_min=least)
        case "plateau":
            return ReduceLROnPlateau(
                optimizer, factor=settings.decay_factor, patience=settings.plateau_patience
            )
    return None


def after_batch(schedule: LRScheduler | None) -> None:
    """Go on by one batch."""
    if schedule is not None and not isinstance(schedule, ReduceLROnPlateau):
        schedule.step()


def after_epoch(schedule: LRScheduler | None, loss: float) -> None:
    """Tell the one that waits for it the loss of an epoch: on the validation images, or else its own."""
    if isinstance(schedule, ReduceLROnPlateau):
        schedule.step(loss)


def state(schedule: LRScheduler | None) -> dict[str, Any] | None:
    """What continuing needs, as JSON-ready values; None where there is no schedule."""
    if schedule is None:
        return None
    # What is infinite, a plateau's best loss before the first epoch, is what a new schedule begins with.
    return {
        name: value
        for name, value in schedule.state_dict().items()
        if not callable(value) and not (isinstance(value, float) and math.isinf(value))
    }


def restore(schedule: LRScheduler, saved: Mapping[str, Any]) -> None:
    """Put a schedule of the same settings where `state` told that it was."""
    schedule.load_state_dict({**schedule.state_dict(), **saved})
