"""A drawing square and a network that reads it in the browser: its layers light up in order, its answer moves.

May import `pages.ui.components.base`, the pad's and the engine's modules through its JavaScript, and `cnn_core`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import streamlit as st

from cnn_core.data.drawing import MNIST, Preparation
from cnn_core.data.strokes import Stroke
from pages.ui.components.base import component, pack

# As high as the screen has room, so that it stands above the fold; on a phone as high as its three parts need.
HEIGHT = "clamp(18rem, calc(var(--cl-room, 100dvh - 12rem) + 1.2rem), max(62vw, 35rem))"

_mount = component(Path(__file__).parent)


def reader(
    key: str,
    network: Mapping[str, object],
    strokes: Sequence[Stroke],
    *,
    on_draw: Callable[[object], None],
    how: Preparation = MNIST,
    tools: bool = False,
    demo: Sequence[Sequence[Stroke]] = (),
    height: str = HEIGHT,
) -> None:
    """Show the square with what it begins with, the layers of a network, and its probabilities.

    Args:
        key: of the component.
        network: as `engine.describe` gives it; it takes `(1, 28, 28)`.
        strokes: what is on the paper where it comes up; later ones are the browser's own.
        on_draw: called with what the browser told, which may be anything, before the rerun that a stroke starts.
        how: a drawing is prepared for the network.
        tools: whether pens, eraser, undo and redo stand below the square, or a button that clears it.
        demo: drawings that draw themselves, one after the other, until the visitor takes the pen; where there are
            `strokes` they wait to be asked for.
        height: of the whole, a CSS length; the page reserves the same.
    """

    def told() -> None:
        on_draw(st.session_state[key].get("strokes"))

    header: dict[str, object] = {
        "network": dict(network),
        "strokes": [stroke.as_json() for stroke in strokes],
        "how": {"box": how.box, "byMass": how.by_mass},
        "tools": tools,
        "demo": [[stroke.as_json() for stroke in drawing] for drawing in demo],
        "height": height,
    }
    _mount(key=key, data=pack(header), on_strokes_change=told)
