"""What a model's layers answer to one image, computed once for all sessions that look at it."""

from typing import Any, NamedTuple

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.checkpoints import Checkpoint
from cnn_core.data import catalog
from pages.ui.image_source import PickedImage, pick_image
from pages.ui.models import ModelRef


class Answer(NamedTuple):
    """One layer's kind ("Conv2d") and output for one image, (C, H, W) or (F,)."""

    kind: str
    output: Floats


def pick_for(checkpoint: Checkpoint, prefix: str) -> PickedImage:
    """An image of the model's own kind, from a popover; the page ends with a sentence where there is none yet."""
    channels, height, width = checkpoint.card.architecture.input_shape
    name = checkpoint.card.dataset
    with st.popover("Image", icon=":material/image:"):
        picked = pick_image(
            prefix, size=(height, width), channels=channels, dataset=name if catalog.find(name) else None
        )
    if picked is None:
        st.info("Choose an image under Image: the network needs something to look at.")
        st.stop()
    return picked


def layer_answers(ref: ModelRef, checkpoint: Checkpoint, picked: PickedImage) -> dict[str, Answer]:
    """Every layer's answer to the image, by name, the logits last."""
    return _answers(ref.key, ref.stamp, picked.digest, checkpoint.model, picked.image)


@st.cache_data(max_entries=32, show_spinner=False)
def _answers(key: str, stamp: int, digest: str, _model: Any, _image: Floats) -> dict[str, Answer]:
    from cnn_core.inside.forward import forward_all

    return {layer.name: Answer(layer.kind, layer.output[0]) for layer in forward_all(_model, _image[None])}
