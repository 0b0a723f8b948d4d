"""The shift test: move the input a pixel at a time and measure what changes behind it.

A change is relative: the length of the difference over the length of what was there before, ‖b − a‖ / ‖a‖; 0
is none. Azulay and Weiss (2019) and Zhang (2019) measured in this way how little invariance pooling gives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cnn_core.losses import softmax
from cnn_core.windows import Floats

if TYPE_CHECKING:
    from torch import nn

Pair = tuple[int, int]


def shifted(x: npt.ArrayLike, rows: int, columns: int) -> Floats:
    """`x` `(..., H, W)` moved down by `rows` and right by `columns` (negative: up, left); zeros come in."""
    image = np.asarray(x, np.float32)
    moved = np.zeros_like(image)
    height, width = image.shape[-2:]
    if abs(rows) < height and abs(columns) < width:
        to = slice(max(rows, 0), height + min(rows, 0)), slice(max(columns, 0), width + min(columns, 0))
        of = slice(max(-rows, 0), height + min(-rows, 0)), slice(max(-columns, 0), width + min(-columns, 0))
        moved[..., to[0], to[1]] = image[..., of[0], of[1]]
    return moved


def relative_change(before: npt.ArrayLike, after: npt.ArrayLike) -> float:
    """‖after − before‖ / ‖before‖; 0 where nothing changed, infinity where there was nothing before."""
    a, b = np.asarray(before, np.float64), np.asarray(after, np.float64)
    difference, length = float(np.linalg.norm(b - a)), float(np.linalg.norm(a))
    if difference == 0:
        return 0.0
    return difference / length if length else float("inf")


@dataclass(frozen=True)
class ShiftEffect:
    """What a shift of the input does to an output."""

    changed: int  # cells with another value
    cells: int
    change: float  # relative
    moved: Pair | None  # the nearest whole cells that the output could have moved along; None for one cell
    beyond: float  # the relative change that is left when the output before is moved along


def shift_effect(before: Floats, after: Floats, shift: Pair, stride: Pair) -> ShiftEffect:
    """Compare outputs `(H_out, W_out)` before and after the input moved by `shift` (rows, columns).

    Where the shift is a whole number of strides the output should only move along; what is left beyond that
    is what the operation made of the other positions of its windows.
    """
    change = relative_change(before, after)
    changed = int(np.count_nonzero(before != after))
    if before.size == 1:
        return ShiftEffect(changed, 1, change, None, change)
    moved = (round_half_up(shift[0] / stride[0]), round_half_up(shift[1] / stride[1]))
    along = shifted(before, *moved)
    return ShiftEffect(changed, before.size, change, moved, relative_change(along, after))


def round_half_up(value: float) -> int:
    """To the nearest whole number, halves away from zero: the same to the left as to the right."""
    return int(np.copysign(np.floor(abs(value) + 0.5), value))


@dataclass(frozen=True)
class NetworkShift:
    """What a network makes of N images, moved by each of S shifts."""

    shifts: tuple[Pair, ...]
    probabilities: Floats  # (S, N, K)
    unmoved: Floats  # (N, K): of the images where they were
    layers: tuple[str, ...]  # "input", then the names of the L − 1 layers
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
    from cnn_core.activations import forward_all  # here, so that a page is up before torch is

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
        np.array(changes, np.float32).T,
    )


def mean_change(before: Floats, after: Floats) -> float:
    """The relative change of each of N outputs `(N, ...)`, averaged over those that were not all zero."""
    a, b = before.reshape(len(before), -1), after.reshape(len(after), -1)
    lengths = np.linalg.norm(a, axis=1)
    kept = lengths > 0
    return float((np.linalg.norm(b - a, axis=1)[kept] / lengths[kept]).mean()) if kept.any() else 0.0
