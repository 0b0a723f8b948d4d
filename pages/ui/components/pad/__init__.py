"""The drawing pad: black paper, a white pen in three widths, an eraser, and one history of undo, redo and clear.

What is drawn is told after every stroke, at once. `surface.js` is the paper alone, `tools.js` its buttons and
`preparation.js` the way from ink to a network's input, for other components to build on.
May import `pages.ui.components.base` and `cnn_core`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from cnn_core.data.strokes import Stroke
from pages.ui.components.base import component, pack

_mount = component(Path(__file__).parent)


def pad(strokes: Sequence[Stroke], *, key: str, side: int, on_draw: Callable[[object], None]) -> None:
    """Show paper of `side` pixels at most, with `strokes` on it where it newly comes up.

    `on_draw` is called with what the browser told, which may be anything, before the rerun that a stroke starts.
    """

    def told() -> None:
        on_draw(st.session_state[key].get("strokes"))

    data = {"strokes": [stroke.as_json() for stroke in strokes], "largest": side}
    _mount(key=key, data=pack(data), on_strokes_change=told)
