"""Networks with weights as training leaves them: no zero, no one, no running statistic where it began."""

from collections import OrderedDict

import torch
from torch import nn

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build


def shake(module: nn.Module, seed: int = 0) -> nn.Module:
    """The module with all its buffers and one-dimensional parameters drawn anew, in eval mode, gradients off."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in (*module.named_parameters(), *module.named_buffers()):
            if tensor.is_floating_point() and tensor.ndim == 1:
                low = 0.5 if name.endswith(("running_var", "weight")) else -0.3
                tensor.uniform_(low, low + 1, generator=generator)
    return module.eval().requires_grad_(False)


def shaken(architecture: Architecture, seed: int = 0) -> nn.Sequential:
    """The network of an architecture, with weights drawn from `seed`."""
    model = build(architecture, seed)
    shake(model, seed)
    return model


def monotone(architecture: Architecture, seed: int = 0) -> nn.Sequential:
    """The network in double precision with random weights above 0, and means for maxima.

    No gradient in it is 0 by chance: one reaches every pixel that a value can depend on, and no other.
    """
    parts = [(info.name, info.layer.module(info.input_shape)) for info in architecture.summary()]
    model = nn.Sequential(OrderedDict(parts)).double().eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    for module in list(model.modules()):
        if isinstance(module, nn.Conv2d | nn.Linear):
            module.weight.uniform_(0.5, 1.5, generator=generator).div_(module.weight[0].numel())
        for name, child in module.named_children():
            if isinstance(child, nn.MaxPool2d):
                setattr(module, name, nn.AvgPool2d(child.kernel_size, child.stride, child.padding))
    return model
