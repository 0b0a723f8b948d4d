"""The session-state keys of the drawing page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The drawing page."""

    CANVAS = "draw-canvas"
    INPUT = "draw-input"  # the canvas or a sample
    SAMPLE = "draw-sample"  # the prefix of the image picker's keys
