"""The drawing canvas: the only module that knows the third-party component behind it."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit_drawable_canvas import st_canvas

# With margins and the border it fits a phone of 390 pixels; 12 times a network's 28.
SIDE = 336
INK, PAPER = "#FFFFFF", "#000000"  # as the networks' training images are: white on black


@dataclass(frozen=True)
class _Kept:
    """A drawing that outlives its widget: the strokes to draw it again, and its pixels."""

    strokes: dict[str, object]
    pixels: NDArray[np.uint8] | None


def draw(key: str, *, side: int = SIDE, pen: int | None = None) -> NDArray[np.uint8] | None:
    """A canvas for mouse, pen and touch, with undo, redo and clear below it.

    The drawing is still there when its page is visited again.

    Args:
        key: the widget's key; the drawing is kept under `<key>-kept`.
        side: width and height in pixels.
        pen: width of a stroke in pixels; by default what makes strokes as thick as MNIST's.

    Returns:
        uint8 `(side, side, 4)`, white on black, after every stroke; None before the first.
    """
    kept_key, shown_key = f"{key}-kept", f"{key}-shown"
    if key not in st.session_state:  # a new visit: what the canvas begins with must not change during it
        st.session_state[shown_key] = st.session_state.get(kept_key)
    shown: _Kept | None = st.session_state.get(shown_key)
    result = st_canvas(
        stroke_width=pen or side // 14,
        stroke_color=INK,
        background_color=PAPER,
        height=side,
        width=side,
        initial_drawing=shown.strokes if shown else None,
        return_image_data=True,
        key=key,
    )
    pixels = result.image_data
    if pixels is None:
        return shown.pixels if shown else None
    if result.json_data is not None:
        st.session_state[kept_key] = _Kept(result.json_data, pixels)
    return pixels
