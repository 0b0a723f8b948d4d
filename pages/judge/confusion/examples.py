"""Some images of a test set with the true class, the answer and its confidence, page by page."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from cnn_core.arrays import to_float
from cnn_core.data.datasets import Dataset
from cnn_core.judge.examples import Examples
from pages.judge.confusion.keys import Key
from pages.ui.controls import choose
from pages.ui.download import made_by
from pages.ui.gallery import gallery
from pages.ui.image_source import ANY_CLASS, SOURCES
from pages.ui.keys import ImagePart, Shared
from pages.ui.link import in_link
from pages.ui.models import ModelRef
from pages.ui.site import link_to
from pages.ui.twin import twin
from pages.ui.words import percent

A_PAGE = 18


def pick_cell(classes: Sequence[str]) -> tuple[int | None, int | None]:
    """The cell of the matrix picked, (true, predicted); None stands for any class."""
    options = [ANY_CLASS, *classes]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        names = [
            choose(label, options, key, ANY_CLASS, width=190)
            for label, key in (("True class", Key.TRUE), ("Predicted class", Key.PREDICTED))
        ]
    true, predicted = (None if name == ANY_CLASS else classes.index(name) for name in names)
    return true, predicted


def put_cell(true: str, predicted: str) -> None:
    """Move the pickers to a cell, before the next run."""
    st.session_state[Key.TRUE], st.session_state[Key.PREDICTED], st.session_state[Key.PAGE] = (
        true,
        predicted,
        1,
    )


def show_examples(ref: ModelRef, data: Dataset, found: Examples, classes: Sequence[str]) -> None:
    """A page of the examples found as pictures, all of them as a table, and the way to the feature maps of one."""
    if not len(found):
        st.info(
            "None: the network reads no test image so. Choose other classes above.", icon=":material/info:"
        )
        return
    pages = -(-len(found) // A_PAGE)
    shown = found
    if pages > 1:
        page = st.number_input(f"Page, 1 to {pages}", 1, pages, **in_link(Key.PAGE), width=190)
        shown = found.page(page, A_PAGE)
    pictures = gallery(
        to_float(data.x_test[shown.index]),
        [
            f"{classes[true]} read as {classes[predicted]}\n{percent(confidence, 2)} sure"
            for true, predicted, confidence in zip(shown.true, shown.predicted, shown.confidence)
        ],
        key=Key.GALLERY,
        title="Test images and what they are read as",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        index = st.selectbox("Look inside test image", shown.index.tolist(), key=Key.INSIDE, width=190)
        link_to(
            "feature_maps",
            "See its feature maps",
            {
                Shared.MODEL: ref.key,
                f"{Shared.MAPS_IMAGE}-{ImagePart.SOURCE}": SOURCES["sample"],
                f"{Shared.MAPS_IMAGE}-{ImagePart.CLASS}": ANY_CLASS,
                f"{Shared.MAPS_IMAGE}-{ImagePart.NUMBER}": str(index),
            },
        )
    table = {
        "test image": found.index,
        "true": [classes[true] for true in found.true],
        "predicted": [classes[predicted] for predicted in found.predicted],
        "confidence": found.confidence,
    }
    twin(
        f"All {len(found):,} as a table",
        {"The images found, their true class, the answer and its confidence": pd.DataFrame(table)},
        [pictures],
        made_by(ref),
        formats={"confidence": "%.4f"},
    )
