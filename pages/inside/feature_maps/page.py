"""The feature maps page: what every filter of a model answers to one image, layer by layer."""

from cnn_core.inside.feature_maps import maps_of
from cnn_core.inside.forward import forward_all
from pages.inside.feature_maps.exploring import explore
from pages.inside.feature_maps.keys import Key
from pages.ui.models import chosen_model
from pages.ui.page import header, source
from pages.ui.site import link_to

header(
    "Feature maps",
    "A feature map is **one filter's answer to one image**. Change the image and the maps change; the filters stay.",
    reserve={Key.PLACE: "calc(var(--cl-room) - 4.5rem)"},
)
explore(*chosen_model("The feature maps of a network"))
link_to("filters", "See the filters that made these maps")
source(maps_of, forward_all)
