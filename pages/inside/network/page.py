"""The network map: draw, and every layer answers; open any map and any cell, back to the pixels."""

from cnn_core.inside.forward import forward_all
from cnn_core.operations.convolution_trace import trace
from pages.inside.network import exploring
from pages.inside.network.keys import Key
from pages.ui.models import chosen_ref
from pages.ui.page import header, source
from pages.ui.site import link_to

header(
    "Network",
    "Every layer answers while you draw, and **every number can be opened**, down to the pixels.",
    reserve={Key.MAP: exploring.HEIGHT},
)
exploring.explore(chosen_ref("The map of a network"))
link_to("feature_maps", "One layer, all its maps")
source(forward_all, trace)
