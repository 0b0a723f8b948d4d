"""The histograms of the selected layer: one of its tensors, and its answers to real images."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from cnn_core.figures.picture import Picture
from cnn_core.inside import spreads
from cnn_core.inside.spreads import Spread
from pages.train.inspect.keys import Key
from pages.train.inspect.subject import Subject
from pages.ui.controls import choose
from pages.ui.histogram import signed_histogram
from pages.ui.words import as_text, count, percent, plain, sentence

if TYPE_CHECKING:
    pass

HEIGHT = 150


def pick_tensor(shown: Subject, layer: str) -> str | None:
    """One of the layer's tensors by its name in it ("weight"); None where it has none."""
    names = list(_parameters(shown.key, layer, shown))
    if not names:
        return None
    if st.session_state.get(Key.TENSOR) not in names:
        st.session_state.pop(Key.TENSOR, None)
    return choose("Tensor", names, Key.TENSOR, names[0])


def show_parameters(shown: Subject, layer: str, tensor: str | None) -> list[Picture]:
    """The spread of one of the layer's tensors; a sentence where it has none."""
    if tensor is None:
        st.markdown(f":small[**{layer}** has no parameters: nothing in it is learned.]")
        return []
    found = _parameters(shown.key, layer, shown)[tensor]
    return _histogram(found, f"{layer}.{tensor}", "parameter", Key.PARAMETERS)


@st.cache_data(max_entries=128, show_spinner=False)
def _parameters(key: str, layer: str, _shown: Subject) -> Mapping[str, Spread]:
    return spreads.parameters(_shown.model, layer)


def show_activations(shown: Subject, layer: str) -> list[Picture]:
    """The spread of what the layer answers to the images; a sentence where they are not here."""
    if shown.images is None:
        st.info(sentence(f"{shown.why} So there is nothing here to show what {layer} answers to."))
        return []
    found = _activations(shown.key, shown.images_title, len(shown.images), shown)[layer]
    title = f"{layer}, {count(len(shown.images), 'test image')} of {shown.images_title}"
    return _histogram(found, title, "activation", Key.ACTIVATIONS)


@st.cache_data(max_entries=16, show_spinner=False)
def _activations(key: str, title: str, count: int, _shown: Subject) -> Mapping[str, Spread]:
    images = _shown.images
    return {} if images is None else spreads.activations(_shown.model, images)


def _histogram(found: Spread, title: str, what: str, key: str) -> list[Picture]:
    said = f"**{as_text(title)}**: {count(found.count, what)}"
    if found.broken < found.count:
        said += f", mean {plain(found.mean, 3)}, standard deviation {plain(found.std, 3)}"
    if found.zeros:
        said += f"; {percent(found.zeros)} are exactly 0 and not drawn"
    if found.broken:
        said += f"; {percent(found.broken / found.count)} are no finite number"
    st.markdown(f":small[{said}.]")
    if found.bins is None:
        return []
    bins = found.bins
    frame = pd.DataFrame({"from": bins.left, "to": bins.right, "height": bins.share})
    picture = signed_histogram.draw(
        {"table": frame},
        key=key,
        title=title,
        alt=f"Histogram of {title}; the sentence above it has mean and standard deviation.",
        values={"reach": found.limit, "top": float(bins.share.max())},
        height=HEIGHT,
        value=what,
        height_title="share",
        marked=False,
    )
    return [picture]
