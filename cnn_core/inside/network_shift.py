"""The shift test of a whole network: move its images a pixel at a time and measure what every layer makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Pair
from cnn_core.inside.forward import forward_all
from cnn_core.operations.losses import softmax
from cnn_core.operations.shifts import shifted

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class NetworkShift:
    """What a network makes of N images, moved by each of S shifts."""

    shifts: tuple[Pair, ...]
    probabilities: Floats  # (S, N, K)
    unmoved: Floats  # (N, K): of the images where they were
    layers: tuple[str, ...]  # "input", then the names of the L − 1 layers
    pools: tuple[bool, ...]  # which of the layers pool
    changes: Floats  # (L, S): the relative change of each layer's output, averaged over the images

    @property
    def agreement(self) -> Floats:
        """`(S,)`: the share of images that are read as they were before they moved, 0..1."""
        same = self.probabilities.argmax(-1) == self.unmoved.argmax(-1)
        share: Floats = same.mean(axis=1).astype(np.float32)
        return share


def shift_network(model: "nn.Sequential", images: npt.ArrayLike, shifts: Sequence[Pair]) -> NetworkShift:
    """Run the images `(N, C, H, W)`, 0..1, through `model` (eval mode, left as it was) at every shift.

    Images that leave a layer silent (all zeros before) are left out of its average.
    """
    x = np.asarray(images, np.float32)
    before = forward_all(model, x)
    names = ("input", *(layer.name for layer in before))
    befores = [x, *(layer.output for layer in before)]
    probabilities, changes = [], []
    for rows, columns in shifts:
        moved = shifted(x, rows, columns)
        outputs = forward_all(model, moved)
        probabilities.append(softmax(outputs[-1].output))
        afters = [moved, *(layer.output for layer in outputs)]
        changes.append([mean_change(a, b) for a, b in zip(befores, afters)])
    return NetworkShift(
        tuple(shifts),
        np.stack(probabilities).astype(np.float32),
        softmax(befores[-1]).astype(np.float32),
        names,
        (False, *(answer.layer is not None and answer.layer.pools for answer in before)),
        np.array(changes, np.float32).T,
    )


def mean_change(before: Floats, after: Floats) -> float:
    """The relative change of each of N outputs `(N, ...)`, averaged over those that were not all zero."""
    a, b = before.reshape(len(before), -1), after.reshape(len(after), -1)
    lengths = np.linalg.norm(a, axis=1)
    kept = lengths > 0
    return float((np.linalg.norm(b - a, axis=1)[kept] / lengths[kept]).mean()) if kept.any() else 0.0
