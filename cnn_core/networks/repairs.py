"""What is wrong with a stack of layers, why, and the change that repairs it."""

from dataclasses import dataclass, replace

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.budget import size_problem
from cnn_core.networks.layers import Flatten, Layer, Linear, Shape

LOGITS = (
    "Cross-entropy takes one logit for each class, any real number, and applies the softmax itself; "
    "what comes after the last Linear only hides or bends the logits."
)
TOO_LARGE = "too large"


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
    said: str = "cannot work"
    """The fault in two words."""


def to_do(architecture: Architecture) -> str:
    """What has to be done before this network is trained, as a sentence; empty where nothing has."""
    found = problems(architecture)
    if not found:
        return ""
    if found[0].said == TOO_LARGE:
        return "Make the network smaller first: it is larger than this server allows."
    return "Repair the network first: a layer cannot work."


def problems(architecture: Architecture) -> tuple[Problem, ...]:
    """All problems that keep this network from being trained, in the order of the layers."""
    found = _settings_problems(architecture) + _refused_problems(architecture)
    failure = architecture.failure()
    if failure is None:
        found += _ending_problems(architecture)
        if not found:
            found += [Problem(*parts, said=TOO_LARGE) for parts in size_problem(architecture)]
    elif not any(problem.layer_index == failure[0] for problem in found):
        index, shape, message = failure
        found.append(_shape_problem(architecture, index, shape, message))
    return tuple(sorted(found, key=lambda problem: problem.layer_index))


def _settings_problems(architecture: Architecture) -> list[Problem]:
    found = []
    for index, layer in enumerate(architecture.layers):
        for name, value in layer.wrong_settings().items():
            known = layer.settings()[name]
            allowed = known.nearest(value)
            repair = _with(architecture, index, replace(layer, **{name: allowed}))
            found.append(
                Problem(
                    index,
                    f"{layer.title}: {name} is {value:g}.",
                    f"Allowed is {known.low:g} to {known.high:g}.",
                    repair,
                    f"Set {name} to {allowed:g}",
                )
            )
    return found


def _refused_problems(architecture: Architecture) -> list[Problem]:
    return [
        Problem(
            index,
            f"{layer.title} does not belong in the network.",
            layer.refused,
            _with(architecture, index),
            f"Remove {layer.title}",
        )
        for index, layer in enumerate(architecture.layers)
        if layer.refused
    ]


def _ending_problems(architecture: Architecture) -> list[Problem]:
    """The last layer has to be Linear(classes); only called where all shapes are known."""
    layers, classes = architecture.layers, architecture.classes
    last = max((i for i, layer in enumerate(layers) if layer.units is not None), default=None)
    trailing = [i for i in range((last or 0) + 1, len(layers)) if not layers[i].refused]
    if last is not None and layers[last].units == classes and trailing:
        kept = tuple(layer for i, layer in enumerate(layers) if i not in trailing)
        titles = " and ".join(layers[i].title for i in trailing)
        message = f"{titles} after the last Linear changes the logits."
        return [Problem(trailing[0], message, LOGITS, architecture.with_layers(kept), f"Remove {titles}")]
    if last is not None and not trailing:
        width = layers[last].units
        if width == classes:
            return []
        repair = _with(architecture, last, Linear(classes))
        message = f"The last Linear has {width:,} outputs, but there are {classes:,} classes."
        return [Problem(last, message, LOGITS, repair, f"Give it {classes:,} outputs")]
    summary = architecture.summary()
    flat = bool(summary) and len(summary[-1].output_shape) == 1
    ending: tuple[Layer, ...] = (Linear(classes),) if flat else (Flatten(), Linear(classes))
    message = f"The network does not end in one output for each of the {classes:,} classes."
    text = f"Add {' and '.join(layer.title for layer in ending)}({classes})"
    return [Problem(len(layers), message, LOGITS, *_offered(architecture, layers + ending, text))]


def _shape_problem(architecture: Architecture, index: int, shape: Shape, message: str) -> Problem:
    """The problem of the layer at `index`, which got `shape` and refused it with `message`."""
    layers, layer = architecture.layers, architecture.layers[index]
    if layer.needs_maps and len(shape) == 1:
        return _after_flatten(architecture, index, message)
    reason, instead, text = layer.repair(shape)
    repaired = (*layers[:index], *instead, *layers[index + 1 :])
    return Problem(index, message, reason, *_offered(architecture, repaired, text))


def _after_flatten(architecture: Architecture, index: int, message: str) -> Problem:
    """Moves Flatten behind this layer or, where a Linear stands between, this layer before Flatten."""
    layers = list(architecture.layers)
    layer = layers[index]
    flatten = max(i for i in range(index) if layers[i].flattens)
    reason = f"A vector has no rows and columns left that {layer.title}'s window could move over."
    if any(other.needs_vector for other in layers[flatten:index]):
        layers.insert(flatten, layers.pop(index))
        text = f"Move {layer.title} before Flatten"
    else:
        later = range(index, len(layers))
        takes_vector = next((i for i in later if layers[i].flattens or layers[i].needs_vector), len(layers))
        if takes_vector == len(layers) or layers[takes_vector].needs_vector:
            layers.insert(takes_vector, Flatten())
        del layers[flatten]
        text = f"Move Flatten behind {layer.title}"
    return Problem(index, message, reason, architecture.with_layers(tuple(layers)), text)


def _offered(
    architecture: Architecture, layers: tuple[Layer, ...], text: str
) -> tuple[Architecture | None, str]:
    """The architecture under other layers and the words for it; None and "" where there is no room for more."""
    if len(layers) > architecture.MAX_LAYERS:
        return None, ""
    return architecture.with_layers(layers), text


def _with(architecture: Architecture, index: int, *instead: Layer) -> Architecture:
    """The architecture with these layers, or none, in the place of one."""
    layers = architecture.layers
    return architecture.with_layers((*layers[:index], *instead, *layers[index + 1 :]))
