"""The torch module of an architecture. Torch is imported when one is built."""

from collections import OrderedDict
from math import sqrt
from typing import TYPE_CHECKING

from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.repairs import problems

if TYPE_CHECKING:
    from torch import nn


def build(architecture: Architecture, seed: int | None = None) -> "nn.Sequential":
    """The network in torch, children named as in `Architecture.names`, with torch's default initialization.

    With a `seed` the weights are those of `torch.manual_seed(seed)` before the same constructors,
    whatever else uses torch's global generator meanwhile.

    Raises `ArchitectureError` where there are `problems`.
    """
    from torch import nn

    found = problems(architecture)
    if found:
        raise ArchitectureError(" ".join(problem.message for problem in found))
    model = nn.Sequential(
        OrderedDict((info.name, info.layer.module(info.input_shape)) for info in architecture.summary())
    )
    if seed is not None:
        _initialize(model, seed)
    return model


def _initialize(model: "nn.Sequential", seed: int) -> None:
    """Torch's default initialization of Conv2d and Linear, in the same order, from a generator of its own."""
    import torch
    from torch import nn

    generator = torch.Generator().manual_seed(seed)
    for module in model:
        if isinstance(module, nn.Conv2d | nn.Linear):
            nn.init.kaiming_uniform_(module.weight, a=sqrt(5), generator=generator)
            if module.bias is not None:
                bound = 1 / sqrt(module.weight[0].numel())
                nn.init.uniform_(module.bias, -bound, bound, generator=generator)
