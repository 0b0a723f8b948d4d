"""How large a network may be, so that a shared server survives every network that its users can describe.

By the defaults of `limits`, weights are 40 MB at most, four times that with Adam's state and gradients; what is kept
for a batch of 128 is 0.5 GB; and two cores train some 60 images a second.
"""

from collections.abc import Callable

from cnn_core.limits import limits
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import GlobalAvgPool, Layer
from cnn_core.networks.shapes import LayerInfo


def size_problem(
    architecture: Architecture,
) -> list[tuple[int, str, str, Architecture | None, str]]:
    """What a network exceeds, as the parts of a `repairs.Problem`; empty where it is small enough.

    The architecture has to have no other problem. At most one entry: the first limit exceeded.
    """
    most = limits()
    costed: tuple[tuple[str, int, Callable[[LayerInfo], int]], ...] = (
        ("parameters", most.parameters, lambda info: info.parameters),
        ("values kept for one image", most.activations, lambda info: info.values),
        ("multiply-adds for one image", most.multiply_adds, lambda info: info.macs),
    )
    for what, limit, cost in costed:
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
    most = limits()
    return (
        architecture.parameters <= most.parameters
        and architecture.activation_values <= most.activations
        and architecture.macs <= most.multiply_adds
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
        index, halved = widest
        small = small.with_layers((*small.layers[:index], halved, *small.layers[index + 1 :]))
        small = _fitted(small)
    for start in (architecture, small):
        flatten = next((i for i, layer in enumerate(start.layers) if layer.flattens), None)
        if flatten is not None and len(start.layers) < start.MAX_LAYERS:
            pooled = _fitted(
                start.with_layers((*start.layers[:flatten], GlobalAvgPool(), *start.layers[flatten:]))
            )
            if pooled.failure() is None and fits(pooled):
                return pooled, "Average each map before Flatten"
    return None, ""


def _widest(architecture: Architecture) -> tuple[int, Layer] | None:
    """Which hidden layer of those that can be halved has the largest share of any of the limits, and its half."""

    most = limits()

    def share(info: LayerInfo) -> float:
        values = info.values / most.activations
        return max(info.parameters / most.parameters, info.macs / most.multiply_adds, values)

    for info in sorted(architecture.summary()[:-1], key=share, reverse=True):
        if (halved := info.layer.halved()) is not None:
            return info.index, halved
    return None


def _fitted(architecture: Architecture) -> Architecture:
    """Each layer fitted to the channels that it now gets; rows and columns are as before."""
    layers: list[Layer] = []
    shape: tuple[int, ...] = architecture.input_shape
    for layer in architecture.layers:
        layers.append(layer.fitted(shape))
        shape = layers[-1].output_shape(shape)
    return architecture.with_layers(tuple(layers))
