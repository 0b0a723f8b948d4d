"""What a network would answer with some of its weights changed: filters switched off, scaled or replaced.

The model itself is never written to: the stops that are changed are copied, all others are shared (torch's own
`functional_call` would put the changed weights into the shared module while it runs, where other sessions read them).
Where filters are switched off one after the other, what lies before them is computed once. Such lesions of single units
tell how much each is needed: Morcos, Barrett, Rabinowitz, Botvinick, On the importance of single directions for
generalization (2018), section 2.
"""

import copy
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Doubles, Floats, Integers, not_allowed
from cnn_core.inside.forward import BATCH, probabilities
from cnn_core.inside.places import run, tensor_of
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.wiring import INPUT, PROBABILITIES, Place, Wiring, wiring

if TYPE_CHECKING:
    import torch
    from torch import nn


@dataclass(frozen=True, eq=False)
class Change:
    """Some weights as they are to be: `factor` times what they were, plus `offset` of their shape, or one number.

    `tensor` is its name in the network ("conv1.weight"), `index` says which of it: (3,) the filter 3, (3, 0, 1, 1) one
    weight. A factor of 0 switches off; of 0 with an offset replaces.
    """

    tensor: str
    index: tuple[int, ...]
    factor: float = 0.0
    offset: npt.ArrayLike = 0.0


def filter_scaled(model: "nn.Module", layer: str, index: int, factor: float = 0.0) -> tuple[Change, ...]:
    """The changes that scale a filter or unit, its bias too: its map is `factor` times what it was, all 0 with 0.

    `layer` is a convolution or linear layer by its dotted name. What follows may still add to a map of zeros, as batch
    norm's shift does. Raises `ValueError` where there is no such layer with weights.
    """
    names = [f"{layer}.{part}" for part in ("weight", "bias")]
    there = dict(model.named_parameters())
    if names[0] not in there:
        layers = [name.removesuffix(".weight") for name in there if name.endswith(".weight")]
        raise ValueError(not_allowed("layer", repr(layer), f"one of {', '.join(layers)}"))
    return tuple(Change(name, (index,), factor) for name in names if name in there)


def changed(model: "nn.Sequential", changes: Sequence[Change]) -> "nn.Sequential":
    """The network with these changes, made in their order: a new one that shares every unchanged stop with `model`.

    It is in eval mode as `model` has to be. Raises `ValueError` where that is not so, where there is no such tensor or
    index, or where an offset has another shape.
    """
    import torch
    from torch import nn

    if model.training:
        raise ValueError(not_allowed("model", "in training mode", "eval mode: call model.eval() first"))
    stops = OrderedDict(model.named_children())
    for name in dict.fromkeys(change.tensor.partition(".")[0] for change in changes):
        if name in stops:
            stops[name] = copy.deepcopy(stops[name]).requires_grad_(False)
    made = nn.Sequential(stops)
    made.training = False  # its own alone: eval() would write to the stops that are shared
    tensors = {**dict(made.named_parameters()), **dict(made.named_buffers())}
    with torch.no_grad():
        for change in changes:
            if change.tensor not in tensors:
                raise ValueError(not_allowed("tensor", repr(change.tensor), f"one of {', '.join(tensors)}"))
            _write(tensors[change.tensor], change)
    return made


def _write(tensor: "torch.Tensor", change: Change) -> None:
    import torch

    sizes = tuple(tensor.shape)
    if len(change.index) > len(sizes) or not all(0 <= i < n for i, n in zip(change.index, sizes)):
        raise ValueError(not_allowed("index", change.index, f"what {change.tensor} of shape {sizes} has"))
    part = tensor[change.index]
    offset = torch.as_tensor(np.asarray(change.offset, np.float32)).to(part)
    if offset.ndim and offset.shape != part.shape:
        found = f"of shape {tuple(offset.shape)}"
        raise ValueError(not_allowed("offset", found, f"a number, or of shape {tuple(part.shape)}"))
    # A factor of 0 takes away what is no number too.
    tensor[change.index] = offset.expand(part.shape) if change.factor == 0 else part * change.factor + offset


def with_changes(model: "nn.Sequential", images: Floats, changes: Sequence[Change]) -> Floats:
    """The probabilities float32 `(N, K)` of the changed network for images as `probabilities` takes them."""
    return probabilities(changed(model, changes), images)


@dataclass(frozen=True, eq=False)
class Importance:
    """What switching off each of a layer's O filters or units does to the answers for N images.

    `accuracy` and `probability` are the whole network's: the share of images it answers as their labels say, 0..1, and
    the mean probability it gives them. `accuracy_change` and `probability_change` (O,) are those without each filter,
    less these: negative where it was needed. `flipped` (O,) counts the images with another answer.
    """

    layer: str
    images: int
    accuracy: float
    probability: float
    accuracy_change: Doubles
    probability_change: Doubles
    flipped: Integers

    def order(self) -> list[int]:
        """The filters, the one most needed first: by the probability lost, equal ones by their index."""
        return [int(index) for index in np.argsort(self.probability_change, kind="stable")]


def importance(
    model: "nn.Sequential",
    architecture: Architecture,
    layer: str,
    images: Floats,
    labels: npt.ArrayLike,
    progress: Callable[[float], None] | None = None,
) -> Importance:
    """Switch off each filter or unit of `layer` in turn: its values are 0, and the network runs on from there.

    `images` float32 `(N, C, H, W)` in 0..1, `labels` (N,) their classes. `layer` is any of the network, or a part of a
    block; `progress` is told the share done, 0..1. The model has to be in eval mode and is left as it was. Raises
    `ValueError` for a layer that is not there, and for no images or labels of another number.
    """
    import torch

    known, true = wiring(architecture), np.asarray(labels, np.int64)
    place = known.place(layer)
    if not len(images) or true.shape != (len(images),):
        raise ValueError(not_allowed("labels", f"of shape {true.shape}", f"one or more, ({len(images)},)"))
    count = place.output_shape[0]
    given: list[Floats] = []  # (1 + O, n, K): with all filters, then without each
    for start in range(0, len(images), BATCH):
        with torch.inference_mode():
            x = tensor_of(images[start : start + BATCH], known, model)
            given.append(_without_each(model, known, place, x))
        if progress is not None:
            progress(min(1.0, (start + BATCH) / len(images)))
    answers = np.concatenate(given, axis=1)
    right = answers.argmax(axis=2) == true
    shares = answers[:, np.arange(len(true)), true].astype(np.float64)
    flipped = (answers[1:].argmax(axis=2) != answers[0].argmax(axis=1)).sum(axis=1)
    accuracy, probability = right.mean(axis=1), shares.mean(axis=1)
    return Importance(
        place.name,
        len(true),
        float(accuracy[0]),
        float(probability[0]),
        accuracy[1:] - accuracy[0],
        probability[1:] - probability[0],
        flipped.astype(np.int64).reshape(count),
    )


def _without_each(model: "nn.Sequential", known: Wiring, place: Place, x: "torch.Tensor") -> Floats:
    """The probabilities (1 + O, n, K) with all of a place's channels, then without each."""
    behind = known.behind(place)
    needed = {name for other in behind for name in other.reads}
    values = run(model, known.until(place), {INPUT: x}, keep=[place.name, *needed])
    rows = []
    for index in range(-1, place.output_shape[0]):
        own = values[place.name]
        if index >= 0:
            own = own.clone()
            own[:, index] = 0
        answers = run(model, behind, {**values, place.name: own}, keep=[PROBABILITIES])
        rows.append(answers[PROBABILITIES].float().cpu().numpy())
    return np.stack(rows)
