"""The feature maps page: what every filter of a model answers to one image, layer by layer."""

import streamlit as st

from cnn_core.inside.feature_maps import before_and_after, maps_of
from cnn_core.inside.forward import forward_all, probabilities
from pages.inside.feature_maps import words
from pages.inside.feature_maps.choice import pick_map, step_through
from pages.inside.feature_maps.keys import Key
from pages.inside.feature_maps.pictures import THIS_LAYER, THIS_MAP, bars, show_maps
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.keys import Shared
from pages.ui.layer_answers import layer_answers, pick_for
from pages.ui.link import in_link
from pages.ui.models import chosen_model
from pages.ui.page import header, source
from pages.ui.site import link_to
from pages.ui.twin import twin
from pages.ui.words import as_text

header(
    "Feature maps",
    "A feature map is **one filter's answer to one image**. Change the image and the maps change; the filters stay.",
    reserve={Key.PLACE: "calc(var(--cl-room) - 4.5rem)"},
)
ref, checkpoint = chosen_model("The feature maps of a network")
classes = checkpoint.card.classes
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    picked = pick_for(checkpoint, Shared.MAPS_IMAGE, another=True)
    layers = {layer.name: layer for layer in layer_answers(ref, checkpoint, picked)}
    with st.container(width="stretch"):
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

st.markdown(f"{words.reading(answer, classes)} {words.signs(before, after, index)}")
if silent := words.silence(layer):
    st.markdown(silent)
twin(
    "All of this as tables",
    words.tables(list(layers.values()), layer, pair, index, picked, answer, classes),
    pictures,
    f"{made_by(ref)} · {picked.caption}",
)
link_to("filters", "See the filters that made these maps")
source(maps_of, forward_all)
