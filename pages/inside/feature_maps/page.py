"""The feature maps page: what every filter of a model answers to one image, layer by layer."""

import streamlit as st

from cnn_core.inside.feature_maps import before_and_after, maps_of
from cnn_core.inside.forward import forward_all, probabilities
from pages.inside.feature_maps.keys import Key
from pages.inside.feature_maps.pictures import (
    THIS_LAYER,
    THIS_MAP,
    common_limit,
    map_mosaic,
    network_input,
    one_map,
    pick_map,
)
from pages.ui.download import made_by
from pages.ui.image_source import pick_image_for
from pages.ui.keys import Shared
from pages.ui.layer_answers import layer_answers
from pages.ui.link import in_link
from pages.ui.models import chosen_model
from pages.ui.page import header, source
from pages.ui.site import link_to
from pages.ui.twin import twin
from pages.ui.words import as_text, percent

header(
    "Feature maps",
    "A feature map is **one filter's answer to one image**. Change the image and the maps change; the filters stay.",
)
ref, checkpoint = chosen_model("The feature maps of a network")
card = checkpoint.card
picked = pick_image_for(card, Shared.MAPS_IMAGE)
if picked is None:
    st.stop()

layers = layer_answers(ref, checkpoint, picked)
shapes = {layer.name: layer.shape_text for layer in layers}
with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
    layer_at, map_at, scale_at = (st.container(width=width) for width in ("stretch", 150, 150))
name = layer_at.select_slider("Layer", list(shapes), **in_link(Key.LAYER))
layer = next(layer for layer in layers if layer.name == name)
index = map_at.number_input("Map", 0, len(layer.values) - 1, **in_link(Key.MAP))
scope = scale_at.selectbox("Colour scale of", [THIS_MAP, THIS_LAYER], **in_link(Key.SCALE))
before, after = before_and_after(layers, layers.index(layer))
pair = [before] if after is None else [before, after]
if layer.is_vector:
    scope = THIS_LAYER  # one number alone has no scale
limit = common_limit(pair, index, scope)

image_at, *maps_at = st.columns(3, gap="medium")
with image_at:
    st.markdown(f"**Input** · {as_text(picked.caption)}")
    pictures = [network_input(picked, key=Key.PIXELS)]
for place, shown, key in zip(maps_at, pair, (Key.BEFORE, Key.AFTER)):
    with place:
        when = (
            "" if after is None else f", before {after.kind}" if shown is before else f", after {after.kind}"
        )
        st.markdown(f"**{shown.name}** · {shown.unit} {index}{when}")
        pictures.append(one_map(shown, index, key=key, limit=limit, scope=scope))

st.markdown(f"**All of {layer.name}** · {layer.kind} · {layer.shape_text}")
pictures.append(map_mosaic(layer, index, key=Key.MOSAIC, on_pick=pick_map, classes=card.classes))

answer = probabilities(checkpoint.model, picked.image[None])[0]
signs = before.signs(index)
what = f"the values of {before.name}" if before.is_vector else f"map {index} of {before.name}"
st.markdown(
    f"The network's answer to this image: **{as_text(card.classes[answer.argmax()])}** ({percent(answer.max())}). "
    f"In {what}, {signs.negative:,} are negative, {signs.zero:,} are 0 and {signs.positive:,} positive."
)
if after is not None:
    kept = after.signs(index)
    st.markdown(
        f"After {after.kind}, {kept.negative:,} are negative, {kept.zero:,} are 0 and {kept.positive:,} positive. "
        "A negative value is not the same as 0: it says that the image shows the opposite of what these weights "
        f"look for. Only {after.kind} decides what the next layer hears of it."
    )
silent = layer.zero_everywhere()
if silent:
    st.markdown(
        f"**0 everywhere for this image**: {len(silent)} of the {len(layer.values)} {layer.unit}s of {layer.name} "
        f"({', '.join(map(str, silent[:20]))}{', …' if len(silent) > 20 else ''}). "
        "Choose another image: which of them wake up?"
    )
twin(
    f"The values of {layer.unit} {index} as a table",
    {shown.name: shown.values[index] for shown in pair},
    pictures,
    f"{made_by(ref)} · {picked.caption}",
)
twin("The input as a table", {f"Channel {c}": pixels for c, pixels in enumerate(picked.image)})
twin(
    f"All of {layer.name}, and the shapes of all layers, as tables",
    {
        f"Every {layer.unit} of {layer.name} in numbers": layer.table(),
        "Shapes of all layers": {"layer": list(shapes), "output": list(shapes.values())},
    },
)
link_to("filters", "See the filters that made these maps")
source(maps_of, forward_all)
