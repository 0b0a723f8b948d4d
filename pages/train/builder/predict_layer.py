"""Predict first: the numbers from the layer being edited on are hidden until they have been worked out."""

import streamlit as st

from cnn_core.networks.architecture import Architecture
from pages.train.builder.keys import Key
from pages.ui.network import state as network_state
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
    arithmetic = info.layer.shape_words(info.input_shape)
    about = f"{network_state.line()}-{index}"
    questions = (
        Question(
            f"{Key.GUESS}-shape-{about}",
            "",
            Sizes("Output shape", info.output_shape),
            f"Output shape: {arithmetic}",
            f"Output shape: {_open(arithmetic)}",
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
    """The arithmetic with its result left out; nothing is left of a result without arithmetic."""
    worked, equals, _ = arithmetic.rpartition("=")
    return f"{worked}{equals} ?"
