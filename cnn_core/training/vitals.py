"""How a network fares while it learns: how long gradients and steps are, layer by layer, and which ReLUs are dead."""

from collections.abc import Sequence
from typing import TypedDict

import torch
from torch import Tensor, nn

from cnn_core.networks.layers import type_of


class Vitals(TypedDict):
    """What one step shows of each layer with weights, by its name: Euclidean norms over all that it learns.

    `gradient_norms` are those of the mean loss, before any clipping; `update_ratios` the length of the step that was
    taken over the length of the weights, some 0.001 in a training that goes well (Karpathy, CS231n, "Babysitting the
    learning process"). `gradient_norm` and `update_ratio` are the whole network's.
    """

    gradient_norm: float
    update_ratio: float
    gradient_norms: dict[str, float]
    update_ratios: dict[str, float]


class Watch:
    """Looks at one step: made when gradients are there, asked once the step is taken."""

    def __init__(self, names: Sequence[str], parameters: Sequence[nn.Parameter]) -> None:
        self._names, self._parameters = names, parameters
        self._before = [parameter.detach().clone() for parameter in parameters]
        gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters]
        self._gradients = torch.stack(torch._foreach_norm(gradients))

    def after(self) -> Vitals:
        """What the step shows, with `names` those of the parameters' layers. Numbers that are none are 0."""
        weights = torch.stack(torch._foreach_norm(self._before))
        moves = torch._foreach_sub([parameter.detach() for parameter in self._parameters], self._before)
        found = torch.stack([self._gradients, torch.stack(torch._foreach_norm(moves)), weights])
        squares = found.double().square().nan_to_num(0.0, 0.0, 0.0).cpu()
        rows: dict[str, Tensor] = {}
        for index, name in enumerate(self._names):
            rows[name] = rows.get(name, torch.zeros(3, dtype=torch.float64)) + squares[:, index]
        whole = _lengths(squares.sum(1))
        layers = {name: _lengths(row) for name, row in rows.items()}
        return {
            "gradient_norm": whole[0],
            "update_ratio": whole[1],
            "gradient_norms": {name: norm for name, (norm, _) in layers.items()},
            "update_ratios": {name: ratio for name, (_, ratio) in layers.items()},
        }


def _lengths(squares: Tensor) -> tuple[float, float]:
    """The gradient's norm, and the move's over the weights'; 0 where all weights are zero."""
    gradient, move, weight = squares.sqrt().tolist()
    return gradient, move / weight if weight else 0.0


def dead_relus(model: nn.Module, images: Tensor) -> dict[str, float]:
    """Of each ReLU, by its name, the share of channels (of a vector: units) that are 0 for all `images`, everywhere.

    `images` (N, C, H, W) as the network takes them. The model is asked in eval mode, and left in the mode it had.
    """
    found: dict[str, float] = {}

    def note(name: str, output: Tensor) -> None:
        largest = output.transpose(0, 1).flatten(1).amax(1)
        found[name] = float((largest <= 0).float().mean())

    hooks = [
        layer.register_forward_hook(lambda _layer, _inputs, output, name=name: note(name, output))
        for name, layer in model.named_modules()
        if (kind := type_of(layer)) is not None and kind.can_die
    ]
    was_training = model.training
    try:
        if hooks:
            with torch.inference_mode():
                model.eval()(images)
    finally:
        model.train(was_training)
        for hook in hooks:
            hook.remove()
    return found
