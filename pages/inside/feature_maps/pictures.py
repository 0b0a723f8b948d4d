"""Feature maps as a picture: all maps of a layer, the one looked at large, its activation, the input, the answer."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from cnn_core.arrays import Floats
from cnn_core.figures import maps as figures
from cnn_core.figures.picture import Picture, of_images, of_maps
from cnn_core.inside.feature_maps import Maps
from cnn_core.pictures import symmetric_limit
from pages.inside.feature_maps.keys import Key
from pages.ui.components.mosaic import Further, Units, mosaic
from pages.ui.image_source import PickedImage
from pages.ui.words import percent

THIS_LAYER, THIS_MAP = "this layer", "this map"
MOST_BARS = 10


def scale_limits(pair: Sequence[Maps], scope: str) -> Floats:
    """The value in the full colour for each map (M,): of a map its own, before and after the activation alike, or the
    layer's for all. One number alone has no scale: units of a vector share the layer's."""
    count = len(pair[0].values)
    if scope == THIS_LAYER or pair[0].is_vector:
        return np.full(count, symmetric_limit(*(layer.values for layer in pair)), np.float32)
    each = [symmetric_limit(*(layer.values[at] for layer in pair)) for at in range(count)]
    return np.array(each, np.float32)


def bars(probabilities: Floats, classes: Sequence[str]) -> list[tuple[str, float, str]]:
    """The network's answer as bars: every class in its order, or the ten likeliest where there are more."""
    shown = range(len(classes))
    likeliest = sorted(np.argsort(-probabilities)[:MOST_BARS].tolist())
    return [
        (classes[at], float(probabilities[at]), percent(float(probabilities[at])))
        for at in (shown if len(classes) <= MOST_BARS else likeliest)
    ]


def show_maps(
    layer: Maps,
    pair: Sequence[Maps],
    picked: PickedImage,
    index: int,
    *,
    scope: str,
    shares: Sequence[tuple[str, float, str]],
    classes: Sequence[str],
    on_pick: Callable[[int, int], None],
    on_step: Callable[[int], None],
) -> list[Picture]:
    """Show all maps of `layer`, map `index` large, with the other of its `pair`, the image and the answer beside it.

    Returns the pictures for files: the map before and after its activation, all of them, and the input.
    """
    limits = scale_limits(pair, scope)
    scope = THIS_LAYER if layer.is_vector else scope
    other = next((shown for shown in pair if shown is not layer), None)
    further = [Further("Input", picked.image, "pixels", own=False)]
    if other is not None:
        title = f"{other.name}: {'after' if other is pair[-1] else 'before'} {pair[-1].kind}"
        further.append(Further(title, other.values, _scale(other), own=True))
    mosaic(
        Units(
            identity=layer.name,
            title=f"{layer.name} · {layer.kind} · {layer.shape_text}",
            label=f"All {layer.unit}s of {layer.name}: arrow keys choose one, Page Up and Page Down the layer",
            values=layer.values,
            names=names_of(layer, classes),
            limits=limits,
            scope=scope,
            scale=_scale(layer),
            further=further,
            hint="" if layer.is_vector else "Point at a cell to read it.",
        ),
        key=Key.MOSAIC,
        chosen=(index, 0),
        on_pick=on_pick,
        on_step=on_step,
        shares=shares,
    )
    return [
        *(_one(shown, index, float(limits[index]), scope) for shown in pair),
        _all(layer, limits, scope, names_of(layer, classes)),
        _input(picked),
    ]


def names_of(layer: Maps, classes: Sequence[str]) -> list[str]:
    """What each map is called; the units of a vector as long as the classes are called like them."""
    if layer.is_vector and len(classes) == len(layer.values):
        return [f"{layer.name} · class {name}" for name in classes]
    return [f"{layer.name} · {layer.unit} {index}" for index in range(len(layer.values))]


def _scale(layer: Maps) -> Literal["signed", "positive"]:
    return "signed" if layer.can_be_negative else "positive"


def _one(layer: Maps, index: int, limit: float, scope: str) -> Picture:
    title = f"{layer.name}, {layer.unit} {index}"
    scale = _scale(layer)
    key = f"{Key.MOSAIC}-{layer.name}"
    limits = figures.limits_of(scale, limit)
    return of_maps(key, title, layer.values[index][None], scale=scale, limits=limits, scope=scope)


def _all(layer: Maps, limits: Floats, scope: str, names: list[str]) -> Picture:
    """All maps for a file; where each has a scale of its own, the bar says so."""
    scale = _scale(layer)
    shown = layer.values / limits[:, None, None]
    own = scope == THIS_MAP
    whole = of_maps(
        Key.MOSAIC,
        f"All of {layer.name}",
        shown if own else layer.values,
        names=names,
        scale=scale,
        limits=figures.limits_of(scale, 1.0 if own else float(limits[0])),
        scope="share of each map's largest value" if own else scope,
    )
    return Picture(whole.key, whole.title, whole.figure, layer.values)


def _input(picked: PickedImage) -> Picture:
    key = f"{Key.MOSAIC}-input"
    if len(picked.image) == 1:
        return of_maps(
            key, "Input", picked.image, scale="pixels", limits=(0.0, 1.0), scope="0 black, 1 white"
        )
    return of_images(key, "Input", picked.image[None], [picked.caption])
