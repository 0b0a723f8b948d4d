"""Which page has which picture."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import streamlit as st
from safetensors import SafetensorError

from pages.start.home.pictures import of_digit, of_network, of_study
from pages.ui.models import ModelRef

DRAWN: dict[str, Callable[[], str]] = {
    "convolution": of_digit.convolution,
    "activations": of_digit.activations,
    "regularization": of_study.regularization,
    "step": of_digit.step,
    "runs": of_study.runs,
    "series": of_study.series,
    "travel": of_study.travel,
    "doctor": of_digit.doctor,
    "draw": of_digit.draw,
}
OF_NETWORK: dict[str, Callable[[ModelRef], str]] = {
    "pooling": of_network.pooling,
    "builder": of_network.builder,
    "inspect": of_network.inspect,
    "network": of_network.network,
    "filters": of_network.filters,
    "feature_maps": of_network.feature_maps,
    "confusion": of_network.confusion,
}


@st.cache_data(max_entries=4, show_spinner=False)
def of_tour(_shipped: ModelRef | None, stamp: int) -> dict[str, str]:
    """Pictures as HTML, by their pages' names; `stamp` changes with the shipped network's files.

    Where there is no shipped network, or its files or those of the study are damaged, the pictures of it are missing.
    """
    makers = dict(DRAWN)
    if _shipped is not None:
        makers |= {name: partial(make, _shipped) for name, make in OF_NETWORK.items()}
    found = {}
    for name, make in makers.items():
        # A page says what is damaged, where it is used.
        with suppress(OSError, ValueError, LookupError, SafetensorError):
            found[name] = make()
    return found
