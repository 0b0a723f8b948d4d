"""What the page is for: one step of a training, sub-step by sub-step, and one weight of it."""

import streamlit as st

from pages.train.step import batch
from pages.train.step.backward import backward
from pages.train.step.keys import Key
from pages.train.step.situation import Situation
from pages.train.step.stepper import BACKWARD, FORWARD, LOSS, bar
from pages.train.step.update import update
from pages.train.step.weight import pick_weight
from pages.ui.predict import predict_toggle
from pages.ui.twin import twin


@st.fragment  # a step changes nothing in the sidebar
def explore(now: Situation, guess: bool) -> None:
    """The stepper, and the sub-step that it stands at."""
    stage = bar(now)
    opened = now.walk.open()
    if stage == FORWARD:
        pictures = batch.forward(opened, now.classes)
        tables = {"Probabilities": opened.probabilities}
    elif stage == LOSS:
        batch.loss(opened, now.classes)
        return
    else:
        weight = pick_weight(opened.gradients)
        if stage != BACKWARD:
            update(opened, weight, now.settings.optimizer, guess, (now.settings, opened.place.step))
            return
        made_of, pictures = backward(opened, weight)
        tables = {
            f"Image {image + 1}: {made_of.of_images[image]:.8f}": terms
            for image, terms in enumerate(made_of.terms)
        }
    twin("All of this as tables", tables, pictures, now.name, key=Key.PICTURES)


def predicting() -> None:
    """The switch that asks before the update shows its result."""
    predict_toggle(Key.GUESS, help="Which way will the weight go, and the loss? Answer, then see.")
