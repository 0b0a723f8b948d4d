"""What a run's network answers at each of its moments: to test images, to one image, and with which weights."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnn_core.arrays import Bytes, Floats, Integers, not_allowed
from cnn_core.checkpoints import CheckpointError, load_weights
from cnn_core.inside.filters import filter_banks, weight_matrices
from cnn_core.inside.forward import forward_all, probabilities
from cnn_core.judge import metrics
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.runs.kept_weights import MOST_EPOCHS, MOST_STEPS
from cnn_core.runs.moments import Moment

if TYPE_CHECKING:
    from torch import nn

COLOURS = 3  # input channels whose kernels are all shown
MOST_FILTERS = 64
MOST_CELLS = 4000  # of a linear layer's weights
MOST_MAP_VALUES = 450_000  # over all moments: a byte each on their way to a browser
IMAGES = (1000, 500, 250, 100)
MULTIPLY_ADDS = 4e10  # for all moments of a run, some seconds on two cores


@dataclass(frozen=True, eq=False)
class Judged:
    """How the network answered some test images at one moment: `matrix` (K, K), `loss` in nats, `accuracy` in 0..1."""

    matrix: Integers
    loss: float
    accuracy: float


@dataclass(frozen=True, eq=False)
class Followed:
    """One layer over M moments: kernels (M, T, h, w), its maps of one image (M, N, H, W), the answers (M, K).

    `owner` is whose weights they are ("conv1", or "residual1.conv2" in a block), `group` how many kernels are one
    filter, `filters` and `outputs` how many there are in all; an `is_linear` layer's weights are one kernel, of which a
    column is the strongest of `folded` inputs side by side.
    """

    owner: str
    kernels: Floats
    group: int
    filters: int
    channels: int
    is_linear: bool
    folded: int
    maps: Floats
    outputs: int
    answers: Floats


def network(architecture: Architecture) -> "nn.Sequential":
    """The network of a run in eval mode, gradients off; its weights are yet to be put in."""
    return build(architecture).eval().requires_grad_(False)


def put(model: "nn.Sequential", moment: Moment) -> None:
    """Give `model` its weights of a moment. Raises `CheckpointError` where they are damaged."""
    weights = load_weights(moment.file, like=model.state_dict())
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise CheckpointError(f"the weights {moment.file.name!r} are of another kind: {error}") from error


def layers(architecture: Architecture) -> list[str]:
    """The layers that can be followed: every stop with a convolution or a linear layer in it."""
    model = network(architecture)
    names = [bank.name for bank in filter_banks(model)] + [one.name for one in weight_matrices(model)]
    return [
        name
        for name, _ in model.named_children()
        if any(one == name or one.startswith(f"{name}.") for one in names)
    ]


def images_read(architecture: Architecture, there: int) -> int:
    """How many test images are read at each moment, of those that are `there`: fewer the more a network multiplies."""
    work = max(1, architecture.macs) * (MOST_EPOCHS + MOST_STEPS)
    most = next((images for images in IMAGES if images * work <= MULTIPLY_ADDS), IMAGES[-1])
    return min(most, there)


def judge(architecture: Architecture, moment: Moment, images: Bytes, labels: Integers | Bytes) -> Judged:
    """The answers at a moment to test images uint8 (N, H, W, C) with these labels (N,).

    Raises `CheckpointError` where the weights are damaged or answer no numbers.
    """
    model = network(architecture)
    put(model, moment)
    given = probabilities(model, images, batch_size=250)
    if not np.isfinite(given).all():
        raise CheckpointError(f"the network gives no numbers {moment.words}.")
    own = np.asarray(given[np.arange(len(labels)), labels], np.float64)
    matrix = metrics.confusion_matrix(labels, given.argmax(axis=1), architecture.classes)
    return Judged(matrix, float(-np.log(own.clip(1e-30)).mean()), metrics.accuracy(matrix))


def follow(
    architecture: Architecture, moments: Sequence[Moment], layer: str, channel: int, image: Floats
) -> Followed:
    """One layer's weights, and its answers to an image (C, H, W) in 0..1, at each moment.

    Of a convolution that reads more than `COLOURS` channels, the kernels that read `channel` are followed. No more
    filters and maps than a browser is sent. Raises `CheckpointError` as `judge`, `ValueError` for a layer that is none
    of `layers`.
    """
    model = network(architecture)
    kernels, maps, answers = zip(*_each(model, moments, layer, channel, image))
    outputs = maps[0].shape[0]
    most = max(1, min(MOST_MAP_VALUES // (len(moments) * max(1, maps[0][0].size)), _most_maps(maps[0])))
    banks = {bank.name: bank for bank in filter_banks(model)}
    owner = _owner(model, layer)
    folded, filters, channels, group = 1, 1, 1, 1
    if owner in banks:
        filters, channels = banks[owner].filters, banks[owner].channels
        group = channels if channels <= COLOURS else 1
    else:
        matrix = next(one for one in weight_matrices(model) if one.name == owner)
        (filters, channels), folded = matrix.weight.shape, matrix.folded(MOST_CELLS)[1]
    return Followed(
        owner=owner,
        kernels=np.stack(kernels),
        group=group,
        filters=filters,
        channels=channels,
        is_linear=owner not in banks,
        folded=folded,
        maps=np.stack([one[:most] for one in maps]),
        outputs=outputs,
        answers=np.stack(answers),
    )


def _most_maps(maps: Floats) -> int:
    return MOST_FILTERS if maps[0].size > 1 else 1024


def _owner(model: "nn.Sequential", layer: str) -> str:
    """Whose weights are followed: the layer's own, or in a block those of its first convolution or linear layer."""
    names = [bank.name for bank in filter_banks(model)] + [one.name for one in weight_matrices(model)]
    own = [name for name in names if name == layer or name.startswith(f"{layer}.")]
    if not own:
        raise ValueError(not_allowed("layer", repr(layer), "one with weights"))
    return own[0]


def _each(
    model: "nn.Sequential", moments: Sequence[Moment], layer: str, channel: int, image: Floats
) -> Iterator[tuple[Floats, Floats, Floats]]:
    """Kernels (T, h, w), maps (N, H, W) and probabilities (K,) at each moment."""
    owner = _owner(model, layer)
    for moment in moments:
        put(model, moment)
        outputs = {one.name: one.output[0] for one in forward_all(model, image[None])}
        values = outputs[layer]
        if not all(np.isfinite(one).all() for one in outputs.values()):
            raise CheckpointError(f"the network gives no numbers {moment.words}.")
        answer = probabilities(model, image[None])[0]
        yield (
            _kernels(model, owner, channel),
            values if values.ndim == 3 else values.reshape(-1, 1, 1),
            answer,
        )


def _kernels(model: "nn.Sequential", owner: str, channel: int) -> Floats:
    for bank in filter_banks(model):
        if bank.name == owner:
            few = bank.weight[:MOST_FILTERS]
            if bank.channels <= COLOURS:
                return few.reshape(-1, *few.shape[2:])
            if not 0 <= channel < bank.channels:
                raise ValueError(not_allowed("channel", channel, f"0 to {bank.channels - 1} in {owner}"))
            return few[:, channel]
    matrix = next(one for one in weight_matrices(model) if one.name == owner)
    return matrix.folded(MOST_CELLS)[0][None]
