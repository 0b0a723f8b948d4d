"""What the changes to training images make of the first ones of the next training."""

import numpy as np
import streamlit as st

from cnn_core.data import datasets
from cnn_core.training.preview import FirstImages, first_images
from cnn_core.training.settings import TrainSettings
from pages.train.builder.keys import Key
from pages.ui.download import menu
from pages.ui.gallery import gallery

COUNT = 6


def image_changes(settings: TrainSettings) -> None:
    """The first images of the first batch, each beside what its first step is given of it."""
    if problem := datasets.problem(settings.dataset):
        st.caption(str(problem))
        return
    first = _first(settings)
    classes = datasets.load(settings.dataset).classes
    pairs = np.stack([first.originals, first.changed], axis=1).reshape(-1, *first.originals.shape[1:])
    names = [name for label in first.labels for name in (classes[label], "changed")]
    st.caption(
        f"The first {len(first.labels)} images of the first batch, with seed {settings.seed}. Every epoch"
        " changes them anew, under the same label. Is it still true?"
    )
    shown = gallery(pairs, names, key=Key.CHANGED, title="Training images and what is made of them", side=84)
    menu([shown], f"{settings.dataset}, seed {settings.seed}")


@st.cache_data(max_entries=20, show_spinner=False)
def _first(settings: TrainSettings) -> FirstImages:
    return first_images(datasets.load(settings.dataset), settings, COUNT)
