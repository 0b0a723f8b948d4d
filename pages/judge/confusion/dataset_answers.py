"""A model's answers to its whole test set, computed once for all sessions, with progress for who waits."""

import threading
from collections import OrderedDict

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.data.datasets import Dataset
from cnn_core.inside.forward import probabilities
from pages.ui.models import ModelRef, load_model
from pages.ui.words import as_text

MOST_KEPT = 8  # models; of 10,000 images and 10 classes each takes 0.4 MB


class _Kept:
    """The newest answers; one session computes at a time, the others wait and find the result."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answers: OrderedDict[tuple[str, int, str], Floats] = OrderedDict()


# In none of Streamlit's caches: any visitor can clear those, and then several sessions would compute the same at once.
_KEPT = _Kept()


def answers(ref: ModelRef, dataset: Dataset) -> Floats:
    """Probabilities (N, K) for the dataset's test images. Progress is shown while they are computed.

    Not `st.cache_data`, whose functions may not draw a progress bar on the page.
    """
    key = (ref.key, ref.stamp, dataset.name)
    kept = _KEPT
    # There from the first: a control that moves on the page is no longer in the link.
    place = st.empty()
    if key not in kept.answers:
        words = f"{as_text(ref.label)} reads the {len(dataset.y_test):,} test images of {dataset.title}"
        bar = place.progress(0.0, words)
        with kept.lock:
            if key not in kept.answers:
                model = load_model(ref).model

                def show(done: float) -> None:
                    bar.progress(done, words)

                result = probabilities(model, dataset.x_test, progress=show)
                kept.answers[key] = result
                while len(kept.answers) > MOST_KEPT:
                    kept.answers.popitem(last=False)
        bar.empty()
    return kept.answers[key]
