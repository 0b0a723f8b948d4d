"""The optimizer of a training and its schedule, as the settings ask, and its state as tensors that go to disk."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from cnn_core.training.muon import Muon
from cnn_core.training.settings import TrainSettings


def make(settings: TrainSettings, parameters: Sequence[nn.Parameter]) -> Optimizer:
    """The optimizer that the settings name, over `parameters`, with its own settings; in its fused form if it has one.

    Muon hands what is no hidden matrix to AdamW, see `muon.Muon`.
    """
    rate, decay = settings.learning_rate, settings.weight_decay
    betas = (settings.beta1, settings.beta2)
    match settings.optimizer:
        case "sgd":
            return torch.optim.SGD(
                parameters,
                lr=rate,
                momentum=settings.momentum,
                # Without momentum there is nothing to look ahead along, and torch refuses to.
                nesterov=settings.nesterov and settings.momentum > 0,
                weight_decay=decay,
                fused=True,
            )
        case "rmsprop":
            return torch.optim.RMSprop(
                parameters, lr=rate, alpha=settings.alpha, eps=settings.eps, weight_decay=decay
            )
        case "muon":
            return Muon(
                parameters,
                lr=rate,
                momentum=settings.momentum,
                betas=betas,
                eps=settings.eps,
                weight_decay=decay,
            )
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(parameters, lr=rate, betas=betas, eps=settings.eps, weight_decay=decay, fused=True)


def schedule(settings: TrainSettings, optimizer: Optimizer, steps: int) -> LRScheduler | None:
    """The schedule of the learning rate over so many steps; None where it stays constant."""
    if settings.schedule == "constant":
        return None
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=settings.learning_rate,
        total_steps=max(2, steps),
        cycle_momentum=settings.optimizer in ("adam", "adamw"),
        base_momentum=max(0.0, round(settings.beta1 - 0.05, 9)),
        max_momentum=min(0.999, round(settings.beta1 + 0.05, 9)),
    )


def moments(optimizer: Optimizer) -> dict[str, Tensor]:
    """What the optimizer remembers of each parameter, as "index.slot", copied, contiguous, on the CPU."""
    return {
        f"{index}.{slot}": torch.as_tensor(value).detach().cpu().contiguous().clone()
        for index, slots in optimizer.state_dict()["state"].items()
        for slot, value in slots.items()
        if value is not None
    }


def restore(
    optimizer: Optimizer,
    remembered: Mapping[str, Tensor],
    groups: list[dict[str, Any]],
) -> None:
    """Give the optimizer back its `moments()` and its parameter groups."""
    slots: dict[int, dict[str, Tensor]] = {}
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for name, value in remembered.items():
        index, slot = name.split(".", 1)
        like = parameters[int(index)]
        if value.shape == like.shape:
            # Fused optimizers walk memory, not indices: a moment must lie as its parameter does.
            value = torch.empty_like(like, dtype=value.dtype).copy_(value)
        slots.setdefault(int(index), {})[slot] = value
    optimizer.load_state_dict({"state": slots, "param_groups": groups})
