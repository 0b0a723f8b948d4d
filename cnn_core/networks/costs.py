"""Where a network's parameters lie and where its work, and what its activations weigh, in words."""

import math
from collections.abc import Callable, Sequence

from cnn_core.networks.shapes import LayerInfo

VALUE_BYTES = 4  # of a float32


def arithmetic(info: LayerInfo) -> str:
    """The parameters tensor by tensor, outputs first: "32 × (1 × 3 × 3) + 32 = 320"; "0" where there are none.

    The bracket is one filter, or one row of a linear layer: all that a single output reads.
    """
    terms = [_term(factors) for factors in info.layer.parameter_factors(info.input_shape)]
    return f"{' + '.join(terms)} = {info.parameters:,}" if terms else "0"


def _term(factors: tuple[int, ...]) -> str:
    outputs, *inputs = (f"{factor:,}" for factor in reversed(factors))
    if len(inputs) > 1:
        return f"{outputs} × ({' × '.join(inputs)})"
    return " × ".join([outputs, *inputs])


def weights(info: LayerInfo) -> int:
    """The parameters that are multiplied with what a layer reads: all but biases and the like, one a channel."""
    factors = info.layer.parameter_factors(info.input_shape)
    return sum(math.prod(one) for one in factors if len(one) > 1)


def uses(info: LayerInfo) -> float | None:
    """How often a layer multiplies with each of its weights for one image, on average; None where it has none."""
    own = weights(info)
    return info.macs / own if own else None


def activation_bytes(info: LayerInfo, batch: int) -> int:
    """What a layer's outputs for `batch` images weigh as float32, in bytes: training keeps them for the way back."""
    return VALUE_BYTES * batch * info.values


def largest(infos: Sequence[LayerInfo], cost: Callable[[LayerInfo], int]) -> LayerInfo:
    """The layer where `cost` is highest, the last of several. Raises `ValueError` where there is no layer."""
    return max(reversed(infos), key=cost)
