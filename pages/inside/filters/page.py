"""The filters page: the kernels of any convolution of any model, by filter and by input channel."""

import streamlit as st

from cnn_core.inside.filters import FilterBank, filter_banks, largest_weight
from pages.inside.filters.keys import Key
from pages.inside.filters.mosaic import kernel_mosaic, one_filter, one_kernel
from pages.ui.download import made_by
from pages.ui.models import chosen_model
from pages.ui.page import header, source
from pages.ui.site import link_to
from pages.ui.twin import twin

header(
    "Filters",
    "A filter is one small kernel for **every** input channel, and a bias. Training found these numbers; "
    "they are the same whatever image you show.",
)
ref, checkpoint = chosen_model("The filters of a network")

banks = {bank.name: bank for bank in filter_banks(checkpoint.model)}
if not banks:
    st.info(
        "This network has no convolution, so it has no filters. Choose another one.", icon=":material/info:"
    )
    st.stop()

ORDERS = ("number", "norm", "bias")
SCALES = THIS_LAYER, WHOLE_NETWORK = ("this layer", "the whole network")
shared = {"bind": "query-params", "persist_state": "session"}
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    layer = st.segmented_control(
        "Layer", list(banks), default=next(iter(banks)), required=True, key=Key.LAYER, wrap=True, **shared
    )
    bank = banks[layer]
    by = st.selectbox("Sorted by", ORDERS, key=Key.ORDER, width=130, **shared)
    scale = st.selectbox("Colour scale of", SCALES, key=Key.SCALE, width=190, **shared)
    chosen = (
        st.number_input("Filter", 0, bank.filters - 1, key=Key.FILTER, width=130, **shared),
        st.number_input("Channel", 0, bank.channels - 1, key=Key.CHANNEL, width=130, **shared),
    )
limit = largest_weight([bank] if scale == THIS_LAYER else list(banks.values()))


def choose(index: int, kernel: int) -> None:
    """A click on the mosaic moves both pickers."""
    st.session_state[Key.FILTER], st.session_state[Key.CHANNEL] = index, kernel


scaled = {"limit": limit, "scope": scale}
mosaic_at, one_at = st.columns([1.75, 1], gap="medium")
with mosaic_at:
    mosaic = kernel_mosaic(bank, bank.order(by), key=Key.MOSAIC, chosen=chosen, on_pick=choose, **scaled)
    one = one_filter(bank, chosen, key=Key.ONE, on_pick=choose, **scaled)
with one_at:
    kernel = one_kernel(bank, chosen, key=Key.KERNEL, **scaled)
    name = "{}.weight[{}, {}]".format(layer, *chosen)
    table = {f"The weights {name}": bank.weight[chosen]}
    twin("The kernel as a table", table, [kernel, mosaic, *one], f"{made_by(ref)} · {layer}")

height, width = bank.weight.shape[2:]
size = f"{height} × {width} × {bank.channels}"
guess = st.pills(
    f"Predict: how many weights has **one** filter of {layer}?",
    bank.weight_guesses(),
    key=Key.GUESS,
    bind="query-params",
)
if guess is not None:
    right = guess == bank.weights_per_filter
    (st.success if right else st.warning)(
        f"{'Yes' if right else f'No, not {guess:,}'}: a filter of {layer} is {size} = {bank.weights_per_filter:,} "
        f"weights, a {height} × {width} kernel for each of the {bank.channels} channels that it reads, all added up "
        f"into **one** feature map. The layer has {bank.parameters_text()} parameters and gives {bank.filters} maps.",
        icon=":material/check:" if right else ":material/close:",
    )
idle = bank.near_zero()
st.markdown(
    f"**Filters that do next to nothing in {layer}:** "
    + (", ".join(map(str, idle)) + ". Their norm is" if idle else "none. No filter's norm is")
    + " below 5% of the layer's median."
)
twin(
    f"All filters of {layer} as a table",
    {f"Norm, bias and range of every filter of {layer}": bank.table(bank.order(by))},
    words=f"{bank.filters} filters of {size}: {bank.parameters_text()} parameters.",
)
st.markdown(
    "Blue weights add what they see, vermilion ones subtract it, and zero looks like the page. Sort by *norm* (the "
    "root of a filter's summed squared weights): which filters are strongest? And a filter is not a feature map: the "
    "**filter** is learned and stays, the **map** is its answer to one image."
)
link_to("feature_maps", "See the maps these filters make")
source(FilterBank.near_zero, FilterBank.parameters_text, filter_banks)
