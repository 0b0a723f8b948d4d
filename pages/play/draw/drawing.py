"""The pad, a test image or an own picture in its place, and everything that follows a stroke."""

import streamlit as st

from cnn_core.checkpoints import CheckpointError
from cnn_core.data.drawing import MNIST, SIDE, DrawingStages
from pages.play.draw import reading
from pages.play.draw.keys import Key
from pages.ui import drawing
from pages.ui.components.engine import describe
from pages.ui.components.reader import reader
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.image_source import OWN, PickedImage, in_link_of, of_drawing, pick_image_for, preparation
from pages.ui.keys import Shared
from pages.ui.models import ModelRef
from pages.ui.site import link_to
from pages.ui.words import as_text, sentence, shape

DRAWING, SAMPLE, PICTURE = "Drawing", "Test image", "Your picture"
CHOICE = 308  # px of the column in which an image is chosen: it fits a phone of 390 with its margins
# As high as the screen has room below the row of controls; on a phone as high as its parts need.
HEIGHT = "clamp(17rem, var(--cl-room, 100dvh - 12rem), max(62vw, 35rem))"


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
    """The pad and everything that follows a stroke; only this runs again then."""
    try:
        _what_to_read(ref)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")


def _what_to_read(ref: ModelRef) -> None:
    kinds = [DRAWING, SAMPLE, PICTURE]
    kind = segments("What to read", kinds, Key.INPUT, DRAWING, hide_label=True, wrap=True)
    picked = _draw(ref) if kind == DRAWING else _pick(ref, kind)
    if picked is None:
        classes = ", ".join(map(as_text, ref.card.classes))
        st.markdown(
            f"**Draw one of these:** {classes}. What does the network make of the first stroke alone?"
        )
        return
    if kind == DRAWING:
        _say(ref, picked)
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
    if stages.how == MNIST:
        st.subheader("Is all that needed?", anchor=False)
        st.markdown(
            "Draw a small digit in a corner. Guess first: which of these does the network still read?"
        )
        reading.show_left_out(ref, stages, ref.card.classes)


def _draw(ref: ModelRef) -> PickedImage | None:
    """The paper, and beside it the network's answer, which the browser computes while the pen moves."""
    how = preparation(ref.card)
    reader(
        Key.PAD, describe(ref), drawing.strokes(), on_draw=drawing.keep, tools=True, how=how, height=HEIGHT
    )
    drawn = drawing.current()
    return None if drawn is None else of_drawing(drawn, (SIDE, SIDE), 1, how)


def _say(ref: ModelRef, picked: PickedImage) -> None:
    """The same answer by torch, in words and tables, and the way to the layers."""
    classes = ref.card.classes
    probabilities = reading.read(ref, picked.image[None])[0]
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.markdown(f"{reading.reading(probabilities, classes)}.", width="content")
        with st.container(width="content"):
            link_to(
                "feature_maps", "This drawing through the layers", in_link_of(Shared.MAPS_IMAGE, "drawing")
            )
    drawn = [reading.input_picture(picked.image[0])]
    reading.as_tables(picked.image[0], probabilities, classes, drawn, f"{made_by(ref)} · {picked.caption}")


def _pick(ref: ModelRef, kind: str) -> PickedImage:
    """A test image, or a picture from disk or camera, and the network's answer to it."""
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CHOICE):
            if kind == PICTURE:
                picked = pick_image_for(ref.card, Key.PICTURE, sources=OWN, explained=False)
                st.caption("Write a digit on paper with a thick pen, and fill the picture with the paper.")
            else:
                picked = pick_image_for(ref.card, Key.SAMPLE, sources=("sample",))
                st.caption(as_text(picked.caption))
        with st.container(width="stretch"):
            _answer(ref, picked)
    return picked


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
