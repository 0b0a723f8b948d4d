"""What the page is for: an image, a layer, a map, and all that follows from them."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.checkpoints import Checkpoint
from cnn_core.inside.feature_maps import before_and_after
from cnn_core.inside.forward import probabilities
from pages.inside.feature_maps import words
from pages.inside.feature_maps.choice import pick_map, step_through
from pages.inside.feature_maps.keys import Key
from pages.inside.feature_maps.pictures import THIS_LAYER, THIS_MAP, bars, show_maps
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.image_source import PickedImage
from pages.ui.keys import Shared
from pages.ui.layer_answers import layer_answers, pick_for
from pages.ui.link import in_link
from pages.ui.models import ModelRef
from pages.ui.twin import twin
from pages.ui.words import as_text


@st.fragment  # another image changes nothing else of the page
def explore(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """The pickers of image, layer and map, the picture, and what is said of it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = pick_for(checkpoint, Shared.MAPS_IMAGE, another=True)
        layers_at = st.container(width="stretch")
    _maps(ref, checkpoint, picked, layers_at)


@st.fragment  # nor another layer or map the image
def _maps(ref: ModelRef, checkpoint: Checkpoint, picked: PickedImage, layers_at: DeltaGenerator) -> None:
    classes = checkpoint.card.classes
    layers = {layer.name: layer for layer in layer_answers(ref, checkpoint, picked)}
    with layers_at:
        name = segments("Layer", list(layers), Key.LAYER, next(iter(layers)), hide_label=True)
    layer = layers[name]
    picture_at = st.container(key=Key.PLACE)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        index = st.number_input("Map", 0, len(layer.values) - 1, **in_link(Key.MAP), width=130)
        scope = st.selectbox("Colour scale of", [THIS_MAP, THIS_LAYER], **in_link(Key.SCALE), width=150)
        st.markdown(f"**Input** · {as_text(picked.caption)}", width="stretch")

    before, after = before_and_after(list(layers.values()), list(layers).index(name))
    pair = [before] if after is None else [before, after]
    answer = probabilities(checkpoint.model, picked.image[None])[0]
    with picture_at:
        pictures = show_maps(
            layer,
            pair,
            picked,
            index,
            scope=scope,
            shares=bars(answer, classes),
            classes=classes,
            on_pick=pick_map,
            on_step=step_through(list(layers), name),
        )
    said = f"{words.reading(answer, classes)} {words.signs(before, after, index)}"
    st.markdown("\n\n".join(filter(None, (said, words.silence(layer)))))
    twin(
        "All of this as tables",
        words.tables(list(layers.values()), layer, pair, index, picked, answer, classes),
        pictures,
        f"{made_by(ref)} · {picked.caption}",
    )
