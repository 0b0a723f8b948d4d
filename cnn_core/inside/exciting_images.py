"""The images of a dataset that excite each channel or unit of a layer most and least, and the channels that none does.

How much an image excites a channel is the largest value of its map: where it stands is the spot, and what the value can
depend on of the image is the spot's receptive field. Erhan and others (2009) and Zeiler, Fergus, Visualizing and
understanding convolutional networks (2013), section 4, show filters by such images.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnn_core.arrays import Floats, Integers, is_whole, not_allowed, to_float
from cnn_core.inside.forward import BATCH
from cnn_core.inside.places import run, tensor_of
from cnn_core.inside.receptive_field import Rectangle, rectangle
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.wiring import INPUT, Wiring, wiring
from cnn_core.operations.terms import Cell

if TYPE_CHECKING:
    import torch
    from torch import nn

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Spot:
    """One image, by its index: how much it excites the channel, in which cell of the map, and what that cell sees.

    `cell` is (channel, row, column), or (unit,); `sees` is its receptive field on the image, None for padding alone.
    """

    index: int
    value: float
    cell: Cell
    sees: Rectangle | None


@dataclass(frozen=True, eq=False)
class ExcitingImages:
    """For each of a layer's C channels the k images that excite it most and least, the extreme one first.

    `index`, `value` and `flat` (2, C, k) are the images, their largest values in the channel, and where in its map,
    counted row by row: of the most exciting, then of the least. `images` is how many were asked.
    """

    architecture: Architecture
    layer: str
    images: int
    index: Integers
    value: Floats
    flat: Integers

    def most(self, channel: int) -> list[Spot]:
        """The images that excite a channel most. Raises `ValueError` where there is no such channel."""
        return self._spots(0, channel)

    def least(self, channel: int) -> list[Spot]:
        """The images that excite a channel least. Raises `ValueError` where there is no such channel."""
        return self._spots(1, channel)

    def _spots(self, end: int, channel: int) -> list[Spot]:
        shape = wiring(self.architecture).place(self.layer).output_shape
        if not is_whole(channel) or not 0 <= channel < shape[0]:
            raise ValueError(not_allowed("channel", channel, f"0 to {shape[0] - 1} in {self.layer}"))
        found = []
        for index, value, flat in zip(*(part[end, channel] for part in (self.index, self.value, self.flat))):
            place = np.unravel_index(int(flat), shape[1:]) if len(shape) == 3 else ()
            cell = (int(channel), *(int(number) for number in place))
            found.append(Spot(int(index), float(value), cell, rectangle(self.architecture, self.layer, cell)))
        return found


def exciting_images(
    model: "nn.Sequential",
    architecture: Architecture,
    layer: str,
    images: NDArray[np.generic],
    count: int = 9,
    progress: Progress | None = None,
) -> ExcitingImages:
    """The `count` images that excite each channel of `layer` most and least; of equal ones the first.

    `images` are float32 `(N, C, H, W)` in 0..1, or uint8 `(N, H, W, C)` as on disk, read batch by batch; `progress` is
    told the share done, 0..1. `layer` is a name of the network, of a part of a block, or PROBABILITIES. The model has
    to be in eval mode and is left as it was. Raises `ValueError` for a layer that is not there, no images, or a count
    below 1; there are fewer than `count` where there are fewer images.
    """
    known = wiring(architecture)
    place = known.place(layer)
    if not is_whole(count) or count < 1:
        raise ValueError(not_allowed("count", repr(count), "an integer of 1 or more"))
    best: dict[
        int, list[NDArray[Any]]
    ] = {}  # of the most exciting (−1) and the least (1): index, value, place
    for start, answers in _answers(model, known, [place.name], images, progress):
        values = answers[place.name]
        maps = values.flatten(2) if values.ndim == 4 else values[..., None]
        largest, flat = (part.cpu().numpy().T for part in maps.max(2))  # (C, n)
        index = np.broadcast_to(np.arange(start, start + largest.shape[1]), largest.shape)
        found: list[NDArray[Any]] = [index, largest, flat]
        for sign in (-1, 1):
            joined = [np.hstack(parts) for parts in zip(best[sign], found)] if sign in best else found
            order = np.argsort(sign * joined[1], axis=1, kind="stable")[:, :count]
            best[sign] = [np.take_along_axis(part, order, axis=1) for part in joined]
    stacked = [np.stack(parts) for parts in zip(*best.values())]
    return ExcitingImages(architecture, place.name, len(images), stacked[0], stacked[1], stacked[2])


def dead_channels(
    model: "nn.Sequential",
    architecture: Architecture,
    images: NDArray[np.generic],
    progress: Progress | None = None,
) -> dict[str, list[int]]:
    """The channels or units that are 0 everywhere for all images, for each layer that can die, those in blocks too.

    Such a channel passes nothing on and gets no gradient. Arguments and `ValueError` as of `exciting_images`.
    """
    known = wiring(architecture)
    names = [place.name for place in known.places if place.layer is not None and place.layer.can_die]
    alive = {name: np.zeros(known.place(name).output_shape[0], bool) for name in names}
    for _, answers in _answers(model, known, names, images, progress):
        for name, values in answers.items():
            alive[name] |= (values != 0).transpose(0, 1).flatten(1).any(dim=1).cpu().numpy()
    return {name: [int(index) for index in np.flatnonzero(~lives)] for name, lives in alive.items()}


def _answers(
    model: "nn.Sequential",
    known: Wiring,
    names: list[str],
    images: NDArray[np.generic],
    progress: Progress | None,
) -> "Iterator[tuple[int, dict[str, torch.Tensor]]]":
    """The values at some places, batch by batch, with the index of each one's first image."""
    import torch

    if not len(images):
        raise ValueError(not_allowed("images", "empty", "one image or more"))
    places = known.until(max((known.place(name) for name in names), key=known.places.index)) if names else ()
    for start in range(0, len(images), BATCH):
        part = np.asarray(images[start : start + BATCH])
        batch = to_float(part.view(np.uint8)) if part.dtype == np.uint8 else part.astype(np.float32)
        with torch.inference_mode():
            values = run(model, places, {INPUT: tensor_of(batch, known, model)}, keep=names)
        yield start, values
        if progress is not None:
            progress(min(1.0, (start + BATCH) / len(images)))
