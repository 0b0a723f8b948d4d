"""The canvas, a test image in its place, and everything that follows a stroke."""

import streamlit as st

from cnn_core.checkpoints import CheckpointError
from cnn_core.data.drawing import SIDE, DrawingStages, preprocess_drawing
from pages.play.draw import reading
from pages.play.draw.keys import Key
from pages.ui import canvas
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.image_source import OWN, PickedImage, pick_image_for
from pages.ui.keys import Shared
from pages.ui.models import ModelRef
from pages.ui.site import link_to
from pages.ui.words import as_text, sentence, shape

DRAWING, SAMPLE, PICTURE = "Drawing", "Test image", "Your picture"


def fits(ref: ModelRef) -> bool:
    """Whether the network can take a drawing."""
    return ref.card.architecture.input_shape == (1, SIDE, SIDE)


def _use_shipped() -> None:
    st.session_state[Shared.MODEL] = "mnist-3conv"


def unfit(ref: ModelRef) -> None:
    """What to do with a network that cannot take a drawing."""
    st.info(
        f"{as_text(ref.label)} takes images of {shape(ref.card.architecture.input_shape)} (channels × height ×"
        f" width); a drawing is {shape((1, SIDE, SIDE))}."
    )
    st.button("Use mnist-3conv instead", on_click=_use_shipped, icon=":material/swap_horiz:")
    link_to("builder", "Or train a network on MNIST")


@st.fragment
def play(ref: ModelRef) -> None:
    """The canvas and everything that follows a stroke; only this runs again then."""
    try:
        _canvas_and_reading(ref)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")


def _canvas_and_reading(ref: ModelRef) -> None:
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=canvas.SIDE):
            kinds = [DRAWING, SAMPLE, PICTURE]
            kind = segments("What to read", kinds, Key.INPUT, DRAWING, hide_label=True, wrap=True)
            picked = _draw() if kind == DRAWING else _pick(ref, kind)
        with st.container(width="stretch"):
            if picked is None:
                _invite(ref, kind)
            else:
                _answer(ref, picked)
    if picked is not None:
        st.markdown(
            "**Sure is not right.** The bars share out 100\u00a0% among the classes that the network knows; it has no "
            "bar for *none of these*. Draw a letter, a face, or a mere dot: how sure is it?"
        )
        if picked.stages is not None:
            _way(ref, picked.stages, found=kind == PICTURE)


def _way(ref: ModelRef, stages: DrawingStages, found: bool) -> None:
    """How a drawing, or a picture in which one was `found`, was prepared, and what for."""
    what = "picture" if found else "drawing"
    st.subheader(f"Your {what}'s way into the network", anchor=False)
    reading.show_stages(stages, found)
    st.subheader("Is all that needed?", anchor=False)
    st.markdown("Draw a small digit in a corner. Guess first: which of these does the network still read?")
    reading.show_left_out(ref, stages, ref.card.classes)


def _draw() -> PickedImage | None:
    rgba = canvas.draw(Key.CANVAS)
    stages = None if rgba is None else preprocess_drawing(rgba)
    if stages is None or stages.is_empty:
        return None
    return PickedImage(stages.network_input[None], "Your drawing", stages=stages)


def _pick(ref: ModelRef, kind: str) -> PickedImage | None:
    """A test image, or a picture from disk or camera."""
    if kind == PICTURE:
        return pick_image_for(ref.card, Key.PICTURE, sources=OWN, explained=False)
    picked = pick_image_for(ref.card, Key.SAMPLE, sources=("sample",))
    if picked is not None:
        st.caption(as_text(picked.caption))
    return picked


def _invite(ref: ModelRef, kind: str) -> None:
    classes = ", ".join(map(as_text, ref.card.classes))
    if kind == PICTURE:
        st.markdown(f"**Bring a picture of one of these:** {classes}.")
        st.markdown(
            "Write one on paper with a thick pen, and fill the picture with the paper and nothing else."
        )
        return
    st.markdown(f"**Draw one of these:** {classes}.")
    st.markdown("Use the mouse, a pen or a finger on the black square.")
    st.markdown("Before the second stroke, guess: what does the network make of the first one alone?")
    st.caption(f"Nothing to draw with? Choose “{SAMPLE}” or “{PICTURE}” above the square.")


def _answer(ref: ModelRef, picked: PickedImage) -> None:
    classes = ref.card.classes
    probabilities = reading.read(ref, picked.image[None])[0]
    st.subheader(reading.reading(probabilities, classes), anchor=False)
    reading.show_verdict(probabilities, classes, picked)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=280):
            drawn = [reading.show_input(picked.image[0])]
        with st.container(width="stretch"):
            drawn.append(reading.bars(probabilities, classes))
    source = f"{made_by(ref)} · {picked.caption}"
    reading.as_tables(picked.image[0], probabilities, classes, drawn, source)
