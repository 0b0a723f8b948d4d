"""Builder: stack layers, see what each costs, train the stack, and watch it learn."""

from functools import partial

import streamlit as st

from cnn_core.networks import repairs, shapes
from cnn_core.runs.jobs import manager
from pages.train.builder import network_state, training_curves
from pages.train.builder.code_export import code_export
from pages.train.builder.keys import Key
from pages.train.builder.layer_editor import editor_below, is_narrow, layer_editor, set_narrow, tapped
from pages.train.builder.layer_strip import layer_strip
from pages.train.builder.layer_words import layer_table, layer_words, problem_card
from pages.train.builder.predict_layer import predict_layer, predicting
from pages.train.builder.start_training import nothing_yet, train_button
from pages.train.builder.training_settings import dataset_problem, pick_dataset, pick_settings
from pages.train.builder.training_view import current_run, show_run, training_view, watching
from pages.ui import own_runs, page
from pages.ui.controls import fold
from pages.ui.words import sentence

PARTS = (
    ("Layers as a table", Key.TABLE, ":material/table:", layer_table),
    ("Code: PyTorch and Keras", Key.EXPORT, ":material/code:", code_export),
)
# Where a window has little height, Train is in it all the same.
LOW = f"""<style>
@media (max-height: 560px) and (min-width: 641px) {{
  .st-key-{Key.ABOUT} p {{ line-height: 1.3; }}
  .st-key-{Key.SETTINGS} {{ gap: 0.4rem 0.6rem; }}
}}
</style>"""

page.header(
    "Builder",
    "A network is a stack of layers, each turning one shape into the next. Build one and train it.",
    may_be_empty=[Key.NETWORK],
    beside=partial(own_runs.menu, show_run),
)

st.html(LOW)
network_state.follow_link()
run, narrow = current_run(), is_narrow()
watched = watching(run)
strip = st.container(gap="small")
curves = st.container() if watched else None
about = st.container(gap="small", key=Key.ABOUT)
with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=Key.SETTINGS):
    info = pick_dataset()
    settings = pick_settings(info.name)
    training = st.container(width="content")

with st.sidebar:
    editor = st.container(key=Key.EDITOR)
    with st.expander("Network as text", icon=":material/link:"):
        misread = network_state.text_input()
    architecture = network_state.network(info)
    if not narrow:
        with editor:
            layer_editor(architecture)

with about:
    dataset_problem(info)
    if misread:
        st.error(misread, icon=":material/error:")
    with st.container(horizontal=True, gap="small"):
        words = st.container(gap="small")
        predict = predicting()
    with words:
        hidden = predict and not predict_layer(architecture)
        if not hidden:
            layer_words(architecture)

with strip:
    layer_strip(
        architecture,
        key=Key.STRIP,
        input_title=info.title,
        selected=network_state.selected(),
        hidden_from=network_state.selected() if hidden else None,
        small=watched,
        narrow=narrow,
        on_pick=tapped,
        on_narrow=set_narrow,
    )
    if narrow:
        editor_below(architecture)
    problem_card(architecture)

with training:
    outlook, can_train = train_button(architecture, settings)
st.caption(outlook)

if trouble := manager().trouble:
    st.warning(sentence(trouble), icon=":material/hard_drive:")
with curves or st.container():
    if run is not None:
        training_view(run)
    elif can_train:  # else the reason stands beside the button
        nothing_yet()

for title, key, icon, show in PARTS:
    fold(title, key, icon, partial(show, architecture))
page.source(shapes.walk, repairs.problems)
training_curves.make_ready()
