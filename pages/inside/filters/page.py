"""The filters page: the kernels of any convolution of any model, by filter and by input channel."""

import streamlit as st

from cnn_core.inside.filters import FilterBank, filter_banks, largest_weight
from pages.inside.filters.keys import Key
from pages.inside.filters.mosaic import kernel_mosaic, one_filter, one_kernel, pick_kernel
from pages.inside.filters.predictions import weights_question
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.link import in_link
from pages.ui.models import chosen_model
from pages.ui.page import header, source
from pages.ui.predict import predict_first
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
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    layer = segments("Layer", list(banks), Key.LAYER, next(iter(banks)), wrap=True)
    bank = banks[layer]
    by = st.selectbox("Sorted by", ORDERS, **in_link(Key.ORDER), width=130)
    scale = st.selectbox("Colour scale of", SCALES, **in_link(Key.SCALE), width=190)
    chosen = (
        st.number_input("Filter", 0, bank.filters - 1, **in_link(Key.FILTER), width=130),
        st.number_input("Channel", 0, bank.channels - 1, **in_link(Key.CHANNEL), width=130),
    )
limit = largest_weight([bank] if scale == THIS_LAYER else list(banks.values()))

mosaic_at, one_at = st.columns([1.75, 1], gap="medium")
with mosaic_at:
    mosaic = kernel_mosaic(
        bank, bank.order(by), key=Key.MOSAIC, chosen=chosen, on_pick=pick_kernel, limit=limit, scope=scale
    )
    one = one_filter(bank, chosen, key=Key.ONE, on_pick=pick_kernel, limit=limit, scope=scale)
with one_at:
    kernel = one_kernel(bank, chosen, key=Key.KERNEL, limit=limit, scope=scale)
    name = "{}.weight[{}, {}]".format(layer, *chosen)
    table = {f"The weights {name}": bank.weight[chosen]}
    twin("The kernel as a table", table, [kernel, mosaic, *one], f"{made_by(ref)} · {layer}")

height, width = bank.weight.shape[2:]
size = f"{height} × {width} × {bank.channels}"
predict_first(True, weights_question(bank, layer))
idle = bank.near_zero()
st.markdown(
    f"**Filters that do next to nothing in {layer}:** "
    + (", ".join(map(str, idle)) + ". Their norm is" if idle else "none. No filter's norm is")
    + " below 5\u00a0% of the layer's median."
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
