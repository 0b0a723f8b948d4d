"""A network as its single operations, blocks opened: each with what it reads.

A block is one layer of an architecture and one stop of the network, but a value in it has a place of its own
("residual1.conv2"), and where two streams meet, their sum is one too ("residual1.sum").
"""

from dataclasses import dataclass
from functools import lru_cache

from cnn_core.arrays import not_allowed
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Layer, Shape, Softmax
from cnn_core.operations.terms import Cell

INPUT = "input"
PROBABILITIES = "probabilities"


@dataclass(frozen=True)
class Place:
    """One operation: its `name` is its module's in the network, and it `reads` the values at other places.

    `stop` is the child of the network that it is or lies in, "" for the probabilities, which lie behind it. Without a
    `layer` it adds up what it reads. Shapes leave out the batch.
    """

    name: str
    stop: str
    layer: Layer | None
    reads: tuple[str, ...]
    input_shape: Shape
    output_shape: Shape

    def check(self, cell: Cell) -> None:
        """Raises `ValueError` where its output has no such cell."""
        fits = len(cell) == len(self.output_shape)
        if not fits or not all(0 <= index < size for index, size in zip(cell, self.output_shape)):
            allowed = " and ".join(f"0 to {size - 1}" for size in self.output_shape)
            raise ValueError(not_allowed("cell", cell, f"{allowed} in {self.name}"))


@dataclass(frozen=True)
class Wiring:
    """The places of a network in the order in which they run, the probabilities behind the last of its layers."""

    input_shape: tuple[int, int, int]
    places: tuple[Place, ...]

    def place(self, name: str) -> Place:
        """The place of this name; a block's name is that of its last. Raises `ValueError` where there is none."""
        for place in reversed(self.places):
            if name and name in (place.name, place.stop):
                return place
        names = dict.fromkeys(name for place in self.places for name in (place.name, place.stop) if name)
        raise ValueError(not_allowed("layer", repr(name), f"one of {', '.join(names)}"))

    def until(self, place: Place) -> tuple[Place, ...]:
        """All places up to and with this one."""
        return self.places[: self.places.index(place) + 1]

    def behind(self, place: Place) -> tuple[Place, ...]:
        """All places that run after this one, whether or not they read of it."""
        return self.places[self.places.index(place) + 1 :]


@lru_cache(maxsize=64)
def wiring(architecture: Architecture) -> Wiring:
    """The places of a network. Of one that cannot work, those up to the first layer that fails."""
    places: list[Place] = []
    before = INPUT
    shape: Shape = architecture.input_shape
    for info in architecture.summary():
        parts = info.layer.parts(info.input_shape)
        if not parts:
            places.append(
                Place(info.name, info.name, info.layer, (before,), info.input_shape, info.output_shape)
            )
        shapes: dict[str, Shape] = {"": info.input_shape}
        for name, layer, reads in parts:
            given = shapes[reads[0]]
            shapes[name] = given if layer is None else layer.output_shape(given)
            read = tuple(f"{info.name}.{other}" if other else before for other in reads)
            places.append(Place(f"{info.name}.{name}", info.name, layer, read, given, shapes[name]))
        before, shape = places[-1].name, info.output_shape
    places.append(Place(PROBABILITIES, "", Softmax(), (before,), shape, shape))
    return Wiring(architecture.input_shape, tuple(places))
