"""The way out for a page's pictures: one quiet button for those that belong together, a file when it is asked for."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import streamlit as st

from cnn_core.data import catalog
from cnn_core.figures.picture import TYPES, Picture
from pages.ui.models import ModelRef
from pages.ui.words import as_text

ROW = 80  # px of a picture's row in the list


def made_by(ref: ModelRef) -> str:
    """A model and its data, for the line under a figure, not for Markdown: "mnist-3conv on MNIST"."""
    data = ref.card.dataset
    return f"{ref.label} on {catalog.title(data)}"


@contextmanager
def beside(pictures: Sequence[Picture], source: str) -> Iterator[None]:
    """What is shown in this context has the way out for `pictures` at its right."""
    with st.container(horizontal=True, gap="small"):
        with st.container(width="stretch"):
            yield
        if pictures:
            with st.container(width="content"):
                downloads(pictures, source)


@st.fragment  # opening it needs nothing else of the page
def downloads(pictures: Sequence[Picture], source: str) -> None:
    """A button that opens the list of `pictures` as files; `source` is what they are from ("mnist-3conv on MNIST").

    What is in the list is made only while it is open, and a file only when it is clicked: a rerun pays for neither.
    """
    menu(pictures, source)


def menu(pictures: Sequence[Picture], source: str) -> None:
    """`downloads` in a fragment that has more in it: what is opened then reruns that."""
    shown = st.popover(
        "Download",
        icon=":material/download:",
        type="tertiary",
        key=f"{pictures[0].key}-download",
        on_change="rerun",
    )
    with shown:
        if shown.open:
            for picture in pictures:
                _row(picture, source)
        else:  # else the list opens downwards, empty as it is, and at the window's foot little of it would be seen
            st.space(len(pictures) * ROW)


def _row(picture: Picture, source: str) -> None:
    """The picture's title, and a button for each kind of file."""
    with st.container(gap=None):
        st.caption(as_text(picture.title))
        with st.container(horizontal=True, gap="xsmall"):
            for kind in picture.formats:
                st.download_button(
                    kind,
                    partial(picture.file, kind, source),
                    picture.file_name(kind),
                    TYPES[kind],
                    key=f"{picture.key}-{kind.lower()}",
                    on_click="ignore",
                )
