"""The optimizer of a training and its schedule, as the settings ask, and its state as tensors that go to disk."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from cnn_core.training.settings import TrainSettings


def make(settings: TrainSettings, parameters: Sequence[nn.Parameter]) -> Optimizer:
    """SGD with momentum, Adam or AdamW over `parameters`, in its fused form."""
    rate, decay = settings.learning_rate, settings.weight_decay
    if settings.optimizer == "sgd":
        return torch.optim.SGD(
            parameters, lr=rate, momentum=settings.momentum, weight_decay=decay, fused=True
        )
    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(parameters, lr=rate, weight_decay=decay, fused=True)


def schedule(settings: TrainSettings, optimizer: Optimizer, steps: int) -> LRScheduler | None:
    """The schedule of the learning rate over so many steps; None where it stays constant."""
    if settings.schedule == "constant":
        return None
    return torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr=settings.learning_rate,
        total_steps=max(2, steps),
        cycle_momentum=settings.optimizer != "sgd",
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
    parameters: Sequence[nn.Parameter],
    remembered: Mapping[str, Tensor],
    groups: list[dict[str, Any]],
) -> None:
    """Give the optimizer back its `moments()` and its parameter groups."""
    slots: dict[int, dict[str, Tensor]] = {}
    for name, value in remembered.items():
        index, slot = name.split(".", 1)
        like = parameters[int(index)]
        if value.shape == like.shape:
            # Fused optimizers walk memory, not indices: a moment must lie as its parameter does.
            value = torch.empty_like(like, dtype=value.dtype).copy_(value)
        slots.setdefault(int(index), {})[slot] = value
    optimizer.load_state_dict({"state": slots, "param_groups": groups})
