"""Predict first: the numbers from the layer being edited on are hidden until they have been worked out."""

import re

import streamlit as st

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers.base import shape_text
from pages.train.builder import network_state
from pages.train.builder.keys import Key


def predicting() -> bool:
    """The switch that hides the numbers; true while they are hidden."""
    return st.toggle("Predict first", key=Key.GUESS, bind="query-params", help=__doc__)


def predict_layer(architecture: Architecture) -> bool:
    """Ask for shape and parameters of the layer being edited and check them; true when both are right."""
    infos = architecture.summary()
    index = network_state.selected()
    if not 0 <= index < len(infos):
        st.info(
            "Repair the network first, or choose a layer before the one that cannot work.",
            icon=":material/info:",
        )
        return False
    info = infos[index]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.markdown(f"{shape_text(info.input_shape)} comes into **{info.name}**. What comes out?", width=240)
        key = f"{network_state.line()}-{index}"
        shape = st.text_input(
            "Output shape",
            key=f"{Key.GUESS}-shape-{key}",
            placeholder="channels×height×width",
            width=200,
        )
        count = st.number_input(
            "Parameters",
            0,
            value=None,
            key=f"{Key.GUESS}-count-{key}",
            placeholder="how many",
            width=140,
        )
    right_shape = tuple(int(n) for n in re.findall(r"[0-9]{1,7}", shape)) == info.output_shape
    right_count = count == info.parameters
    if shape:
        _verdict(right_shape, "shape", info.layer.shape_words(info.input_shape))
    if count is not None:
        _verdict(right_count, "parameters", info.parameters_text)
    return right_shape and right_count


def _verdict(right: bool, what: str, arithmetic: str) -> None:
    """Right, with the arithmetic; or the arithmetic with its result left open."""
    if right:
        st.markdown(f":green[:material/check: Right {what}:] {arithmetic}")
    else:
        st.markdown(f":orange[:material/close: Not yet, {what}:] {arithmetic.rsplit('=', 1)[0]}= ?")
