"""The shipped network, reading at every moment what is drawn: by itself first, then by the visitor."""

import streamlit as st

from cnn_core import checkpoints
from pages.start.home.demonstration import drawings
from pages.start.home.keys import Key
from pages.ui import drawing
from pages.ui.components.engine import describe
from pages.ui.components.reader import reader
from pages.ui.models import ModelRef, models


def shipped() -> ModelRef | None:
    """The first network that is shipped; None where its card is damaged."""
    names = checkpoints.names()
    return next((ref for ref in models().refs if ref.key in names), None)


@st.fragment
def show(ref: ModelRef | None) -> None:
    """The square, the layers and the answer; nothing without a network."""
    if ref is not None:
        reader(Key.READER, describe(ref), drawing.strokes(), on_draw=drawing.keep, demo=drawings())
