"""A batch's way through a network and back: logits, each image's loss, every gradient, and what each layer read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from cnn_core.training.opened.chance import SeededDropout


@dataclass(frozen=True, eq=False)
class LayerPass:
    """What a layer with weights read and what came back to it: `reads` (N, ...), `output_gradient` (N, ...) of the
    batch's mean loss."""

    module: nn.Module
    reads: Tensor
    output_gradient: Tensor


@dataclass(frozen=True, eq=False)
class Passes:
    """One forward and one backward pass: `logits` (N, K), `losses` (N,) in nats, whose mean is the loss.

    `gradients` are those of the mean loss, by the parameters' names; `layers` by the names of the layers.
    """

    logits: Tensor
    losses: Tensor
    gradients: dict[str, Tensor]
    layers: dict[str, LayerPass]


def losses_of(
    model: nn.Sequential, images: Tensor, labels: Tensor, seed: int, smoothing: float = 0.0
) -> Tensor:
    """The cross-entropy of each image (N,), as in training: batch norm takes the batch's own mean and variance,
    dropout drops what the step's `seed` says. The model, in training mode, is left as it was."""
    with _unmoved(model), torch.no_grad():
        return _forward(model, images, labels, seed, smoothing)[1]


def passes(
    model: nn.Sequential,
    images: Tensor,
    labels: Tensor,
    seed: int,
    *,
    moved: bool = False,
    smoothing: float = 0.0,
) -> Passes:
    """Forward and backward for images (N, C, H, W) and labels (N,) of a model in training mode.

    The model is left as it was, but where `moved` batch norm's running statistics go on, as they do in training.
    """
    seen: dict[str, tuple[nn.Module, Tensor, Tensor]] = {}

    def note(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], Tensor]:
        def hook(module: nn.Module, reads: tuple[Tensor, ...], output: Tensor) -> Tensor:
            seen[name] = (module, reads[0].detach(), output)
            return output.clone()  # what follows may work in place

        return hook

    hooks = [module.register_forward_hook(note(name)) for name, module in weighted(model)]
    try:
        with nullcontext() if moved else _unmoved(model):
            logits, losses = _forward(model, images, labels, seed, smoothing)
            parameters = dict(model.named_parameters())
            outputs = [output for _, _, output in seen.values()]
            found = torch.autograd.grad(losses.mean(), [*parameters.values(), *outputs])
    finally:
        for hook in hooks:
            hook.remove()
    gradients = [gradient.contiguous() for gradient in found]
    layers = {
        name: LayerPass(module, reads, gradient)
        for (name, (module, reads, _)), gradient in zip(seen.items(), gradients[len(parameters) :])
    }
    return Passes(logits.detach(), losses.detach(), dict(zip(parameters, gradients)), layers)


def _forward(
    model: nn.Sequential, images: Tensor, labels: Tensor, seed: int, smoothing: float
) -> tuple[Tensor, Tensor]:
    with SeededDropout(seed):
        logits: Tensor = model(images)
    return logits, nn.functional.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)


def weighted(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """The modules that have weights of their own, by their dotted names ("conv1", "residual1.conv2"), in order."""
    for name, module in model.named_modules():
        if next(module.parameters(recurse=False), None) is not None:
            yield name, module


@contextmanager
def _unmoved(model: nn.Module) -> Iterator[None]:
    """Batch norm's running statistics, which every forward pass in training moves, are put back at the end."""
    before = [buffer.clone() for buffer in model.buffers()]
    try:
        yield
    finally:
        for buffer, value in zip(model.buffers(), before):
            buffer.copy_(value)
