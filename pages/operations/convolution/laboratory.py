"""The controls, the player, and the parts below it, which follow every control."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.operations.convolution import (
    input_image,
    kernel_editor,
    lessons,
    maps,
    predictions,
    readouts,
    settings,
)
from pages.operations.convolution.keys import Key
from pages.operations.convolution.scene import scene
from pages.operations.convolution.situation import look
from pages.ui.controls import open_part
from pages.ui.drawer import Drawer, image_drawer
from pages.ui.predict import predict_toggle
from pages.ui.window.bar import control_row
from pages.ui.window.lessons import misfit
from pages.ui.window.player import play


@st.fragment  # what is set here changes nothing else of the page
def show() -> None:
    """All of them."""
    with control_row(
        "conv-bar", {Key.KERNEL: 9.7, Key.KERNEL_SIZE: 5, Key.STRIDE: 5, Key.PADDING: 5.9}
    ) as row:
        image = image_drawer(Key.IMAGE, rows=3)
    _convolved(row, image)


@st.fragment  # another kernel sends neither the row nor the image's button again
def _convolved(row: DeltaGenerator, image: Drawer) -> None:
    with image as open_:
        given = input_image.input_controls(open_)
    with row:
        names = [kernel_editor.preset_control(0, width=155)]
        kernel_size = settings.size_control()
        stride, padding = settings.sliding_controls()
        if isinstance(given, str):
            st.warning(given, icon=":material/grid_on:")
            return
        channels = list(given.channels)
        with Drawer("More", Key.MORE_OPEN, ":material/tune:", size=(460, 320)):
            chosen = settings.more_controls(len(channels), kernel_size, stride, padding)
            names += [kernel_editor.preset_control(n, f"Kernel {n}") for n in range(1, chosen.filters)]
        editor = Drawer("Weights", Key.WEIGHTS_OPEN, ":material/edit:", size=(450, 364))
        predict = predict_toggle(Key.PREDICT)

    try:
        with editor as open_:
            weights, wrong = kernel_editor.weight_controls(names, chosen, channels, open_)
        if wrong:
            st.warning(wrong, icon=":material/edit:")
        situation = look(given, chosen, weights)
    except ValueError as error:
        misfit(error, *lessons.WAY_BACK)
        return
    quiz = predictions.quiz(situation)
    if predict:
        quiz.ask()
    asked, question = quiz.pending()
    shown = scene(situation)
    seen = play(
        shown,
        Key,
        label=f"Convolution of {given.caption}, player",
        question=question,
        hide_output=asked == "size",
        on_filter=kernel_editor.take_filter,
    )

    open_part(
        {
            "Formula": lambda: readouts.formula(situation, shown, asked),
            "Common mistakes": lambda: lessons.lessons(situation),
            "Channels and filters": lambda: maps.channels(situation),
            "Flip": lambda: maps.flip(situation),
            "Numbers": lambda: readouts.numbers(situation, seen.cell, (asked, question)),
            "PyTorch": lambda: readouts.pytorch(situation),
        },
        Key.PART,
        alone=False,
    )
