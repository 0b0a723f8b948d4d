"""What is wrong with a stack of layers, why, and the change that repairs it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import gcd

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.budget import size_problem
from cnn_core.networks.layers.base import Layer, Shape
from cnn_core.networks.layers.dense import Flatten, Linear
from cnn_core.networks.layers.elementwise import Softmax
from cnn_core.networks.layers.windowed import AvgPool2d, Conv2d, MaxPool2d

LOGITS = (
    "Cross-entropy takes one logit for each class, any real number, and applies the softmax itself; "
    "what comes after the last Linear only hides or bends the logits."
)


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a network from being trained.

    `layer_index` is the layer at fault, or the number of layers where something is missing after the last.
    `repair` is the whole architecture without this problem (others may remain, or come into view), and
    `repair_text` the label of its button; None and "" where no single change is right.
    """

    layer_index: int
    message: str
    reason: str
    repair: Architecture | None
    repair_text: str


def problems(architecture: Architecture) -> tuple[Problem, ...]:
    """All problems that keep this network from being trained, in the order of the layers."""
    found = _settings_problems(architecture) + _softmax_problems(architecture)
    failure = architecture.failure()
    if failure is None:
        found += _ending_problems(architecture)
        if not found:
            found += [Problem(*parts) for parts in size_problem(architecture)]
    elif not any(problem.layer_index == failure[0] for problem in found):
        index, shape, message = failure
        found.append(_shape_problem(architecture, index, shape, message))
    return tuple(sorted(found, key=lambda problem: problem.layer_index))


def _settings_problems(architecture: Architecture) -> list[Problem]:
    found = []
    for index, layer in enumerate(architecture.layers):
        for name, (value, low, high) in layer.wrong_settings().items():
            allowed = type(low)(min(max(value, low), high))
            found.append(
                Problem(
                    index,
                    f"{layer.title}: {name} is {value:g}.",
                    f"Allowed is {low:g} to {high:g}.",
                    _replaced(architecture, index, replace(layer, **{name: allowed})),
                    f"Set {name} to {allowed:g}",
                )
            )
    return found


def _softmax_problems(architecture: Architecture) -> list[Problem]:
    reason = (
        "Cross-entropy applies the softmax itself: it takes logits. A softmax before it squeezes them into "
        "0 to 1, so that even a perfect network keeps a large loss and learns slowly."
    )
    return [
        Problem(
            index,
            "Softmax does not belong in the network.",
            reason,
            _removed(architecture, index),
            "Remove Softmax",
        )
        for index, layer in enumerate(architecture.layers)
        if isinstance(layer, Softmax)
    ]


def _ending_problems(architecture: Architecture) -> list[Problem]:
    """The last layer has to be Linear(classes); only called where all shapes are known."""
    layers, classes = architecture.layers, architecture.classes
    last = max((i for i, layer in enumerate(layers) if isinstance(layer, Linear)), default=None)
    trailing = [i for i in range((last or 0) + 1, len(layers)) if not isinstance(layers[i], Softmax)]
    if last is not None and layers[last].output_shape((1,)) == (classes,) and trailing:
        kept = tuple(layer for i, layer in enumerate(layers) if i not in trailing)
        titles = " and ".join(layers[i].title for i in trailing)
        message = f"{titles} after the last Linear changes the logits."
        return [Problem(trailing[0], message, LOGITS, architecture.with_layers(kept), f"Remove {titles}")]
    if last is not None and not trailing:
        width = layers[last].output_shape((1,))[0]
        if width == classes:
            return []
        repair = _replaced(architecture, last, Linear(classes))
        message = f"The last Linear has {width:,} outputs, but there are {classes:,} classes."
        return [Problem(last, message, LOGITS, repair, f"Give it {classes:,} outputs")]
    summary = architecture.summary()
    flat = bool(summary) and len(summary[-1].output_shape) == 1
    ending: tuple[Layer, ...] = (Linear(classes),) if flat else (Flatten(), Linear(classes))
    message = f"The network does not end in one output for each of the {classes:,} classes."
    text = f"Add {' and '.join(layer.title for layer in ending)}({classes})"
    return [Problem(len(layers), message, LOGITS, *_grown(architecture, layers + ending, text))]


def _shape_problem(architecture: Architecture, index: int, shape: Shape, message: str) -> Problem:
    """The problem of the layer at `index`, which got `shape` and refused it with `message`."""
    layer = architecture.layers[index]
    if layer.needs_maps and len(shape) == 1:
        return _after_flatten(architecture, index, message)
    handlers: dict[type[Layer], Callable[..., tuple[str, Architecture | None, str]]] = {
        Linear: _linear_on_maps,
        Flatten: _flatten_twice,
        Conv2d: _convolution,
        MaxPool2d: _pooling,
        AvgPool2d: _pooling,
    }
    reason, repair, text = handlers[type(layer)](architecture, index, layer, shape)
    return Problem(index, message, reason, repair, text)


def _linear_on_maps(
    architecture: Architecture, index: int, layer: Linear, shape: Shape
) -> tuple[str, Architecture | None, str]:
    size = "×".join(str(n) for n in shape)
    count = shape[0] * shape[1] * shape[2]
    reason = (
        f"Linear multiplies a vector by a matrix. Flatten writes the {size} values one after the other, "
        f"as {count:,} features; without it torch says: mat1 and mat2 shapes cannot be multiplied."
    )
    layers = architecture.layers
    grown = (*layers[:index], Flatten(), *layers[index:])
    return reason, *_grown(architecture, grown, "Insert Flatten before it")


def _flatten_twice(
    architecture: Architecture, index: int, layer: Flatten, shape: Shape
) -> tuple[str, Architecture | None, str]:
    reason = "A Flatten or a Linear before it has already made a vector of the maps; once is enough."
    return reason, _removed(architecture, index), "Remove this Flatten"


def _after_flatten(architecture: Architecture, index: int, message: str) -> Problem:
    """Moves Flatten behind this layer or, where a Linear stands between, this layer before Flatten."""
    layers = list(architecture.layers)
    layer = layers[index]
    flatten = max(i for i in range(index) if isinstance(layers[i], Flatten))
    reason = f"A vector has no rows and columns left that {layer.title}'s window could move over."
    if any(isinstance(other, Linear) for other in layers[flatten:index]):
        layers.insert(flatten, layers.pop(index))
        text = f"Move {layer.title} before Flatten"
    else:
        later = range(index, len(layers))
        linear = next((i for i in later if isinstance(layers[i], Flatten | Linear)), len(layers))
        if linear == len(layers) or isinstance(layers[linear], Linear):
            layers.insert(linear, Flatten())
        del layers[flatten]
        text = f"Move Flatten behind {layer.title}"
    return Problem(index, message, reason, architecture.with_layers(tuple(layers)), text)


def _convolution(
    architecture: Architecture, index: int, layer: Conv2d, shape: Shape
) -> tuple[str, Architecture | None, str]:
    channels, height, width = shape
    extent, _, padding = layer.window()
    if layer.padding == "same" and layer.stride > 1:
        reason = "With a stride the output is smaller than the input, whatever the padding: torch refuses."
        return reason, *_change(architecture, index, padding=extent // 2)
    if channels % layer.groups or layer.out_channels % layer.groups:
        reason = (
            "Each group takes an equal share of the input channels and makes an equal share of the output."
        )
        shared = gcd(channels, layer.out_channels)
        groups = max(n for n in range(1, min(shared, layer.groups) + 1) if shared % n == 0)
        return reason, *_change(architecture, index, groups=groups)
    reason = f"The map here is {height}×{width}: a window has to lie inside it, padding included."
    if layer.stride == 1:
        return reason, *_change(architecture, index, padding="same")
    kernel = min(layer.kernel_size, min(height, width) + padding)
    return reason, *_change(architecture, index, kernel_size=kernel, dilation=1)


def _pooling(
    architecture: Architecture, index: int, layer: MaxPool2d | AvgPool2d, shape: Shape
) -> tuple[str, Architecture | None, str]:
    smallest = min(shape[1:])
    if 2 * layer.padding > layer.kernel_size:
        reason = "With more padding a window could lie on nothing but padding."
        return reason, *_change(architecture, index, padding=layer.kernel_size // 2)
    if smallest == 1:
        reason = "The maps have shrunk to a single row or column; pooling would leave none, a size of zero."
        return reason, _removed(architecture, index), f"Remove this {layer.title}"
    reason = f"The map here is {shape[1]}×{shape[2]}; a larger window would leave none, a size of zero."
    return reason, *_change(architecture, index, kernel_size=smallest, padding=0)


def _change(architecture: Architecture, index: int, **settings: int | str) -> tuple[Architecture, str]:
    """The architecture with a layer's settings changed, and the words for it."""
    layer = architecture.layers[index]
    changed = {name: value for name, value in settings.items() if getattr(layer, name) != value}
    text = "Set " + " and ".join(f"{name} to {value}" for name, value in changed.items())
    return _replaced(architecture, index, replace(layer, **changed)), text


def _grown(
    architecture: Architecture, layers: tuple[Layer, ...], text: str
) -> tuple[Architecture | None, str]:
    """The architecture under more layers and the words for it; None and "" where there is no room."""
    if len(layers) > architecture.MAX_LAYERS:
        return None, ""
    return architecture.with_layers(layers), text


def _replaced(architecture: Architecture, index: int, layer: Layer) -> Architecture:
    layers = architecture.layers
    return architecture.with_layers((*layers[:index], layer, *layers[index + 1 :]))


def _removed(architecture: Architecture, index: int) -> Architecture:
    layers = architecture.layers
    return architecture.with_layers(layers[:index] + layers[index + 1 :])
