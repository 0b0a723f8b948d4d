"""What a model's layers answer to one image, computed once for all sessions that look at it."""

import random

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.checkpoints import Card, Checkpoint
from cnn_core.data import datasets
from cnn_core.inside.feature_maps import Maps, maps_of
from pages.ui.drawer import image_drawer
from pages.ui.image_source import SOURCES, PickedImage, pick_image_for
from pages.ui.keys import ImagePart
from pages.ui.models import ModelRef


def pick_for(checkpoint: Checkpoint, prefix: str, *, another: bool = False) -> PickedImage:
    """An image of the model's own kind, from a drawer; the page ends with a sentence where there is none yet.

    `another` puts a button for another sample beside it, which needs no drawer to be opened.
    """
    return pick_by(checkpoint.card, prefix, another=another)


def pick_by(
    card: Card, prefix: str, *, another: bool = False, sources: tuple[str, ...] = tuple(SOURCES)
) -> PickedImage:
    """As `pick_for`, by the card alone, from some of the sources."""
    with image_drawer(prefix):
        picked = pick_image_for(card, prefix, sources)
    if another and picked.dataset is not None:
        st.button(
            "Another image",
            key=f"{prefix}-{ImagePart.NEXT}",
            icon=":material/casino:",
            on_click=_another,
            args=(prefix, picked.dataset),
        )
    return picked


def _another(prefix: str, dataset: str) -> None:
    """Any other of the samples that the picker has to choose from."""
    data = datasets.load(dataset)
    chosen = st.session_state.get(f"{prefix}-{ImagePart.CLASS}")
    of_class = data.y_test == data.classes.index(chosen) if chosen in data.classes else np.True_
    count = int(np.broadcast_to(of_class, data.y_test.shape).sum())
    st.session_state[f"{prefix}-{ImagePart.NUMBER}"] = random.randrange(count)


def layer_answers(ref: ModelRef, checkpoint: Checkpoint, picked: PickedImage) -> list[Maps]:
    """Every layer's answer to the image, in order, the logits last."""
    return _answers(ref.key, ref.stamp, picked.digest, checkpoint, picked.image)


@st.cache_data(max_entries=32, show_spinner=False)
def _answers(key: str, stamp: int, digest: str, _checkpoint: Checkpoint, _image: Floats) -> list[Maps]:
    return maps_of(_checkpoint.model, _image)
