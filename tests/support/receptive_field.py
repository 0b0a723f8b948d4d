"""Which cells of the input a value depends on, measured with a gradient."""

import torch
from torch import nn


def positive(module: nn.Module) -> nn.Module:
    """The module with weights above 0, and means for maxima: no gradient is 0 by chance, and all values stay small."""
    for part in module.modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            nn.init.constant_(part.weight, 1 / part.weight[0].numel())
        for name, child in part.named_children():
            if isinstance(child, nn.MaxPool2d):
                setattr(part, name, nn.AvgPool2d(child.kernel_size, child.stride, child.padding))
    return module.double().eval()


def reached(model: nn.Module, shape: tuple[int, ...], place: int) -> tuple[int, int]:
    """The first and the last row of the input that one value of the output, in row `place`, depends on."""
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(1, *shape, generator=generator, dtype=torch.float64).add(0.1).requires_grad_()
    output = model(x)
    value = output[0, 0, place].sum() if output.ndim == 4 else output[0, place]
    (gradient,) = torch.autograd.grad(value, x)
    rows = gradient[0].abs().flatten(2).sum((0, 2)) if gradient.ndim == 4 else gradient[0].abs()
    (found,) = rows.nonzero(as_tuple=True)
    return int(found.min()), int(found.max())
