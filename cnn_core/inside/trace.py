"""Any value that a network computed for an image, opened: the terms it is made of, and from each of them on, back to
the pixels.

A network runs once (`answer`), all its values are kept as arrays, and every further question is arithmetic in NumPy: no
model is asked or touched. The terms are summed in float64 in a fixed order; what torch's float32 makes of the same sum
stands beside it, and the difference is a number of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnn_core.arrays import Floats, not_allowed
from cnn_core.inside.places import modules_of, run, tensor_of
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.wiring import INPUT, Place, Wiring, wiring
from cnn_core.operations.terms import Cell, Terms, sum_of

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, eq=False)
class Step:
    """One value: `cell` of the output at `place`, its `terms`, and what torch `computed` for it in float32.

    `terms.value` + `remainder` is `computed`.
    """

    place: Place
    cell: Cell
    terms: Terms
    computed: float

    @property
    def remainder(self) -> float:
        """What torch's rounding makes of it: `computed` less the terms' value."""
        return self.computed - self.terms.value

    def reads(self, term: int) -> tuple[str, Cell] | None:
        """The place and cell that a term read, INPUT's for a pixel; None where it met padding."""
        if not self.terms.inside[term]:
            return None
        source = 0 if self.terms.source is None else int(self.terms.source[term])
        return self.place.reads[source], self.terms.cell(term)

    def table(self) -> dict[str, list[float] | list[str]]:
        """A row for each term: what it read ("conv1 (3, 0, 4)", "padding"), its input, its weight if any, itself."""
        read = [self.reads(term) for term in range(len(self.terms))]
        columns: dict[str, list[float] | list[str]] = {
            "reads": [
                "padding" if found is None else f"{found[0]} ({', '.join(map(str, found[1]))})"
                for found in read
            ],
            "input": self.terms.inputs.tolist(),
        }
        if self.terms.weights is not None:
            columns["weight"] = self.terms.weights.tolist()
        columns["term"] = self.terms.terms.tolist()
        return columns


@dataclass(frozen=True, eq=False)
class Answer:
    """All that a network computed for one image: `values` float32 `(C, H, W)` or `(F,)` by place, INPUT's the image.

    `tensors` are its weights by their names in the network; they are read, never written.
    """

    wiring: Wiring
    values: Mapping[str, Floats]
    tensors: Mapping[str, Mapping[str, Floats]]

    def value(self, layer: str, cell: Cell) -> float:
        """One value, of a layer, of a part of a block ("residual1.conv2"), or of INPUT. Raises as `step`."""
        if layer == INPUT:
            return float(self.values[INPUT][cell])
        place = self.wiring.place(layer)
        place.check(cell)
        return float(self.values[place.name][cell])

    def step(self, layer: str, cell: Cell) -> Step:
        """The terms of one value: cell (channel, row, column) of maps, (unit,) of a vector.

        `layer` is a name of the network, of a part of a block, or PROBABILITIES. Raises `ValueError` where there is no
        such place or cell; the pixels of INPUT are made of nothing.
        """
        place = self.wiring.place(layer)
        place.check(cell)
        inputs = tuple(self.values[name] for name in place.reads)
        if place.layer is None:
            terms = sum_of(inputs, cell)
        else:
            terms = place.layer.terms(inputs[0], self.tensors.get(place.name, {}), cell)
        return Step(place, cell, terms, float(self.values[place.name][cell]))

    def way(self, layer: str, cell: Cell, choose: Callable[[Terms], int] | None = None) -> list[Step]:
        """The steps from a value back to a pixel, each the one read by a term of the step before.

        `choose` picks the term, the largest in magnitude (of a maximum the winner, of softmax its own) where it is
        None. The way ends at a step of which a term read the image, or at one that met nothing but padding.
        """
        steps = [self.step(layer, cell)]
        while True:
            terms = steps[-1].terms
            if not terms.inside.any():
                return steps
            read = steps[-1].reads(int(terms.largest()[0]) if choose is None else choose(terms))
            if read is None or read[0] == INPUT:
                return steps
            steps.append(self.step(*read))


def answer(model: "nn.Sequential", architecture: Architecture, image: Floats) -> Answer:
    """What the network of an architecture computes for one image float32 `(C, H, W)` in 0..1, at every place.

    The model has to be in eval mode and is left as it was. Raises `ValueError` for one in training mode or of another
    architecture, and for an image of another shape.
    """
    import torch

    if np.ndim(image) != 3:
        raise ValueError(not_allowed("image", f"of shape {np.shape(image)}", "(C, H, W)"))
    known = wiring(architecture)
    with torch.inference_mode():
        x = tensor_of(np.asarray(image, np.float32)[None], known, model)
        values = {INPUT: x, **run(model, known.places, {INPUT: x})}
    tensors = {
        name: {key: tensor.detach().float().cpu().numpy() for key, tensor in module.state_dict().items()}
        for name, module in modules_of(model, known.places).items()
    }
    return Answer(known, {name: value[0].float().cpu().numpy() for name, value in values.items()}, tensors)
