"""Walking a shape through a stack of layers: shape, costs and receptive field after each."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from cnn_core.networks.layers.base import Layer, LayerError, Shape, Window

Failure = tuple[int, Shape, str]  # index of the layer, the shape it got, its sentence


@dataclass(frozen=True)
class LayerInfo:
    """One layer where it stands: shapes without the batch, costs for one image.

    `receptive_field` is how many input pixels along an axis one output value depends on, padding included (so
    it may exceed the image); `jump` is how many input pixels lie between neighbours, 0 where there are none.
    """

    index: int
    name: str
    layer: Layer
    input_shape: Shape
    output_shape: Shape
    parameters: int
    parameters_text: str
    macs: int
    values: int  # kept while training, a block's inner ones too
    receptive_field: int
    jump: int


def names(layers: tuple[Layer, ...]) -> tuple[str, ...]:
    """A name for each layer, such as conv1, relu1, pool1: its kind and the count of this kind so far."""
    count: Counter[str] = Counter()
    found = []
    for layer in layers:
        count[layer.prefix] += 1
        found.append(f"{layer.prefix}{count[layer.prefix]}")
    return tuple(found)


@lru_cache(maxsize=256)
def walk(
    input_shape: tuple[int, int, int], layers: tuple[Layer, ...]
) -> tuple[tuple[LayerInfo, ...], Failure | None]:
    """Every layer up to the first that cannot work, and that one's `Failure` or None."""
    infos: list[LayerInfo] = []
    shape: Shape = input_shape
    grid = max(shape[1:])  # outputs along the longer axis, remembered across Flatten
    field, jump = 1, 1
    for index, (name, layer) in enumerate(zip(names(layers), layers)):
        try:
            output = layer.output_shape(shape)
        except LayerError as error:
            return tuple(infos), (index, shape, str(error))
        # Araujo, Norris, Sim: Computing receptive fields of convolutional networks (Distill 2019)
        window = layer.window()
        if window is None:
            field, jump, grid = field + (grid - 1) * jump, 0, 1
        else:
            field, jump = field + (window.extent - 1) * jump, jump * window.step
        if len(output) == 3:
            grid = max(output[1:])
        factors = layer.parameter_factors(shape)
        total = sum(math.prod(term) for term in factors)
        text = " + ".join("×".join(str(n) for n in term) for term in factors)
        infos.append(
            LayerInfo(
                index=index,
                name=name,
                layer=layer,
                input_shape=shape,
                output_shape=output,
                parameters=total,
                parameters_text=f"{text} = {total:,}" if factors else "0",
                macs=layer.macs(shape),
                values=layer.values(shape),
                receptive_field=field,
                jump=jump if grid > 1 else 0,
            )
        )
        shape = output
    return tuple(infos), None


def sides_read(input_shape: tuple[int, int, int], layers: tuple[Layer, ...]) -> tuple[int, int]:
    """Rows and columns of the image, from the top left, that the network reads; it would be the same on those alone.

    Where a window does not fit once more into a map, the last rows and columns are left out, and so is all that only
    they depend on: `mnist-3conv` reads 26×26 of 28×28. A layer with padding, or one that looks at more than a place and
    an image at a time, reads everything that it gets.
    """
    _, rows, columns = input_shape
    windows: list[Window] = []
    for info in walk(input_shape, layers)[0]:
        window = info.layer.window()
        if window is None or window.padding or info.layer.needs_whole_batch or len(info.output_shape) != 3:
            break
        windows.append(window)
        _, rows, columns = info.output_shape
    for extent, step, *_ in reversed(windows):
        rows, columns = (rows - 1) * step + extent, (columns - 1) * step + extent
    return rows, columns
