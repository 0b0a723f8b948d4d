"""What the page is for: a layer, a filter of it or a weight, and all that follows from them."""

import streamlit as st

from cnn_core.checkpoints import Checkpoint
from cnn_core.inside.filters import FilterBank, filter_banks, weight_matrices
from pages.inside.filters.grid import SCALES, kernel_words, reads_colour, show_filters, start_at_strongest
from pages.inside.filters.keys import Key
from pages.inside.filters.linear import show_linear
from pages.inside.filters.predictions import weights_question
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.link import in_link
from pages.ui.models import ModelRef
from pages.ui.predict import predict_first
from pages.ui.site import link_to
from pages.ui.twin import twin


@st.fragment  # another layer or filter changes nothing else of the page
def explore(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """The layers, and the weights of the chosen one: a convolution's by filter and channel, a linear layer's whole."""
    banks = {bank.name: bank for bank in filter_banks(checkpoint.model)}
    matrices = {matrix.name: matrix for matrix in weight_matrices(checkpoint.model)}
    names = [*banks, *matrices]
    layer = segments("Layer", names, Key.LAYER, names[0], hide_label=True)
    made = f"{made_by(ref)} · {layer}"
    if layer in matrices:
        show_linear(matrices[layer], checkpoint.card.classes if layer == names[-1] else (), made)
        link_to("feature_maps", "See what its outputs answer to an image")
    else:
        _filters(ref, banks[layer], list(banks.values()), made)


def _filters(ref: ModelRef, bank: FilterBank, banks: list[FilterBank], made: str) -> None:
    layer = bank.name
    picture_at = st.container(key=Key.PLACE)
    strongest = start_at_strongest(bank, f"{ref.key} {layer}")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        by = st.selectbox("Sorted by", ("norm", "index"), **in_link(Key.ORDER), width=130)
        scale = st.selectbox("Colour scale of", SCALES, **in_link(Key.SCALE), width=190)
        chosen = (
            st.number_input("Filter", 0, bank.filters - 1, strongest, **in_link(Key.FILTER), width=130),
            st.number_input("Channel", 0, bank.channels - 1, **in_link(Key.CHANNEL), width=130),
        )
    with picture_at:
        pictures = show_filters(bank, banks, by, scale, chosen)

    st.markdown(kernel_words(bank, chosen, colour=reads_colour(bank, banks)))
    predict_first(True, weights_question(bank, layer))
    idle = bank.near_zero()
    st.markdown(
        f"**Filters that do next to nothing in {layer}:** "
        + (", ".join(map(str, idle)) + ". Their norm is" if idle else "none. No filter's norm is")
        + " below 5\u00a0% of the layer's median."
    )
    kernel, every = "The weights {}.weight[{}, {}]".format(layer, *chosen), f"Every filter of {layer}"
    twin(
        "All of this as tables",
        {kernel: bank.weight[chosen], every: bank.table(bank.order(by))},
        pictures,
        made,
        words="{} filters of {} × {} × {}: {} parameters.".format(
            bank.filters, *bank.weight.shape[2:], bank.channels, bank.parameters_text()
        ),
    )
    st.markdown(
        "Blue weights add what they see, vermilion ones subtract it, and zero looks like the page. The *norm* is the "
        "root of a filter's summed squared weights: which filters are strongest? And a filter is not a feature map: "
        "the **filter** is learned and stays, the **map** is its answer to one image."
    )
    link_to("feature_maps", "See the maps these filters make")
