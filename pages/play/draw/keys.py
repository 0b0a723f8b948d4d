"""The session-state keys of the drawing page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The drawing page."""

    PAD = "draw-pad"
    INPUT = "draw-input"  # the pad, a sample or somebody's own picture
    BARS = "draw-bars"
    IMAGE = "draw-image"
    STAGES = "draw-stages"  # the prefixes of the stages' keys, and of those with stages left out
    LEFT_OUT = "draw-left-out"
    SAMPLE = "draw-sample"  # the prefix of the image picker's keys
    PICTURE = "draw-picture"  # likewise
