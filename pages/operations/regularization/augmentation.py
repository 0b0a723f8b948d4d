"""Augmentation: one real image changed at random, and what a trained network reads in each."""

from dataclasses import replace
from typing import Literal, NamedTuple, TypeVar

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core import ranges
from cnn_core.checkpoints import Checkpoint
from cnn_core.data.augmentation import Augmentation, augment_arrays
from cnn_core.inside.forward import probabilities
from pages.operations.regularization.cure import cure, final_words, heading, trained_on
from pages.operations.regularization.keys import Key
from pages.ui.components.slider import slider
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.gallery import gallery
from pages.ui.image_source import PickedImage
from pages.ui.layer_answers import pick_for
from pages.ui.link import in_link
from pages.ui.models import ModelRef
from pages.ui.predict import Choice, Question, predict_first, predict_toggle
from pages.ui.settings import values_of
from pages.ui.twin import twin
from pages.ui.words import as_text, percent

Number = TypeVar("Number", int, float)
RANGES = ranges.ranges(Augmentation)
COUNT = 13
HELPS, HURTS = "helps", "hurts"
CURES = {"Shift, rotate, zoom": "augmented", "Flip left to right": "flipped"}


class Places(NamedTuple):
    """Of the sliders in the row: they belong to what they change."""

    shift: DeltaGenerator
    rotate: DeltaGenerator


def show(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """Controls; the original and its changes with the network's reading; what it does to overfitting."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = pick_for(checkpoint, Key.IMAGE)
        places = Places(st.container(width="content"), st.container(width="content"))
        flip = st.toggle(RANGES["flip"].label, **in_link(Key.FLIP))
        with st.popover("More", icon=":material/tune:"):
            zoom = _slider("zoom", 0.1, Key.ZOOM)
            brightness = _slider("brightness", 0.0, Key.BRIGHTNESS)
            noise = _slider("noise", 0.0, Key.NOISE)
            cutout = _slider("cutout", 0, Key.CUTOUT)
        draw = st.number_input("Draw", 0, 9999, **in_link(Key.DRAW), width=120, help="Its seed.")
        st.button("Draw again", icon=":material/casino:", on_click=_again)
        predict = predict_toggle(Key.PREDICT)
    further = Augmentation(0, 0.0, zoom, flip, brightness, noise, cutout)
    _laboratory(ref, checkpoint, picked, places, further, draw)
    _cure(predict)


@st.fragment
def _laboratory(
    ref: ModelRef,
    checkpoint: Checkpoint,
    picked: PickedImage,
    places: Places,
    further: Augmentation,
    draw: int,
) -> None:
    with places.shift:
        shift = _slider("shift", 2, Key.SHIFT, width=105)
    with places.rotate:
        rotate = _slider("rotate", 10.0, Key.ROTATE, width=105)
    settings = replace(further, shift=shift, rotate=rotate)
    images, probabilities = _changed(
        ref.key, ref.stamp, picked.digest, settings, draw, checkpoint, picked.image
    )
    classes = checkpoint.card.classes
    readings = [(classes[int(row.argmax())], float(row.max())) for row in probabilities]
    truth = classes[picked.label] if picked.label is not None else readings[0][0]
    titles = ["Original", *(f"Change {n}" for n in range(1, COUNT + 1))]
    captions = [
        f"{'Original: ' if n == 0 else ''}{name} ({percent(share, 0)})"
        + ("" if name == truth else "\nmisread")
        for n, (name, share) in enumerate(readings)
    ]
    drawn = gallery(images, captions, key=Key.CHANGED, title=f"{COUNT} changes of one image", side=112)
    missed = sum(name != truth for name, _ in readings[1:])
    st.markdown(
        f"The network reads {COUNT - missed} of {COUNT} changed images as {as_text(truth)}. A network in training would"
        " get a different one of these every epoch, under the same label. **Rotate by 180°:** which digits become"
        " another? A change is an augmentation only as long as the label stays true."
    )
    table = {
        "image": titles,
        "reads": [name for name, _ in readings],
        "probability": [share for _, share in readings],
    }
    source = f"{picked.caption} · read by {made_by(ref)}"
    twin("The readings as a table", {"The readings": pd.DataFrame(table)}, [drawn], source)


def _slider(name: str, start: Number, key: Key, width: int | Literal["stretch"] = "stretch") -> Number:
    """How far one change may go, in the range that the augmentation itself has."""
    setting = RANGES[name]
    allowed: list[Number] = values_of(setting)
    return slider(setting.label, allowed, start, key=key, width=width)


def _again() -> None:
    """The next draw."""
    st.session_state[Key.DRAW] = (st.session_state[Key.DRAW] + 1) % 10_000


@st.cache_data(max_entries=64, show_spinner=False)
def _changed(
    key: str,
    stamp: int,
    digest: str,
    settings: Augmentation,
    draw: int,
    _checkpoint: Checkpoint,
    _image: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """The image and its changes `(1 + COUNT, C, H, W)`, and the network's probabilities for them."""
    changed = augment_arrays(np.repeat(_image[None], COUNT, axis=0), settings, draw)
    images = np.concatenate([_image[None], changed])
    return images, probabilities(_checkpoint.model, images)


@st.fragment
def _cure(predict: bool) -> None:
    heading()
    chosen = segments("Trained with", list(CURES), Key.CURE, next(iter(CURES)))
    name = CURES[chosen]
    flipped = name == "flipped"
    question = Question(
        f"{Key.GUESS}-augmentation-{name}",
        f"{trained_on()} of digits, trained with “{chosen.lower()}”: does it help or hurt validation?",
        Choice((HELPS, HURTS), HURTS if flipped else HELPS),
        "A mirrored 3 is no 3: the network learns shapes that no test image has."
        if flipped
        else "It sees a different image every time, so there is nothing to learn by heart.",
    )
    if predict_first(predict, question):
        cure(
            [name],
            f"The same {trained_on()}. With “{chosen.lower()}”, {final_words(name)}."
            + (" **A mirrored 3 is no 3:** this change breaks the label, and it hurts." if flipped else ""),
        )
