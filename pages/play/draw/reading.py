"""What the drawing page shows of a reading: the sentence, the bars, the stages, and what each of them is for."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core import pictures
from cnn_core.arrays import Floats
from cnn_core.checkpoints import CheckpointError
from cnn_core.data import catalog
from cnn_core.data.drawing import SIDE, DrawingStages, merely_shrunk, without_box
from cnn_core.figures.picture import Picture, of_maps
from cnn_core.inside import forward
from pages.play.draw import chart
from pages.play.draw.keys import Key
from pages.ui.download import downloads, made_by
from pages.ui.image_source import PickedImage
from pages.ui.models import ModelRef, load_model
from pages.ui.stages import pictures_row, stages_row
from pages.ui.twin import Table, twin
from pages.ui.words import as_text, probability


def read(ref: ModelRef, images: Floats) -> Floats:
    """The network's probabilities `(N, K)` for images `(N, 1, 28, 28)` in 0..1."""
    return forward.probabilities(load_model(ref).model, images)


def warm_up(ref: ModelRef) -> None:
    """Load the network while the first stroke is drawn, so that it need not wait for torch's import."""
    with suppress(CheckpointError):  # said where the network is used
        load_model(ref)


def reading(probabilities: Floats, classes: Sequence[str]) -> str:
    """The sentence on one image's probabilities `(K,)`, in Markdown."""
    best = int(probabilities.argmax())
    return f"The network reads **{as_text(classes[best])}** ({probability(probabilities[best])})"


def show_verdict(probabilities: Floats, classes: Sequence[str], picked: PickedImage) -> None:
    """Whether the reading of a sample is what its label says; nothing for an image without a label."""
    if (
        picked.label is None
        or picked.dataset is None
        or catalog.info(picked.dataset).classes != tuple(classes)
    ):
        return
    verdict = ":green[right]" if int(probabilities.argmax()) == picked.label else ":red[wrong]"
    st.markdown(f"The label says {as_text(classes[picked.label])}: {verdict}.")


def bars(probabilities: Floats, classes: Sequence[str]) -> Picture:
    """One bar a class on an axis that is always 0 to 100 %, its number beside it."""
    texts = [probability(share) for share in probabilities]
    return chart.bars(probabilities, classes, texts, key=Key.BARS)


def show_input(image: Floats) -> Picture:
    """The `(28, 28)` image that the network got, ten times as large."""
    st.image(pictures.gray_png(image, 10), width=280)
    st.caption(f"What the network gets: {SIDE}×{SIDE} numbers from 0 (black) to 1 (white).")
    return input_picture(image)


def input_picture(image: Floats) -> Picture:
    """The same for a file."""
    return of_maps(
        Key.IMAGE,
        "What the network gets",
        image[None],
        scale="pixels",
        limits=(0.0, 1.0),
        scope="0 black, 1 white",
    )


def as_tables(
    image: Floats, probabilities: Floats, classes: Sequence[str], drawn: Sequence[Picture], source: str
) -> None:
    """The image that the network got and its answer, as tables, and both pictures as files."""
    answer = pd.DataFrame({"class": list(classes), "probability": probabilities.astype(float)})
    tables: dict[str, Table] = {"Probabilities": answer, f"What the network gets, {SIDE}×{SIDE}": image}
    twin("The pictures as tables", tables, drawn, source)


def show_stages(stages: DrawingStages, found: bool) -> None:
    """The drawing after each step of MNIST's preparation, from its ink on where that was `found` on paper."""
    drawn = stages_row(stages, Key.STAGES, found=found)
    downloads(drawn, "a drawing on its way into the network")


def show_left_out(ref: ModelRef, stages: DrawingStages, classes: Sequence[str]) -> None:
    """The same drawing prepared with stages left out, and what the network reads then."""
    variants = (
        ("All four steps", stages.network_input),
        ("Not moved", stages.centred_box),
        ("Not cropped, only moved", without_box(stages)),
        ("Nothing but shrunk", merely_shrunk(stages.ink)),
    )
    answers = read(ref, np.stack([image for _, image in variants])[:, None])
    drawn = pictures_row(
        Key.LEFT_OUT,
        *(
            (image, f"**{title}**  \n{reading(answer, classes)}")
            for (title, image), answer in zip(variants, answers)
        ),
    )
    downloads(drawn, f"read by {made_by(ref)}")
