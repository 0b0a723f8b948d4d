"""Predict first: the numbers from the layer being edited on are hidden until they have been worked out."""

import streamlit as st

from cnn_core.networks.architecture import Architecture, LayerInfo
from cnn_core.networks.layers.windowed import AvgPool2d, Conv2d, MaxPool2d
from pages.train.builder import network_state
from pages.train.builder.keys import Key
from pages.ui.predict import Numbers, Question, Sizes, predict_toggle, show_verdict
from pages.ui.words import shape


def predicting() -> bool:
    """The switch that hides the numbers; true while they are hidden."""
    return predict_toggle(Key.GUESS, help=__doc__)


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
    about = f"{network_state.line()}-{index}"
    questions = (
        Question(
            f"{Key.GUESS}-shape-{about}",
            "",
            Sizes("Output shape", info.output_shape),
            f"Output shape: {_shape_arithmetic(info)}",
            f"Output shape: {_open(_shape_arithmetic(info))}",
        ),
        Question(
            f"{Key.GUESS}-count-{about}",
            "",
            Numbers({"Parameters": info.parameters}),
            f"Parameters: {info.parameters_text}",
            f"Parameters: {_open(info.parameters_text)}",
        ),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.markdown(f"{shape(info.input_shape)} comes into **{info.name}**. What comes out?", width=240)
        given = [question.ask() for question in questions]
    right = [
        show_verdict(question, answer) for question, answer in zip(questions, given) if answer is not None
    ]
    return len(right) == len(questions) and all(right)


def _open(arithmetic: str) -> str:
    """The arithmetic with its result left out."""
    return f"{arithmetic.rsplit('=', 1)[0]}= ?"


def _shape_arithmetic(info: LayerInfo) -> str:
    layer = info.layer
    if isinstance(layer, Conv2d | MaxPool2d | AvgPool2d):
        maps = "one map a filter" if isinstance(layer, Conv2d) else "each map on its own"
        return f"{maps}; height {layer.size_text(info.input_shape[1])}"
    if len(info.input_shape) > len(info.output_shape):
        return f"{shape(info.input_shape)} values in a row = {info.output_shape[0]:,}"
    return f"{layer.title} of {shape(info.input_shape)} = {shape(info.output_shape)}"
