"""The session-state keys of the convolution page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The convolution page."""

    SOURCE = "conv-source"  # a picture or a matrix
    IMAGE = "conv-image"  # the prefix of the image picker's keys
    MATRIX = "conv-matrix"
    MATRIX_EDITOR = "conv-matrix-editor"
    MATRIX_BASE = "conv-matrix-base"  # the matrix that the editor's edits apply to
    IMAGE_SIZE = "conv-image-size"
    CHANNELS = "conv-channels"
    KERNEL = "conv-kernel"
    KERNEL_2 = "conv-kernel-2"
    KERNEL_3 = "conv-kernel-3"
    KERNEL_4 = "conv-kernel-4"
    KERNEL_SIZE = "conv-kernel-size"
    ANGLE = "conv-angle"
    SEED = "conv-seed"
    WEIGHTS = "conv-weights"  # edited weights as text; empty while the presets stand
    WEIGHTS_OPEN = "conv-weights-open"
    EDITOR = "conv-editor"
    EDITOR_BASE = "conv-editor-base"  # the weights that the editor's edits apply to
    EDITED_CHANNEL = "conv-edited-channel"
    HISTORY = "conv-history"  # kernels to go back to
    LEARNED = "conv-learned"
    LEARNED_MODEL = "conv-learned-model"
    LEARNED_LAYER = "conv-learned-layer"
    LEARNED_FILTER = "conv-learned-filter"
    LEARNED_CHANNEL = "conv-learned-channel"
    STRIDE = "conv-stride"
    PADDING = "conv-padding"
    MORE_OPEN = "conv-more-open"  # whether the rarer controls are, those that follow
    MODE = "conv-mode"
    DILATION = "conv-dilation"
    FILTERS = "conv-filters"
    SHOWN = "conv-filter"
    GROUPS = "conv-groups"
    BIAS = "conv-bias"
    KIND = "conv-kind"
    OUTPUT_PADDING = "conv-output-padding"
    FLIP = "conv-flip"
    PLAYER = "conv-player"
    CELL = "conv-cell"  # the pinned cell, "row,column"
    AT = "conv-at"  # the cell looked at where none is pinned, "row,column"
    SPEED = "conv-speed"  # of the player, cells a second
    EXACT = "conv-exact"  # whether pixels are as they are, not in steps of 0.1
    PREDICT = "conv-predict"
    QUESTION = "conv-question"  # the question asked now, and the verdict on its answer
    ANSWER = "conv-answer"  # the prefix of the fields that take it
    PART = "conv-part"  # the part of the laboratory below the player
    MAPS = "conv-maps"  # the prefix of the keys of whole maps
    RUN_TORCH = "conv-run-torch"
