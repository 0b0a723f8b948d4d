"""The session-state keys of the network map; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The network map."""

    INPUT = "map-input"  # the paper, or an image
    IMAGE = "map-image"  # the prefix of the image picker's keys
    SCALE = "map-scale"  # whose largest value has the full colour
    COLUMNS = "map-columns"  # whether each layer has a column of its own, whatever the room
    PLACE = "map-place"  # the unit or the cell that is open, as "conv2.17.4.6"
    MAP = "map-map"
