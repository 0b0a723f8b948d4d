"""What a model's layers answer to one image, computed once for all sessions that look at it."""

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.checkpoints import Checkpoint
from cnn_core.inside.feature_maps import Maps, maps_of
from pages.ui.image_source import PickedImage, pick_image_for
from pages.ui.models import ModelRef


def pick_for(checkpoint: Checkpoint, prefix: str) -> PickedImage:
    """An image of the model's own kind, from a popover; the page ends with a sentence where there is none yet."""
    with st.popover("Image", icon=":material/image:"):
        picked = pick_image_for(checkpoint.card, prefix)
    if picked is None:
        st.info("Choose an image under Image: the network needs something to look at.")
        st.stop()
    return picked


def layer_answers(ref: ModelRef, checkpoint: Checkpoint, picked: PickedImage) -> list[Maps]:
    """Every layer's answer to the image, in order, the logits last."""
    return _answers(ref.key, ref.stamp, picked.digest, checkpoint, picked.image)


@st.cache_data(max_entries=32, show_spinner=False)
def _answers(key: str, stamp: int, digest: str, _checkpoint: Checkpoint, _image: Floats) -> list[Maps]:
    return maps_of(_checkpoint.model, _image)
