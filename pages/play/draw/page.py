"""Draw a digit and watch the network read it after every stroke."""

import streamlit as st

from cnn_core.checkpoints import CheckpointError
from cnn_core.data.drawing import SIDE, DrawingStages, preprocess_drawing
from pages.play.draw import reading
from pages.play.draw.keys import Key
from pages.ui import canvas
from pages.ui.image_source import PickedImage, pick_image
from pages.ui.keys import Shared
from pages.ui.models import ModelRef, pick_model
from pages.ui.page import header, source
from pages.ui.site import link_to
from pages.ui.words import sentence

DRAWING, SAMPLE = "Drawing", "Test image"


def use_shipped() -> None:
    st.session_state[Shared.MODEL] = "mnist-3conv"


def unfit(ref: ModelRef) -> None:
    """What to do with a network that cannot take a drawing."""
    shape = "×".join(map(str, ref.card.architecture.input_shape))
    st.info(f"{ref.label} takes images of {shape} (channels × height × width); a drawing is 1×{SIDE}×{SIDE}.")
    st.button("Use mnist-3conv instead", on_click=use_shipped, icon=":material/swap_horiz:")
    link_to("builder", "Or train a network on MNIST")


@st.fragment
def play(ref: ModelRef) -> None:
    """The canvas and everything that follows a stroke; only this runs again then."""
    try:
        canvas_and_reading(ref)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")


def canvas_and_reading(ref: ModelRef) -> None:
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=canvas.SIDE):
            kind = st.segmented_control(
                "What to read",
                [DRAWING, SAMPLE],
                default=DRAWING,
                required=True,
                key=Key.INPUT,
                bind="query-params",
                label_visibility="collapsed",
            )
            picked, stages = pick_sample(ref) if kind == SAMPLE else draw()
        with st.container(width="stretch"):
            if picked is None:
                invite(ref)
            else:
                answer(ref, picked)
    if picked is not None:
        st.markdown(
            "**Sure is not right.** The bars share out 100 % among the classes that the network knows; it has no "
            "bar for *none of these*. Draw a letter, a face, or a mere dot: how sure is it?"
        )
    if stages is not None:
        st.subheader("Your drawing's way into the network", anchor=False)
        reading.show_stages(stages)
        st.subheader("Is all that needed?", anchor=False)
        st.markdown(
            "Draw a small digit in a corner. Guess first: which of these does the network still read?"
        )
        reading.show_left_out(ref, stages, ref.card.classes)


def draw() -> tuple[PickedImage | None, DrawingStages | None]:
    rgba = canvas.draw(Key.CANVAS)
    stages = None if rgba is None else preprocess_drawing(rgba)
    if stages is None or stages.is_empty:
        return None, None
    return PickedImage(stages.network_input[None], "Your drawing"), stages


def pick_sample(ref: ModelRef) -> tuple[PickedImage | None, None]:
    picked = pick_image(Key.SAMPLE, size=SIDE, channels=1, sources=("sample",), dataset=ref.card.dataset)
    st.caption(picked.caption)
    return picked, None


def invite(ref: ModelRef) -> None:
    st.markdown(f"**Draw one of these:** {', '.join(ref.card.classes)}.")
    st.markdown("Use the mouse, a pen or a finger on the black square.")
    st.markdown("Before the second stroke, guess: what does the network make of the first one alone?")
    st.caption(f"Nothing to draw with? Choose “{SAMPLE}” above the square.")


def answer(ref: ModelRef, picked: PickedImage) -> None:
    classes = ref.card.classes
    probabilities = reading.read(ref, picked.image[None])[0]
    st.subheader(reading.reading(probabilities, classes), anchor=False)
    reading.show_verdict(probabilities, classes, picked)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=280):
            reading.show_input(picked.image[0])
        with st.container(width="stretch"):
            reading.bars(probabilities, classes)
    reading.as_tables(picked.image[0], probabilities, classes)


header("Draw", "Draw a digit. After every stroke the network reads what is there, digit or not.")
chosen = pick_model()
if chosen is not None and chosen.card.architecture.input_shape != (1, SIDE, SIDE):
    unfit(chosen)
elif chosen is not None:
    play(chosen)
source(preprocess_drawing)
if chosen is not None:
    reading.warm_up(chosen)
