"""How large a network may be, so that a shared server survives every network that its users can describe."""

import math
from collections.abc import Callable
from dataclasses import replace

from cnn_core.networks.architecture import Architecture, LayerInfo
from cnn_core.networks.layers.dense import Flatten, Linear
from cnn_core.networks.layers.windowed import Conv2d, GlobalAvgPool

MAX_PARAMETERS = 10_000_000  # 40 MB of weights, four times that with Adam's state and gradients
MAX_ACTIVATIONS = 1_000_000  # values kept for one image: 0.5 GB for a batch of 128
MAX_MACS = 1_000_000_000  # for one image: about 60 images a second on two cores


def size_problem(
    architecture: Architecture,
) -> list[tuple[int, str, str, Architecture | None, str]]:
    """What a network exceeds, as the parts of a `repairs.Problem`; empty where it is small enough.

    The architecture has to have no other problem. At most one entry: the first limit exceeded.
    """
    limits: tuple[tuple[str, int, Callable[[LayerInfo], int]], ...] = (
        ("parameters", MAX_PARAMETERS, lambda info: info.parameters),
        ("values kept for one image", MAX_ACTIVATIONS, lambda info: math.prod(info.output_shape)),
        ("multiply-adds for one image", MAX_MACS, lambda info: info.macs),
    )
    for what, limit, cost in limits:
        costs = [cost(info) for info in architecture.summary()]
        if sum(costs) > limit:
            index = costs.index(max(costs))
            message = f"The network has {sum(costs):,} {what}, {costs[index]:,} of them at this layer."
            reason = f"The limit is {limit:,}: more would take memory and time from everybody on this server."
            repair, text = _smaller(architecture)
            return [(index, message, reason, repair, text)]
    return []


def fits(architecture: Architecture) -> bool:
    """Whether a network whose shapes are known keeps all three limits."""
    return (
        architecture.parameters <= MAX_PARAMETERS
        and architecture.activation_values <= MAX_ACTIVATIONS
        and architecture.macs <= MAX_MACS
    )


def _smaller(architecture: Architecture) -> tuple[Architecture | None, str]:
    """Halves the widest hidden layers until it fits; else averages each map before Flatten; else None."""
    small = architecture
    for _ in range(16 * len(architecture.layers)):
        if fits(small):
            return small, "Halve the widest layers until it fits"
        widest = _widest(small)
        if widest is None:
            break
        small = small.with_layers(
            (*small.layers[: widest.index], _halved(widest), *small.layers[widest.index + 1 :])
        )
        small = _ungrouped(small)
    for start in (architecture, small):
        flatten = next((i for i, layer in enumerate(start.layers) if isinstance(layer, Flatten)), None)
        if flatten is not None and len(start.layers) < start.MAX_LAYERS:
            pooled = start.with_layers((*start.layers[:flatten], GlobalAvgPool(), *start.layers[flatten:]))
            if pooled.failure() is None and fits(pooled):
                return pooled, "Average each map before Flatten"
    return None, ""


def _widest(architecture: Architecture) -> LayerInfo | None:
    """The hidden convolution or Linear with the largest share of any of the limits."""
    hidden = [
        info
        for info in architecture.summary()[:-1]
        if (isinstance(info.layer, Conv2d) and info.layer.out_channels > 1)
        or (isinstance(info.layer, Linear) and info.layer.out_features > 1)
    ]

    def share(info: LayerInfo) -> float:
        values = math.prod(info.output_shape) / MAX_ACTIVATIONS
        return max(info.parameters / MAX_PARAMETERS, info.macs / MAX_MACS, values)

    return max(hidden, key=share, default=None)


def _halved(info: LayerInfo) -> Conv2d | Linear:
    layer = info.layer
    if isinstance(layer, Conv2d):
        return replace(layer, out_channels=layer.out_channels // 2)
    assert isinstance(layer, Linear)
    return replace(layer, out_features=layer.out_features // 2)


def _ungrouped(architecture: Architecture) -> Architecture:
    """Groups that no longer divide the channels are lowered to the largest number that does."""
    layers, channels = [], architecture.input_shape[0]
    for layer in architecture.layers:
        if isinstance(layer, Conv2d):
            layer = replace(layer, groups=math.gcd(layer.groups, channels, layer.out_channels))
            channels = layer.out_channels
        layers.append(layer)
    return architecture.with_layers(tuple(layers))
