"""What every layer of a network says about itself; whoever needs to know asks here, and knows no layer by its name.

A specification is a frozen dataclass without weights. Shapes leave out the batch: `(C, H, W)` for maps, `(F,)` for a
vector of features. Sentences of `LayerError` name the setting, its value and what is allowed. Torch is imported only
where a module is made.

To add a layer type: one module with one class, and its name in `LAYER_TYPES`; `tests/contracts/test_layers.py` finds it
there and holds every claim below against torch. Its forward pass in the browser is a module of
`pages/ui/components/engine/layers`, which `tests/contracts/test_engine.py` asks for.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, cast

from cnn_core.arrays import Floats, not_allowed
from cnn_core.networks.layers.settings import LayerSetting
from cnn_core.operations.terms import Cell, Terms
from cnn_core.ranges import ranges

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
Sign = Literal["any", "keeps", "never negative"]


class LayerError(ValueError):
    """A layer that cannot work: on this input shape, or with these settings at all."""


class Window(NamedTuple):
    """The cells along an axis that one output value depends on, as a square window that moves over maps.

    `extent` counts dilation, and all that lies between the first and the last layer of a block; `step` is how far apart
    the windows of neighbours lie; `padding` is that of both sides added up. With `dilation` above 1 only every so many
    cells of the extent are read.
    """

    extent: int
    step: int = 1
    padding: int = 0
    dilation: int = 1


ONE_CELL = Window(1)


class Part(NamedTuple):
    """One layer in a block: its `name` there, and what it `reads`: other parts by name, "" for the block's input.

    Without a `layer` it adds up what it reads.
    """

    name: str
    layer: "Layer | None"
    reads: tuple[str, ...]


class Repair(NamedTuple):
    """What to put in a layer's place so that it works, why, and the words on the button."""

    reason: str
    layers: "tuple[Layer, ...]"
    text: str


def shape_text(shape: Shape) -> str:
    """A shape as it stands in a sentence: "32×26×26"."""
    return "×".join(f"{n:,}" for n in shape)


@dataclass(frozen=True)
class Layer(ABC):
    """One layer of a network: its settings, and what it does to shapes, signs, places and batches."""

    title: ClassVar[str]  # what pages call it
    # Names in a network are prefix and number, as in conv1; weights on disk have them too.
    prefix: ClassVar[str]
    word: ClassVar[str]  # its word in the shorthand
    torch_names: ClassVar[tuple[str, ...]]  # the classes that `module` makes
    sign: ClassVar[Sign]  # of its values; "keeps": never negative where the input is not

    needs_maps: ClassVar[bool] = False
    needs_vector: ClassVar[bool] = False
    flattens: ClassVar[bool] = False  # maps become a vector
    is_activation: ClassVar[bool] = False  # a function of each value alone, not linear
    can_die: ClassVar[bool] = False  # one that is 0 for all images gets no gradient, and stays so
    # Learned weighted sums over channels or features: an activation belongs behind it.
    mixes: ClassVar[bool] = False
    pools: ClassVar[bool] = False  # sums up each map, without weights
    normalizes: ClassVar[bool] = False  # has batch normalization
    needs_whole_batch: ClassVar[bool] = False  # in training, its parts give other values than the whole
    convolutions: ClassVar[int] = 0  # in a block that keeps the shape
    refused: ClassVar[str] = ""  # why it has no place in any network; such layers are known to be explained

    @classmethod
    @cache
    def settings(cls) -> dict[str, LayerSetting]:
        """Its settings by name, in the order of the fields."""
        return cast(dict[str, LayerSetting], ranges(cls))

    @property
    def units(self) -> int | None:
        """The width of the vector that it makes of any vector; None where its output has the input's width."""
        return None

    @property
    def drop_rate(self) -> float:
        """The probability with which training sets one of its values to 0."""
        return 0.0

    @abstractmethod
    def window(self) -> Window | None:
        """Where it looks: `ONE_CELL` for each value alone, None where every output depends on the whole input."""

    @abstractmethod
    def module(self, shape: Shape) -> "nn.Module":
        """The torch module for input of this shape, freshly initialized."""

    @abstractmethod
    def torch_source(self, shape: Shape) -> str:
        """The expression that makes `module(shape)`, with `nn` and what `torch_definitions` defines."""

    @abstractmethod
    def keras_source(self, shape: Shape) -> tuple[str, ...]:
        """Expressions that make the Keras layers which do the same on channels-last maps, with `layers` and what
        `keras_definitions` defines."""

    def parts(self, shape: Shape) -> tuple[Part, ...]:
        """Of a block, the layers in it in the order in which they run, named as its modules, the output's last."""
        return ()

    def terms(self, x: Floats, tensors: Mapping[str, Floats], cell: Cell) -> Terms:
        """What one cell of the output for `x` float32 `(C, H, W)` or `(F,)` is made of, in evaluation.

        `tensors` are the module's by their names in it ("weight", "running_mean"). A block has none of its own: those
        of its parts say it.
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what a cell of it is made of.")

    def groups_on(self, shape: Shape) -> int:
        """Into how many groups its input's channels (or features) fall that meet in no output: each is one."""
        return shape[0]

    def torch_definitions(self) -> str:
        """Source that has to stand before `torch_source`; "" where torch has all it needs."""
        return ""

    def keras_definitions(self) -> str:
        """Source that has to stand before `keras_source`; "" where Keras has all it needs."""
        return ""

    def wrong_settings(self) -> dict[str, Any]:
        """Settings out of range, by name with their value; empty where all is well."""
        return {
            name: getattr(self, name)
            for name, known in self.settings().items()
            if not known.allows(getattr(self, name))
        }

    def check(self, shape: Shape) -> None:
        """Raises `LayerError` where a setting is out of range or it gets a vector and needs maps, or the reverse."""
        for name, value in self.wrong_settings().items():
            known = self.settings()[name]
            allowed = f"{known.low:g} to {known.high:g}"
            raise LayerError(not_allowed(f"{self.title}: {name}", f"{value:g}", allowed))
        if self.needs_maps and len(shape) != 3:
            raise LayerError(
                f"{self.title} needs maps of rows and columns, but gets a vector of {shape[0]:,} values."
            )
        if self.needs_vector and len(shape) != 1:
            raise LayerError(f"{self.title} needs a vector, but gets maps of shape {shape_text(shape)}.")

    def output_shape(self, shape: Shape) -> Shape:
        """Shape after this layer; raises `LayerError` where it cannot work."""
        self.check(shape)
        return shape

    def parameter_factors(self, shape: Shape) -> tuple[tuple[int, ...], ...]:
        """For each weight or bias tensor, the numbers whose product is how many values it has."""
        return ()

    def macs(self, shape: Shape) -> int:
        """Multiply-adds for one image."""
        return 0

    def values(self, shape: Shape) -> int:
        """Values that it puts out for one image, a block those of every layer in it; training keeps them all."""
        return math.prod(self.output_shape(shape))

    def repair(self, shape: Shape) -> Repair:
        """What to do where `output_shape(shape)` raises although the settings are in range and maps or vector fit."""
        reason = f"{self.title} cannot work on {shape_text(shape)}."
        return Repair(reason, (), f"Remove this {self.title}")

    def halved(self) -> "Layer | None":
        """The same with half the filters or units; None where it has none or a single one."""
        return None

    def fitted(self, shape: Shape) -> "Layer":
        """The same with what depends on the number of input channels changed so that it works on `shape`."""
        return self

    def settings_text(self) -> str:
        """The settings that matter, short enough for a picture; may be empty."""
        return ""

    def size_text(self, size: int) -> str:
        """How the output's height or width comes from the input's `size`: `⌊(13 + 0 − 3) / 2⌋ + 1 = 6`; "" where it
        stays or is no question."""
        return ""

    def shape_words(self, shape: Shape) -> str:
        """How the output's shape comes about, in words or arithmetic that end in "= " and the result."""
        return f"{self.title} of {shape_text(shape)} = {shape_text(self.output_shape(shape))}"
