"""What the page is for: one step of a training, sub-step by sub-step, and one weight of it."""

import streamlit as st

from pages.train.step import batch
from pages.train.step.backward import backward
from pages.train.step.keys import Key
from pages.train.step.situation import Situation
from pages.train.step.stepper import BACKWARD, FORWARD, LOSS, PLAY_SECONDS, bar, is_playing, play
from pages.train.step.update import update
from pages.train.step.weight import pick_weight
from pages.ui.twin import twin


def explore(now: Situation) -> None:
    """The stepper, and the sub-step that it stands at; while it plays, the next comes by itself."""
    plays = is_playing()
    # A step changes nothing in the sidebar.
    st.fragment(_show, run_every=PLAY_SECONDS if plays else None)(now, plays)


def _show(now: Situation, plays: bool) -> None:
    if plays:
        play()
    stage, predict = bar(now)
    if is_playing() != plays:
        st.rerun()
    opened = now.walk.open()
    if stage == FORWARD:
        pictures = batch.forward(opened, now.classes)
        tables = {"Probabilities": opened.probabilities}
    elif stage == LOSS:
        batch.loss(opened, now.classes)
        return
    else:
        weight, image = pick_weight(opened.gradients, len(opened.labels), with_image=stage == BACKWARD)
        if stage != BACKWARD:
            update(opened, weight, now.settings.optimizer, predict, (now.settings, opened.place.step))
            return
        made_of, pictures = backward(opened, weight, image)
        tables = {
            f"Image {number}: {made_of.of_images[number - 1]:.8g}": terms
            for number, terms in enumerate(made_of.terms, 1)
        }
    twin("All of this as tables", tables, pictures, now.name, key=Key.PICTURES)
