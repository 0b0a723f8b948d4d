"""The one drawing of a browser's tab: the same on every page, and there again after a reload.

Whatever shows paper to draw on begins with `current().strokes` and hands what it is told to `keep`.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.data.drawing import INK_AT_LEAST
from cnn_core.data.strokes import Stroke, ink_of, strokes_from
from pages.ui import kept
from pages.ui.components import pad as component
from pages.ui.keys import Shared


@dataclass(frozen=True)
class Drawing:
    """What was drawn, stroke by stroke; those before a "clear" are there so that it can be undone."""

    strokes: tuple[Stroke, ...] = ()

    @cached_property
    def ink(self) -> Floats:
        """The paper: float32 `(PAPER, PAPER)` in 0..1, 1 is ink."""
        return ink_of(self.strokes)

    @property
    def is_empty(self) -> bool:
        """Whether there is no ink on the paper."""
        return bool((self.ink < INK_AT_LEAST).all())

    @cached_property
    def digest(self) -> str:
        """A short text that changes with any stroke: the key to cache by."""
        return hashlib.sha1(self.as_json().encode()).hexdigest()[:16]

    def as_json(self) -> str:
        """The strokes as the pad tells them."""
        return json.dumps([stroke.as_json() for stroke in self.strokes])


def current() -> Drawing | None:
    """This tab's drawing, else the last one of this browser; None where there is no ink."""
    drawing = _drawing()
    return None if drawing.is_empty else drawing


def pad(key: str, *, side: int) -> Drawing | None:
    """Paper of `side` px at most, with this tab's drawing on it; returns what `current` does."""
    component.pad(_drawing().strokes, key=key, side=side, on_draw=keep)
    return current()


def strokes() -> tuple[Stroke, ...]:
    """Everything that was drawn in this tab, for paper that newly comes up: also what a "clear" wiped."""
    return _drawing().strokes


def keep(told: object) -> None:
    """Take what a browser told was drawn, for this tab and for the time after a reload; what is no drawing is none."""
    try:
        drawing = Drawing(strokes_from(told))
    except ValueError:  # no pad told that
        return
    st.session_state[Shared.DRAWING] = drawing
    kept.keep(Shared.DRAWING, drawing, len(drawing.as_json()))


def _drawing() -> Drawing:
    if Shared.DRAWING not in st.session_state:
        found = kept.of_browser(Shared.DRAWING)
        st.session_state[Shared.DRAWING] = found if isinstance(found, Drawing) else Drawing()
    drawing: Drawing = st.session_state[Shared.DRAWING]
    return drawing
