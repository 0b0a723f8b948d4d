"""Feature maps as pictures: a layer's maps in one mosaic, one map large, the image itself."""

from collections.abc import Callable

import streamlit as st

from cnn_core import pictures
from cnn_core.figures.picture import Picture, of_images
from cnn_core.inside.feature_maps import Maps
from pages.inside.feature_maps.keys import Key
from pages.ui.components.tiles import tiles
from pages.ui.image_source import PickedImage

LARGE = 286  # pixels for a large picture: 28 × 28 at ten times its size
THIS_LAYER, THIS_MAP = "this layer", "this map"


def _names(layer: Maps, classes: tuple[str, ...] = ()) -> list[str]:
    if layer.is_vector and len(classes) == len(layer.values):
        return [f"Class {name}" for name in classes]
    return [f"{layer.unit.capitalize()} {index}" for index in range(len(layer.values))]


def pick_map(index: int) -> None:
    """A click on the mosaic moves the picker of the map."""
    st.session_state[Key.MAP] = index


def network_input(picked: PickedImage, *, key: str) -> Picture:
    """The image as the network gets it, every pixel readable where it is gray."""
    if len(picked.image) == 1:
        return tiles(
            picked.image,
            key=key,
            names=["Pixel"],
            scale="pixels",
            limit=1.0,
            scope="the image",
            largest_cell=10,
            height=LARGE,
            gap=3,
            title="Input",
        )
    _, height, width = picked.image.shape
    factor = pictures.whole_factor(height, width, LARGE)
    st.image(pictures.gray_png(picked.image, factor), alt=picked.caption)
    return of_images(key, "Input", picked.image[None], [picked.caption])


def map_mosaic(
    layer: Maps, chosen: int, *, key: str, on_pick: Callable[[int], None], classes: tuple[str, ...]
) -> Picture:
    """All maps of a layer on one scale; a click picks one."""
    return tiles(
        layer.values,
        key=key,
        names=_names(layer, classes),
        scale="signed" if layer.can_be_negative else "positive",
        scope=THIS_LAYER,
        selected=chosen,
        on_pick=on_pick,
        largest_cell=40 if layer.is_vector else 8,
        height=260,
        gap=4 if layer.is_vector else 6,
        title=f"All of {layer.name}",
    )


def one_map(layer: Maps, index: int, *, key: str, limit: float, scope: str) -> Picture:
    """One map large, every value readable."""
    return tiles(
        layer.values[index][None],
        key=key,
        names=[f"{layer.name}, {layer.unit} {index}"],
        scale="signed" if layer.can_be_negative else "positive",
        limit=limit,
        scope=scope,
        largest_cell=80,
        height=LARGE,
        gap=3,
    )


def common_limit(layers: list[Maps], index: int, scope: str) -> float:
    """The limit of the scale on which a map before and after its activation are shown."""
    values = [layer.values if scope == THIS_LAYER else layer.values[index] for layer in layers]
    return pictures.symmetric_limit(*values)
