"""The session-state keys of the builder page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The builder page."""

    NETWORK = "builder-net"  # the layers as one line, see `cnn_core.networks.shorthand`
    GOOD = "builder-good"  # the last line that was understood
    PAST = "builder-past"  # lines to undo to, oldest first
    FUTURE = "builder-future"  # lines to redo to, newest first
    LAYER = "builder-layer"  # index of the layer being edited
    STRIP = "builder-strip"
    REPAIR = "builder-repair"
    ADD = "builder-add"
    EDIT = "builder-edit"  # prefix of the widgets of one layer's settings
    DATASET = "builder-dataset"
    OPTIMIZER = "builder-optimizer"
    RATE = "builder-rate"
    BATCH = "builder-batch"
    EPOCHS = "builder-epochs"
    SCHEDULE = "builder-schedule"
    MOMENTUM = "builder-momentum"
    DECAY = "builder-decay"
    SEED = "builder-seed"
    VALIDATION = "builder-validation"
    LIMIT = "builder-limit"
    TRAIN = "builder-train"
    ASKED = "builder-asked"  # Train was pressed and no run was made yet
    CURVE = "builder-curve"  # prefix of the charts of a training
    NEW_RATE = "builder-new-rate"
    CODE = "builder-code"
    GUESS = "builder-guess"
