"""A network as a map in the browser: the paper or the image, every layer's maps, and the way into each of their cells.

It computes with the engine, so that it answers while the pen moves. May import `pages.ui` and `cnn_core`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnn_core.data.drawing import Preparation
from cnn_core.data.strokes import Stroke
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers.base import Shape
from pages.ui.components.base import component, pack
from pages.ui.image_source import PickedImage

_mount = component(Path(__file__).parent)


@dataclass(frozen=True, eq=False)
class Given:
    """What the network reads: an image where one is `picked`, else what is drawn, prepared as `how` says.

    `strokes` are on the paper where it comes up; later ones are the browser's own. `on_draw` is called with what the
    browser told, which may be anything, before the rerun that the end of a stroke starts.
    """

    strokes: Sequence[Stroke]
    how: Preparation
    picked: PickedImage | None
    on_draw: Callable[[object], None]


def network_map(
    key: str,
    network: Mapping[str, object],
    architecture: Architecture,
    given: Given,
    *,
    scale: str,
    folds: bool,
    place: str,
    on_place: Callable[[object], None],
    height: str,
) -> None:
    """Show the map of a network, as `engine.describe` gives it.

    `scale` says whose largest value has the full colour: "map", "layer" or "network". Where it `folds`,
    activations, batch norm and dropout stand in the column of what they finish if there is no room for each. `place` is
    what is open, "" for the map itself, else "conv2.17" or "conv2.17.4.6"; `on_place` hears of another one, whatever it
    may be.
    """
    picked = given.picked
    header: dict[str, object] = {
        "network": dict(network),
        "names": ["input", *_short_names(architecture), "probabilities"],
        "sizes": [*_sizes(architecture), ""],
        "strokes": [stroke.as_json() for stroke in given.strokes],
        "how": {"box": given.how.box, "byMass": given.how.by_mass},
        "drawn": picked is None,
        "caption": "" if picked is None else picked.caption,
        "scope": scale,
        "folds": folds,
        "place": place,
        "height": height,
    }
    arrays: dict[str, NDArray[Any]] = {}
    if picked is not None:
        arrays["image"] = np.asarray(picked.image, np.float32).ravel()

    def drawn() -> None:
        given.on_draw(st.session_state[key].get("strokes"))

    def placed() -> None:
        on_place(st.session_state[key].get("place"))

    _mount(key=key, data=pack(header, arrays), on_strokes_change=drawn, on_place_change=placed)


def _short_names(architecture: Architecture) -> list[str]:
    """Names as narrow as a column: a layer's word in the one-line form, and its number."""
    return [f"{info.layer.word}{info.name[len(info.layer.prefix) :]}" for info in architecture.summary()]


def _sizes(architecture: Architecture) -> list[str]:
    """Of the input and of every layer how large its maps are, where that differs from those before."""
    shapes = [architecture.input_shape, *(info.output_shape for info in architecture.summary())]
    changed = [shape != before for shape, before in zip(shapes, [(), *shapes])]
    return [_size(shape) if differs else "" for shape, differs in zip(shapes, changed)]


def _size(shape: Shape) -> str:
    return "×".join(str(side) for side in shape[-2:])
