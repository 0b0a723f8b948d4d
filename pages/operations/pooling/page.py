"""Pooling: one number in the place of each window."""

import streamlit as st

from cnn_core.operations import downsampling, pooling, shifts
from pages.operations.pooling import (
    lessons,
    maps,
    predictions,
    readouts,
    scene,
    settings,
    shifting,
)
from pages.operations.pooling.keys import Key
from pages.operations.pooling.situation import look
from pages.ui.controls import open_part
from pages.ui.page import header, source
from pages.ui.window.lessons import misfit
from pages.ui.window.player import HEIGHT

header(
    "Pooling",
    "Pooling puts one number in the place of each window, the largest or the mean. It has no weights: it learns"
    " nothing.",
    reserve={Key.PLAYER: HEIGHT},
)

chosen = settings.all_controls()
if chosen is None:
    st.info("Choose an image under Image: pooling needs something to make smaller.")
    st.stop()
try:
    situation = look(chosen)
except ValueError as error:
    misfit(error, *lessons.WAY_BACK)
    st.stop()

quiz = predictions.quiz(situation)
if st.session_state[Key.PREDICT]:
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
source(pooling.max_pool2d, pooling.avg_pool2d, downsampling.downsample, shifts.shift_effect)
