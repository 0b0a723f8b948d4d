"""Which pixels a value depends on, and which values a pixel reaches: by the layers alone, and by the gradient.

The theoretical receptive field is every pixel from which a way leads to the value, through both streams of a block,
past padding, with the holes that a dilated kernel leaves (Araujo, Norris, Sim, Computing receptive fields of
convolutional networks, Distill 2019, who count its size; here the pixels themselves are marked). The effective one is
how much each of them moves the value: Luo, Li, Urtasun, Zemel, Understanding the effective receptive field in deep
convolutional neural networks (2016), section 2, who take the mean over images. The projective field is the other way
about: all that a pixel can change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cnn_core.arrays import Floats, Mask, not_allowed
from cnn_core.inside.places import run, tensor_of
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Layer, Shape
from cnn_core.networks.layers.base import ONE_CELL
from cnn_core.networks.wiring import INPUT, Place, wiring
from cnn_core.operations.terms import Cell
from cnn_core.operations.windows import Axis

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class Rectangle:
    """Rows `top` to `bottom` and columns `left` to `right` of an image, all of them counted."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        """How many rows."""
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        """How many columns."""
        return self.right - self.left + 1


def bounds(mask: Mask) -> Rectangle | None:
    """The smallest rectangle that holds every True of a mask `(..., H, W)`; None where there is none."""
    flat: Mask = np.logical_or.reduce(mask.reshape(-1, *mask.shape[-2:]))
    if not flat.any():
        return None
    rows, columns = np.flatnonzero(flat.any(axis=1)), np.flatnonzero(flat.any(axis=0))
    return Rectangle(int(rows[0]), int(columns[0]), int(rows[-1]), int(columns[-1]))


def receptive_field(architecture: Architecture, layer: str, cell: Cell) -> dict[str, Mask]:
    """The theoretical receptive field of a value on the input and on every place before it: masks of their shapes.

    `layer` is a name of the network, of a part of a block ("residual1.conv2") or PROBABILITIES, `cell` (channel, row,
    column) or (unit,). Places that it does not depend on are left out. Raises `ValueError` where there is no such cell.
    """
    known = wiring(architecture)
    place = known.place(layer)
    place.check(cell)
    found: dict[str, Mask] = {place.name: _only(place.output_shape, cell)}
    for other in reversed(known.until(place)):
        if other.name in found:
            read = _back(other, found[other.name])
            for name in other.reads:
                found[name] = found[name] | read if name in found else read
    found.pop(place.name)
    return {name: mask for name, mask in found.items() if mask.any()}


@lru_cache(maxsize=1024)
def rectangle(architecture: Architecture, layer: str, cell: Cell) -> Rectangle | None:
    """The theoretical receptive field's bounds on the input; None where a value depends on no pixel, but on padding.

    Raises as `receptive_field`.
    """
    masks = receptive_field(architecture, layer, cell)
    return bounds(masks[INPUT]) if INPUT in masks else None


def projective_field(architecture: Architecture, pixel: Cell) -> dict[str, Mask]:
    """Which values the pixel (channel, row, column) can change: a mask of its shape for every place it reaches.

    Raises `ValueError` where the input has no such pixel.
    """
    known = wiring(architecture)
    shape = known.input_shape
    if len(pixel) != 3 or not all(0 <= index < size for index, size in zip(pixel, shape)):
        raise ValueError(not_allowed("pixel", pixel, f"a cell of the input's {' × '.join(map(str, shape))}"))
    found: dict[str, Mask] = {INPUT: _only(shape, pixel)}
    for place in known.places:
        given = [found[name] for name in place.reads if name in found]
        if given:
            reached = _on(place, np.logical_or.reduce(given))
            if reached.any():
                found[place.name] = reached
    found.pop(INPUT)
    return found


def effective(
    model: "nn.Sequential", architecture: Architecture, layer: str, cell: Cell, images: Floats
) -> Floats:
    """|d value / d pixel|, float32 `(C, H, W)`, the mean over images float32 `(N, C, H, W)` in 0..1.

    It is 0 where a ReLU that is off lies on every way. In evaluation, with the gradients of the images alone: the model
    keeps none and is left as it was. Raises `ValueError` where there is no such cell, for a model in training mode, and
    for images of another shape.
    """
    import torch

    known = wiring(architecture)
    place = known.place(layer)
    place.check(cell)
    flat = int(np.ravel_multi_index(cell, place.output_shape))
    with torch.enable_grad():
        x = tensor_of(images, known, model).requires_grad_()
        values = run(model, known.until(place), {INPUT: x}, keep=[place.name])[place.name]
        (gradient,) = torch.autograd.grad(values.flatten(1)[:, flat].sum(), x, allow_unused=True)
    if gradient is None:
        return np.zeros(known.input_shape, np.float32)
    return np.asarray(gradient.abs().mean(0).float().cpu().numpy())


def _only(shape: Shape, cell: Cell) -> Mask:
    mask = np.zeros(shape, bool)
    mask[cell] = True
    return mask


def _maps(mask: Mask, groups: int) -> Mask:
    """A mask `(C, H, W)`, or `(F,)`, as `(groups, C / groups, H, W)`."""
    height, width = mask.shape[1:] if mask.ndim == 3 else (1, 1)
    return mask.reshape(groups, -1, height, width)


def _axis(layer: Layer, size: int) -> Axis | None:
    """How a layer's window moves along an axis of `size` cells; None where every output reads all of it."""
    window = layer.window()
    if window is None:
        return None
    before = window.padding // 2  # torch puts the odd cell of "same" behind
    taps = (window.extent - 1) // window.dilation + 1
    return Axis(size, taps, window.step, before, window.padding - before, window.dilation)


def _read(outputs: Mask, axis: Axis | None, size: int) -> Mask:
    """Which of `size` input rows the output rows `(..., rows, columns)` read, column by column."""
    read = np.zeros(
        (*outputs.shape[:-2], size + 1, outputs.shape[-1]), bool
    )  # the last is what lies in the padding
    if axis is None:
        read[:] = outputs.any(axis=-2, keepdims=True)
    else:
        for positions in axis.positions.T:
            read[..., positions, :] |= outputs
    return read[..., :-1, :]


def _reached(inputs: Mask, axis: Axis | None, count: int) -> Mask:
    """Which of `count` output rows read any of the input rows `(..., rows, columns)`, column by column."""
    if axis is None:
        return np.repeat(inputs.any(axis=-2, keepdims=True), count, axis=-2)
    bordered = np.concatenate([inputs, np.zeros_like(inputs[..., :1, :])], axis=-2)
    reached = np.zeros((*inputs.shape[:-2], count, inputs.shape[-1]), bool)
    for positions in axis.positions.T:
        reached |= bordered[..., positions, :]
    return reached


def _back(place: Place, outputs: Mask) -> Mask:
    """Which cells of its input any of these cells of its output reads."""
    return _through(place, outputs, place.input_shape, _read)


def _on(place: Place, inputs: Mask) -> Mask:
    """Which cells of its output read any of these cells of its input."""
    return _through(place, inputs, place.output_shape, _reached)


def _through(place: Place, mask: Mask, shape: Shape, along: Callable[[Mask, Axis | None, int], Mask]) -> Mask:
    """A mask on one side of a layer, to that of `shape` on its other side: rows, then columns, each group alone."""
    layer = place.layer
    if layer is None or layer.flattens:
        return mask.reshape(shape)
    groups = layer.groups_on(place.input_shape)
    found: Mask = np.logical_or.reduce(_maps(mask, groups), axis=1, keepdims=True)
    if layer.window() != ONE_CELL:
        down, across = (_axis(layer, size) for size in (*place.input_shape, 1, 1)[1:3])
        height, width = (*shape, 1, 1)[1:3]
        found = along(found, down, height)
        found = along(found.swapaxes(-2, -1), across, width).swapaxes(-2, -1)
    whole = (groups, shape[0] // groups, *found.shape[2:])
    return np.broadcast_to(found, whole).reshape(shape)
