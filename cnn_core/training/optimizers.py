"""The optimizer of a training, as the settings ask, and its state as tensors that go to disk."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

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
