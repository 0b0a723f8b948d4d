"""What the drawing page shows of a reading: the sentence, the bars, the stages, and what each of them is for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st

from cnn_core import pictures
from cnn_core.checkpoints import CheckpointError
from cnn_core.data import catalog
from cnn_core.data.drawing import BOX, SIDE, DrawingStages, merely_shrunk, without_box
from pages.ui.charts import config, ink
from pages.ui.models import load_model
from pages.ui.twin import twin

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from pages.ui.image_source import PickedImage
    from pages.ui.models import ModelRef

    F32 = NDArray[np.float32]

SHOWN = 224  # pixels of a picture in a row; 8 × 28, and four fit 1280 beside the sidebar


def read(ref: ModelRef, images: F32) -> F32:
    """The network's probabilities `(N, K)` for images `(N, 1, 28, 28)` in 0..1."""
    from cnn_core.inside.forward import probabilities

    return probabilities(load_model(ref).model, images)


def warm_up(ref: ModelRef) -> None:
    """Load the network while the first stroke is drawn, so that it need not wait for torch's import."""
    with suppress(CheckpointError):  # said where the network is used
        load_model(ref)


def percent(probability: float) -> str:
    """A probability for a reader: "98.3 %", and never rounded to the 100 % that it is not."""
    if 0.9995 <= probability < 1:
        return ">99.9 %"
    return f"{100 * probability:.1f} %"


def reading(probabilities: F32, classes: Sequence[str]) -> str:
    """The sentence on one image's probabilities `(K,)`, in Markdown."""
    best = int(probabilities.argmax())
    return f"The network reads **{classes[best]}** ({percent(float(probabilities[best]))})"


def show_verdict(probabilities: F32, classes: Sequence[str], picked: PickedImage) -> None:
    """Whether the reading of a sample is what its label says; nothing for an image without a label."""
    if (
        picked.label is None
        or picked.dataset is None
        or catalog.info(picked.dataset).classes != tuple(classes)
    ):
        return
    verdict = ":green[right]" if int(probabilities.argmax()) == picked.label else ":red[wrong]"
    st.markdown(f"The label says {classes[picked.label]}: {verdict}.")


def bars(probabilities: F32, classes: Sequence[str]) -> None:
    """One bar a class on an axis that is always 0 to 100 %, its number beside it."""
    best = int(probabilities.argmax())
    rows = [
        {"class": name, "percent": 100 * float(p), "text": percent(float(p)), "best": index == best}
        for index, (name, p) in enumerate(zip(classes, probabilities))
    ]
    y = {"field": "class", "type": "nominal", "sort": None, "title": None}
    x = {
        "field": "percent",
        "type": "quantitative",
        "scale": {"domain": [0, 100], "clamp": True},
        "title": "probability, %",
        "axis": {"values": [0, 25, 50, 75, 100]},
    }
    colour = {
        "condition": {"test": "datum.best", "value": pictures.css(pictures.POSITIVE)},
        "value": "#74808D",
    }
    label = {"type": "text", "align": "left", "dx": 4, "fontSize": 14}
    # A spec, not an Altair chart: building and validating that one takes longer than the network.
    st.vega_lite_chart(
        {
            "data": {"values": rows},
            "height": {"step": 27},
            "padding": {"right": 56},
            "config": config(),
            "encoding": {"x": x, "y": y},
            "layer": [
                {"mark": {"type": "bar", "height": 18}, "encoding": {"color": colour}},
                {"mark": label, "encoding": {"text": {"field": "text"}, "color": {"value": ink()}}},
            ],
        },
        width="stretch",
    )


def show_input(image: F32) -> None:
    """The `(28, 28)` image that the network got, ten times as large."""
    st.image(pictures.gray_png(image, 10), width=280)
    st.caption(f"What the network gets: {SIDE}×{SIDE} numbers from 0 (black) to 1 (white).")


def as_tables(image: F32, probabilities: F32, classes: Sequence[str]) -> None:
    """The image that the network got and its answer, as tables."""
    import pandas as pd

    answer = pd.DataFrame({"class": list(classes), "probability": probabilities.astype(float)})
    twin("The pictures as tables", {"Probabilities": answer, f"What the network gets, {SIDE}×{SIDE}": image})


def show_stages(stages: DrawingStages) -> None:
    """The drawing after each step of MNIST's preparation."""
    top, bottom, left, right = stages.box
    height, width = stages.boxed.shape
    row, column = stages.centre_of_mass
    middle = (SIDE - 1) / 2
    _row(
        (
            stages.cropped,
            f"**1. Crop.** There is ink only in rows {top} to {bottom - 1} and columns {left} to {right - 1} "
            "of the canvas.",
        ),
        (
            stages.boxed,
            f"**2. Shrink** the longer side to {BOX} pixels: {height}×{width}. A new pixel is the mean of the "
            "area it covers.",
        ),
        (
            stages.centred_box,
            f"**3. Place** it in {SIDE}×{SIDE}. The centre of mass is at row {row:.1f}, column {column:.1f}.",
        ),
        (
            stages.network_input,
            f"**4. Move** it {abs(middle - row):.1f} {'down' if row < middle else 'up'} and "
            f"{abs(middle - column):.1f} {'right' if column < middle else 'left'}, so that the centre of mass "
            f"is at {middle}, {middle}: the middle.",
        ),
    )


def show_left_out(ref: ModelRef, stages: DrawingStages, classes: Sequence[str]) -> None:
    """The same drawing prepared with stages left out, and what the network reads then."""
    import numpy as np

    variants = (
        ("All four steps", stages.network_input),
        ("Not moved", stages.centred_box),
        ("Not cropped, only moved", without_box(stages)),
        ("Nothing but shrunk", merely_shrunk(stages.ink)),
    )
    answers = read(ref, np.stack([image for _, image in variants])[:, None])
    _row(
        *(
            (image, f"**{title}**  \n{reading(answer, classes)}")
            for (title, image), answer in zip(variants, answers)
        )
    )


def _row(*shown: tuple[F32, str]) -> None:
    """Pictures of one size, whatever their shape, with words below; as many in a row as the screen has room for."""
    with st.container(horizontal=True, gap="small"):
        for image, words in shown:
            height, width = image.shape
            with st.container(width=SHOWN):
                factor = pictures.whole_factor(height, width, SHOWN)
                st.image(pictures.gray_png(image, factor), width=max(8, SHOWN * width // max(height, width)))
                st.markdown(words)
