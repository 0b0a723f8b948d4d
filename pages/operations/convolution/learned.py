"""Kernels that a network has learned, taken from any shipped or trained model."""

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.checkpoints import CheckpointError
from cnn_core.inside.filters import filter_banks
from pages.operations.convolution.keys import Key
from pages.ui import models
from pages.ui.controls import choose
from pages.ui.link import in_link
from pages.ui.words import sentence


@st.cache_data(max_entries=16, show_spinner="Reading the model's kernels…")
def banks(_ref: models.ModelRef, key: str, stamp: int) -> dict[str, Floats]:
    """The weights of every convolution of a model, by layer name, each `(F, C / groups, kh, kw)`."""
    return {bank.name: bank.weight for bank in filter_banks(models.load_model(_ref).model)}


def learned_kernels(filters: int, channels: int) -> Floats | None:
    """The controls that choose them; returns `(filters, channels, kh, kw)`, or None where no model has any."""
    ref = models.choose_model(Key.LEARNED_MODEL, st.container())
    if ref is None:
        st.info("There is no model yet. Train one on the Builder page.")
        return None
    try:
        found = banks(ref, ref.key, ref.stamp)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return None
    layers = {name: weight for name, weight in found.items() if max(weight.shape[2:]) <= 7}
    if not layers:
        st.info("This model has no convolution of 7×7 or less.")
        return None
    name = choose("Layer", list(layers), Key.LEARNED_LAYER, next(iter(layers)))
    weight = layers[name]
    number = st.number_input(
        f"Filter, 0 to {len(weight) - 1}",
        0,
        len(weight) - 1,
        0,
        **in_link(Key.LEARNED_FILTER),
    )
    slice_ = 0
    if weight.shape[1] > channels:
        slice_ = st.number_input(
            f"Of its {weight.shape[1]} channels, from",
            0,
            weight.shape[1] - channels,
            0,
            **in_link(Key.LEARNED_CHANNEL),
        )
    chosen = [(number + k) % len(weight) for k in range(filters)]
    slices = [(slice_ + k) % weight.shape[1] for k in range(channels)]
    return np.ascontiguousarray(weight[np.ix_(chosen, slices)])
