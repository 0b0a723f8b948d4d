"""Forward and loss: the batch's images, what the network says of each, and what that costs."""

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.figures.picture import Picture
from cnn_core.training.opened.walk import OpenedStep
from pages.train.step.formulas import number
from pages.train.step.keys import Key
from pages.ui.gallery import gallery
from pages.ui.words import as_text, percent, plain, probability

SIDE = 140  # px of an image


def forward(opened: OpenedStep, classes: tuple[str, ...]) -> list[Picture]:
    """Each image with its class and the probabilities that the network gives."""
    said = opened.probabilities.argmax(axis=1)
    captions = [
        f"is {classes[label]}: {probability(row[label])}\nsays {classes[best]}: {probability(row[best])}"
        for label, best, row in zip(opened.labels, said, opened.probabilities)
    ]
    picture = gallery(opened.images, captions, key=Key.PICTURES, title="The batch", side=SIDE)
    right = int((said == opened.labels).sum())
    st.markdown(
        f"All {len(said)} images go through the network at once: {right} right. An untrained network gives each of "
        f"{len(classes)} classes about {percent(1 / len(classes), 0)}."
    )
    return [picture]


def loss(opened: OpenedStep, classes: tuple[str, ...]) -> None:
    """The loss of each image and their mean, in numbers."""
    own = opened.probabilities[np.arange(len(opened.labels)), opened.labels]
    one = r"-\ln p_n"
    if opened.smoothing:
        kept, spread = number(1 - opened.smoothing), number(opened.smoothing)
        one = rf"\left({kept} \cdot (-\ln p_n) + {spread} \cdot \overline{{-\ln p_k}}\right)"
    mean = rf"\frac{{1}}{{{len(own)}}} ({_sum(opened.losses)}) = {number(opened.loss, 7)}"
    st.markdown(f"The loss of the batch: $\\displaystyle L = \\frac{{1}}{{N}} \\sum_n {one} = {mean}$")
    st.dataframe(
        pd.DataFrame(
            {
                "image": range(1, len(own) + 1),
                "is": [classes[label] for label in opened.labels],
                "p of that class": [f"{share:.6f}" for share in own],
                **_costs(opened, own),
            }
        ),
        hide_index=True,
        height="content",
    )
    chance = float(np.log(len(classes)))
    st.markdown(
        f"Guessing among {len(classes)} classes costs ln {len(classes)} = {plain(chance, 3)}; a sure and right answer "
        "costs 0. The mean is what the weights are changed for: no image has a step of its own. "
        f"Classes: {as_text(', '.join(classes))}."
    )


def _costs(opened: OpenedStep, own: Floats) -> dict[str, list[str]]:
    """Each image's loss; with label smoothing the two parts that it is made of as well."""
    losses = [plain(value, 6) for value in opened.losses.tolist()]
    if not opened.smoothing:
        return {"loss = −ln p": losses}
    surprise = -np.log(np.maximum(opened.probabilities, np.finfo(np.float32).tiny))
    return {
        "−ln p": [plain(float(value), 6) for value in -np.log(own)],
        "mean of −ln p over all classes": [plain(float(value), 6) for value in surprise.mean(axis=1)],
        "loss, smoothed": losses,
    }


def _sum(losses: Floats) -> str:
    return " + ".join(number(value) for value in losses.tolist())
