"""The session-state keys of the time travel page; those in the link are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The time travel page."""

    RUN = "travel-run"
    PICKER = "travel-picker"  # the list that the run is chosen from
    LAYER = "travel-layer"
    CHANNEL = "travel-channel"
    SCALE = "travel-scale"
    OPTIONS = "travel-options"  # whether the drawer with these is open
    IMAGE = "travel-image"  # prefix of the image picker
    GUESS = "travel-guess"  # the switch; also the prefix of the question
    MOMENT = "travel-moment"  # "0.10": epoch and batch
    OPENED = "travel-opened"  # how often a link said which moment
    SENT = "travel-sent"  # what the browser was sent, and at which moment
    BOARD = "travel-board"
    CURVES = "travel-curves"
    KERNELS = "travel-kernels"
    MAPS = "travel-maps"
    MATRIX = "travel-matrix"
