"""Augmentation: one real image changed at random, and what a trained network reads in each."""

from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core import ranges
from cnn_core.checkpoints import Checkpoint
from cnn_core.data.augmentation import Augmentation, augment_arrays
from pages.operations.regularization.cure import cure, final_words, heading
from pages.operations.regularization.keys import Key
from pages.ui.gallery import gallery
from pages.ui.layer_answers import pick_for
from pages.ui.models import ModelRef
from pages.ui.predict import predict_first, predict_toggle
from pages.ui.settings import bounds

SHARED = {"bind": "query-params", "persist_state": "session"}
RANGES = ranges.ranges(Augmentation)
COUNT = 13
HELPS, HURTS = "helps", "hurts"
CURES = {"Shift, rotate, zoom": "augmented", "Flip left to right": "flipped"}


def augmentation_part(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """Controls; the original and its changes with the network's reading; what it does to overfitting."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        picked = pick_for(checkpoint, Key.IMAGE)
        shift = _slider("shift", 2, Key.SHIFT, width=105)
        rotate = _slider("rotate", 10.0, Key.ROTATE, width=105)
        flip = st.toggle(RANGES["flip"].label, key=Key.FLIP, **SHARED)
        with st.popover("More", icon=":material/tune:"):
            zoom = _slider("zoom", 0.1, Key.ZOOM)
            brightness = _slider("brightness", 0.0, Key.BRIGHTNESS)
            noise = _slider("noise", 0.0, Key.NOISE)
            cutout = _slider("cutout", 0, Key.CUTOUT)
        draw = st.number_input("Draw", 0, 9999, key=Key.DRAW, width=120, help="Its seed.", **SHARED)
        st.button("Draw again", icon=":material/casino:", on_click=_again)
        predict = predict_toggle(Key.PREDICT)
    settings = Augmentation(shift, rotate, zoom, flip, brightness, noise, cutout)
    images, probabilities = _changed(
        ref.key, ref.stamp, picked.digest, settings, draw, checkpoint, picked.image
    )
    classes = checkpoint.card.classes
    readings = [(classes[int(row.argmax())], float(row.max())) for row in probabilities]
    truth = classes[picked.label] if picked.label is not None else readings[0][0]
    titles = ["Original", *(f"Change {n}" for n in range(1, COUNT + 1))]
    captions = [
        f"{'Original: ' if n == 0 else ''}{name} ({share:.0%})" + ("" if name == truth else "\nmisread")
        for n, (name, share) in enumerate(readings)
    ]
    gallery(images, captions, side=112)
    missed = sum(name != truth for name, _ in readings[1:])
    st.markdown(
        f"The network reads {COUNT - missed} of {COUNT} changed images as {truth}. A network in training would get a"
        " different one of these every epoch, under the same label. **Rotate by 180°:** which digits become another?"
        " A change is an augmentation only as long as the label stays true."
    )
    with st.expander("The readings as a table", icon=":material/table:"):
        st.dataframe(
            pd.DataFrame(
                {
                    "image": titles,
                    "reads": [name for name, _ in readings],
                    "probability": [share for _, share in readings],
                }
            ),
            hide_index=True,
        )
    _cure(predict)


def _slider(name: str, start: float, key: Key, width: int | Literal["stretch"] = "stretch") -> Any:
    """How far one change may go, in the range that the augmentation itself has."""
    setting = RANGES[name]
    return st.slider(setting.label, value=start, key=key, width=width, **bounds(setting), **SHARED)


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
    """The image and its changes `(14, C, H, W)`, and the network's probabilities for them."""
    from cnn_core.inside.forward import probabilities

    changed = augment_arrays(np.repeat(_image[None], COUNT, axis=0), settings, draw)
    images = np.concatenate([_image[None], changed])
    return images, probabilities(_checkpoint.model, images)


def _cure(predict: bool) -> None:
    heading()
    chosen = st.segmented_control(
        "Trained with", list(CURES), default=next(iter(CURES)), required=True, key=Key.CURE, **SHARED
    )
    name = CURES[chosen]
    flipped = name == "flipped"
    shown = predict_first(
        predict,
        f"300 digits, trained with “{chosen.lower()}”: does it help or hurt validation?",
        [HELPS, HURTS],
        HURTS if flipped else HELPS,
        "A mirrored 3 is no 3: the network learns shapes that no test image has."
        if flipped
        else "It sees a different image every time, so there is nothing to learn by heart.",
        key=f"{Key.GUESS}-augmentation-{name}",
    )
    if shown:
        cure(
            [name],
            f"The same 300 images. With “{chosen.lower()}”, {final_words(name)}."
            + (" **A mirrored 3 is no 3:** this change breaks the label, and it hurts." if flipped else ""),
        )
