"""The session-state keys of the filters page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The filters page."""

    LAYER = "filters-layer"
    ORDER = "filters-order"
    SCALE = "filters-scale"
    FILTER = "filters-filter"
    CHANNEL = "filters-channel"
    SHOWN = "filters-shown"  # the layer, and of which network, that the filter was chosen in
    GUESS = "filters-guess"
    PLACE = "filters-place"  # where the picture will be, before it is there
    MOSAIC = "filters-mosaic"
    OUTPUT = "filters-output"
    INPUT = "filters-input"
    MATRIX = "filters-matrix"
