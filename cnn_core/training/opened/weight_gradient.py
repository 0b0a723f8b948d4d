"""The gradient of one weight as the sum that it is: over the images of the batch, and the places where it was used.

A layer's output is a sum in which each weight stands once, times something that was read: what it is multiplied by is
what the layer would put out if this weight were 1 and every other 0. That times the gradient of the output, added up
over images and positions, is the chain rule for this weight.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from cnn_core.arrays import Doubles, Floats, not_allowed
from cnn_core.training.one_core import one_core
from cnn_core.training.opened.passes import LayerPass


@dataclass(frozen=True, eq=False)
class WeightGradient:
    """The terms of one weight's gradient.

    All three are (N, rows, columns), one place of the output map a cell, (N, 1, 1) behind a linear layer:
    `factors` are what the weight was multiplied by, `output_gradients` how the loss changes with what came out
    there, and `terms` their products.
    """

    factors: Floats
    output_gradients: Floats
    terms: Doubles

    @property
    def of_images(self) -> Doubles:
        """The sum over the places, for each image (N,)."""
        sums: Doubles = self.terms.sum(axis=(1, 2))
        return sums

    @property
    def total(self) -> float:
        """The gradient."""
        return float(self.of_images.sum())


def weight_gradient(layer: LayerPass, parameter: str, index: Sequence[int]) -> WeightGradient:
    """The terms of the gradient of `parameter[index]` ("weight", (3, 0, 1, 1)) of a layer.

    The first index of a parameter is the output's channel or unit it belongs to. Raises `ValueError` for a parameter
    that the layer doesn't have, or an index outside of it.
    """
    own = dict(layer.module.named_parameters(recurse=False))
    if parameter not in own:
        raise ValueError(not_allowed("parameter", repr(parameter), f"one of {', '.join(own)}"))
    shape = tuple(own[parameter].shape)
    if len(index) != len(shape) or not all(0 <= at < size for at, size in zip(index, shape)):
        raise ValueError(not_allowed("index", tuple(index), f"one of an array of shape {shape}"))
    alone = {name: torch.zeros_like(value) for name, value in own.items()}
    alone[parameter][tuple(index)] = 1.0
    buffers = {name: value.clone() for name, value in layer.module.named_buffers(recurse=False)}
    with one_core(), torch.no_grad():
        output = torch.func.functional_call(layer.module, alone | buffers, (layer.reads,))
    factors, gradients = (
        _cells(values[:, index[0]].cpu().numpy()) for values in (output, layer.output_gradient)
    )
    return WeightGradient(factors, gradients, factors.astype(np.float64) * gradients)


def _cells(values: Floats) -> Floats:
    return values if values.ndim == 3 else values.reshape(len(values), 1, 1)
