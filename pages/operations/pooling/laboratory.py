"""The controls, the player, and the parts below it, which follow every control."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.operations.pooling import lessons, maps, predictions, readouts, scene, settings, shifting
from pages.operations.pooling.keys import Key
from pages.operations.pooling.situation import look
from pages.ui.controls import open_part
from pages.ui.image_source import PickedImage
from pages.ui.window.bar import control_row
from pages.ui.window.lessons import misfit


@st.fragment  # what is set here changes nothing else of the page
def show() -> None:
    """All of them."""
    with control_row("pool-bar", {Key.WINDOW: 5.9, Key.STRIDE: 7.2, Key.PADDING: 5.9}) as row:
        picked = settings.image_control()
    _pooled(row, picked)


@st.fragment  # another window sends no image picker again
def _pooled(row: DeltaGenerator, picked: PickedImage | None) -> None:
    with row:
        chosen, predict = settings.further_controls(picked)
    if chosen is None:
        st.info("Choose an image under Image: pooling needs something to make smaller.")
        return
    try:
        situation = look(chosen)
    except ValueError as error:
        misfit(error, *lessons.WAY_BACK)
        return

    quiz = predictions.quiz(situation)
    if predict:
        quiz.ask()
    asked, question = quiz.pending()
    seen = scene.play(situation, question=question, hide_output=asked == "size")

    open_part(
        predictions.without_answers(
            {
                "Formula": lambda: readouts.formula(situation, asked),
                "Side by side": lambda: maps.outputs(situation),
                "Gradient": lambda: maps.gradients(situation),
                "Shift test": lambda: shifting.show(situation),
                "Common mistakes": lambda: lessons.lessons(situation),
                "Numbers": lambda: readouts.numbers(situation, seen.cell, (asked, question)),
                "PyTorch": lambda: readouts.pytorch(situation),
            },
            asked,
        ),
        Key.PART,
        alone=False,
    )
