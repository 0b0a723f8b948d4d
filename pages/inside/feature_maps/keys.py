"""The session-state keys of the feature maps page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The feature maps page."""

    LAYER = "maps-layer"
    MAP = "maps-map"
    SCALE = "maps-scale"
    MOSAIC = "maps-mosaic"
    PLACE = "maps-place"  # where the mosaic will be, before it is there
