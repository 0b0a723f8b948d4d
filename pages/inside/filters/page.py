"""The filters page: the weights of any layer of any model, convolutions by filter and channel, linear layers whole."""

from cnn_core.inside.filters import FilterBank, filter_banks, weight_matrices
from pages.inside.filters.exploring import explore
from pages.inside.filters.keys import Key
from pages.ui.models import chosen_model
from pages.ui.page import header, source

header(
    "Filters",
    "A filter is one small kernel for **every** input channel, and a bias. Training found these numbers; "
    "they are the same whatever image you show.",
    reserve={Key.PLACE: "calc(var(--cl-room) - 4.5rem)"},
)
explore(*chosen_model("The filters of a network"))
source(FilterBank.near_zero, FilterBank.parameters_text, filter_banks, weight_matrices)
