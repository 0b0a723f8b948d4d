"""The session-state keys of the pooling page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The pooling page."""

    IMAGE = "pool-image"  # the prefix of the image picker's keys
    IMAGE_SIZE = "pool-image-size"
    WINDOW = "pool-window"
    STRIDE = "pool-stride"
    PADDING = "pool-padding"
    MORE_OPEN = "pool-more-open"  # whether the rarer controls are, those that follow
    CEIL = "pool-ceil"
    COUNT_PADDING = "pool-count-padding"
    SHOWN = "pool-show"  # the operation in the player
    KERNEL = "pool-kernel"  # the weights of the strided convolution
    SEED = "pool-seed"
    PLAYER = "pool-player"
    CELL = "pool-cell"  # the pinned cell, "row,column"
    AT = "pool-at"  # the cell looked at where none is pinned, "row,column"
    SPEED = "pool-speed"  # of the player, cells a second
    PREDICT = "pool-predict"
    QUESTION = "pool-question"  # the question asked now, and the verdict on its answer
    ANSWER = "pool-answer"  # the prefix of the fields that take it
    PART = "pool-part"  # the part of the laboratory below the player
    TILES = "pool-tiles"  # the prefix of the pictures' keys
    CHANGES = "pool-changes"
    CHANCE = "pool-chance"
    AGREEMENT = "pool-agreement"
    LAYERS = "pool-layers"
    RIGHT = "pool-right"  # the shift, in pixels
    DOWN = "pool-down"
    SHIFT_ON = "pool-shift-on"  # whether the shift is measured on the map or on a trained network
