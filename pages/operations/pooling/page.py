"""Pooling: one number in the place of each window."""

import streamlit as st

from cnn_core.operations import downsampling, pooling, shifts
from pages.operations.pooling import (
    controls,
    lessons,
    map_shift,
    maps,
    network_shift,
    predictions,
    readouts,
    scene,
)
from pages.operations.pooling.keys import Key
from pages.operations.pooling.situation import fits
from pages.ui.download import beside
from pages.ui.page import header, source
from pages.ui.window.lessons import misfit
from pages.ui.window.pictures import pictures_of

PARTS = ["Side by side", "Gradient", "Shift test", "Common mistakes", "Numbers", "PyTorch"]
RESERVE = 408  # px that are not the player's panels
QUESTION = 96  # px of a question above the player
# The parts that give away what is asked.
ANSWERED_IN = {"size": {"Side by side", "Shift test", "Numbers"}, "pixels": {"Gradient", "Common mistakes"}}

header(
    "Pooling",
    "Pooling puts one number in the place of each window, the largest or the mean. It has no weights: it learns"
    " nothing.",
)

situation = controls.all_controls()
if situation is None:
    st.info("Choose an image under Image: pooling needs something to make smaller.")
    st.stop()
try:
    fits(situation)
except ValueError as error:
    misfit(error, *lessons.WAY_BACK)
    st.stop()

quiz = predictions.quiz(situation)
if st.session_state[Key.PREDICT]:
    quiz.ask()
asked, question = quiz.pending()
pinned = scene.play(
    situation,
    question=question,
    hide_output=asked == "size",
    reserve=RESERVE + QUESTION * st.session_state[Key.PREDICT],
)
with beside(pictures_of(scene.scene(situation), Key.PLAYER, hide_output=asked is not None), situation.words):
    readouts.formula(situation, asked)


@st.fragment  # its sliders need nothing else of the page
def show_shifts() -> None:
    """The shift test: on this map, then on a trained network."""
    down, right = map_shift.shift_controls()
    map_shift.shift_test(situation, down, right)
    st.subheader("A trained network", anchor=False)
    network_shift.network_test(situation, down, right)


SHOWS = (
    lambda: maps.outputs(situation),
    lambda: maps.gradients(situation),
    show_shifts,
    lambda: lessons.lessons(situation),
    lambda: readouts.numbers(situation, pinned, (asked, question)),
    lambda: readouts.pytorch(situation),
)
for name, tab, show in zip(
    PARTS, st.tabs(PARTS, key=Key.PART, on_change="rerun", bind="query-params"), SHOWS
):
    if tab.open:
        with tab:
            if name in ANSWERED_IN.get(asked, ()):
                st.markdown("Predict first: the answer stands here.")
            else:
                show()

source(pooling.max_pool2d, pooling.avg_pool2d, downsampling.downsample, shifts.shift_effect)
