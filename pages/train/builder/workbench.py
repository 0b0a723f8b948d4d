"""All of the page that follows the network: its strip and editor, its words, whether it can be trained, its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.data.catalog import DatasetInfo
from cnn_core.networks.architecture import Architecture
from cnn_core.runs.jobs import manager
from cnn_core.training.settings import TrainSettings
from pages.train.builder.code_export import code_export
from pages.train.builder.failing import fails_on_purpose
from pages.train.builder.image_changes import image_changes
from pages.train.builder.keys import Key
from pages.train.builder.layer_editor import editor_below, is_narrow, layer_editor, set_narrow, tapped
from pages.train.builder.layer_strip import layer_strip
from pages.train.builder.layer_words import layer_words, problem_card
from pages.train.builder.predict_layer import predict_layer, predicting
from pages.train.builder.rate_finder import rate_finder
from pages.train.builder.run_shown import watching
from pages.train.builder.start_training import nothing_yet, train_button
from pages.ui.controls import fold
from pages.ui.network import state as network_state
from pages.ui.network import training
from pages.ui.network.keys import NetworkKey
from pages.ui.network.layer_table import layer_table
from pages.ui.words import sentence

TABLE = ("Layers as a table", Key.TABLE, ":material/table:")
CODE = ("Code: PyTorch and Keras", Key.EXPORT, ":material/code:")


@dataclass(frozen=True)
class Situation:
    """What the page stands at, beside the network: a dataset, settings, a run that is shown or none.

    The page is about that run where it is `watched`, and its window `narrow` where the sidebar is away.
    """

    info: DatasetInfo
    settings: TrainSettings
    run: str | None
    watched: bool
    narrow: bool


@st.fragment  # what changes the network changes nothing else of the page
def workbench(now: Situation, places: Mapping[str, DeltaGenerator]) -> None:
    """The strip here, and in their `places` the "editor", the "line", "words", "train", "outlook" and "parts"."""
    if st.session_state.pop(NetworkKey.RETRAIN, False) and training.chosen() != now.settings.to_dict():
        st.rerun()  # the whole page: settings were set that stand outside of this part
    with places["line"]:
        network_state.text_input()
    architecture, selected = network_state.network(now.info), network_state.selected()
    with places["words"]:
        hidden = _words(architecture)
    layer_strip(
        architecture,
        key=Key.STRIP,
        input_title=now.info.title,
        selected=selected,
        hidden_from=selected if hidden else None,
        small=now.watched,
        narrow=now.narrow,
        on_pick=tapped,
        on_narrow=set_narrow,
    )
    if now.narrow:
        editor_below(architecture)
    else:
        with places["editor"]:
            layer_editor(architecture)
    problem_card(architecture)
    with places["train"]:
        outlook, can_train = train_button(architecture, now.settings)
    with places["outlook"]:
        st.caption(outlook)
        if not now.watched:
            fails_on_purpose(architecture, now.settings)
        if trouble := manager().trouble:
            st.warning(sentence(trouble), icon=":material/hard_drive:")
        if now.run is None and can_train:  # else the reason stands beside the button
            nothing_yet()
    with places["parts"]:
        if now.settings.augmentation.active:
            changes = partial(image_changes, now.settings)
            fold("Training images as they are changed", Key.CHANGES, ":material/animated_images:", changes)
        find = partial(rate_finder, architecture, now.settings)
        fold("Learning-rate finder", Key.FINDER, ":material/troubleshoot:", find)
        fold(*TABLE, partial(layer_table, architecture))
        fold(*CODE, partial(code_export, now.settings, architecture))
    if is_narrow() != now.narrow or watching(now.run) != now.watched:
        st.rerun()  # the whole page: its parts stand in another order then


def _words(architecture: Architecture) -> bool:
    """What is said of the line and the layer being edited; whether its numbers are hidden until they are worked out."""
    if misread := network_state.misread():
        st.error(misread, icon=":material/error:")
    with st.container(horizontal=True, gap="small"):
        words = st.container(gap="small")
        predict = predicting()
    with words:
        hidden = predict and not predict_layer(architecture)
        if not hidden:
            layer_words(architecture)
    return hidden
