"""The drawing canvas: the only module that knows the third-party component behind it."""

import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from PIL import Image

from cnn_core.arrays import Bytes
from cnn_core.data.containers import bare

# It fits a phone of 390 pixels with its margins, and stands beside two pictures at 1280; 11 × 28.
SIDE = 308
INK, PAPER = "#FFFFFF", "#000000"  # as the networks' training images are: white on black
HISTORY = 20
MOST_BYTES = 2_000_000  # of all drawings that Undo brings back; a hundred strokes are a tenth of it

if TYPE_CHECKING:
    from streamlit_drawable_canvas import CanvasResult


@dataclass(frozen=True)
class _Drawing:
    """One state of the canvas: its strokes as JSON, to draw it again, and its pixels as PNG."""

    strokes: str
    png: bytes


@dataclass
class _Canvas:
    """What one session drew on one canvas. `mounts` makes the component new where the strokes change here."""

    mounts: int = 0
    begins_with: _Drawing | None = None
    history: list[_Drawing] = field(default_factory=list)

    def undo(self) -> None:
        if self.history:  # a second press may be on its way when the first takes the last stroke
            self.history.pop()
            self.mounts += 1

    def clear(self) -> None:
        self.history.clear()
        self.mounts += 1


def draw(key: str, *, side: int = SIDE) -> Bytes | None:
    """A canvas for mouse, pen and touch, with undo and clear below it.

    The drawing is still there when its page is visited again.

    Args:
        key: begins the session keys of the canvas.
        side: width and height in pixels.

    Returns:
        uint8 `(side, side, 4)`, white on black, after every stroke; None while nothing is drawn.
    """
    canvas: _Canvas = st.session_state.setdefault(f"{key}-strokes", _Canvas())
    widget_key = f"{key}-{canvas.mounts}"
    if widget_key not in st.session_state:
        # Newly shown. What it begins with stays the same from here on, or the component would start anew.
        canvas.begins_with = canvas.history[-1] if canvas.history else None
    drawing = _drawing(
        side,
        stroke_width=side // 14,  # as thick as MNIST's
        stroke_color=INK,
        background_color=PAPER,
        height=side,
        width=side,
        initial_drawing=json.loads(canvas.begins_with.strokes) if canvas.begins_with else None,
        return_image_data=True,
        key=widget_key,
    )
    if drawing is not None and (not canvas.history or canvas.history[-1].png != drawing.png):
        canvas.history = [*canvas.history, drawing][-HISTORY:]
        while sum(len(one.strokes) + len(one.png) for one in canvas.history[:-1]) > MOST_BYTES:
            del canvas.history[0]
    # The component's own toolbar appears under a mouse only; fingers and keys need buttons.
    empty = not canvas.history
    with st.container(horizontal=True, gap="small"):
        st.button("Undo", key=f"{key}-undo", icon=":material/undo:", disabled=empty, on_click=canvas.undo)
        st.button(
            "Clear", key=f"{key}-clear", icon=":material/delete:", disabled=empty, on_click=canvas.clear
        )
    return None if empty else _pixels(canvas.history[-1].png, side)


def _drawing(side: int, **arguments: object) -> _Drawing | None:
    """The canvas, and what is drawn on it: nothing before the first stroke, even where it began with some.

    A browser may send anything in place of a drawing; what is none, or more than one can be, is nothing.
    """
    try:
        result = _component(**arguments)
        png = result.image_bytes
        strokes = json.dumps(result.json_data)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    if png is None or len(png) > 4 * side * side or len(strokes) > MOST_BYTES:
        return None
    return _Drawing(strokes, png)


def _component(**arguments: object) -> "CanvasResult":
    from streamlit_drawable_canvas import st_canvas  # registers itself, which needs a running app

    return st_canvas(**arguments)


def _pixels(png: bytes, side: int) -> Bytes | None:
    """The canvas's pixels; None for whatever a browser sends that is no picture of the canvas."""
    try:
        file = bare(png)  # nothing in it but pixels is read
        with Image.open(io.BytesIO(file.data), formats=("PNG",)) as image:
            return np.asarray(image.convert("RGBA"), np.uint8) if image.size == (side, side) else None
    except Exception:  # a decoder meets what is no PNG in many ways
        return None
