"""The session-state keys of the activations page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The activations page."""

    PART = "act-part"
    PREDICT = "act-predict"
    GUESS = "act-guess"  # the prefix of the answers to predictions
    IMAGE = "act-image"  # the prefix of the image picker's keys
    FUNCTION = "act-function"
    LAYER = "act-layer"
    MAP = "act-map"
    CURVE = "act-curve"
    BEFORE = "act-before"
    AFTER = "act-after"
    FIRST = "act-first"  # the two kernels that become one
    SECOND = "act-second"
    RELU = "act-relu"
    STEPS = "act-steps"  # the prefix of the pictures of the two kernels
    LOGITS = "act-logits"  # where the logits come from
    LOGIT = "act-logit"  # the prefix of the sliders
    SHIFT = "act-shift"
    TEMPERATURE = "act-temperature"
    TARGET = "act-target"
    BARS = "act-bars"
    SHARES = "act-shares"
    MARGIN = "act-margin"
    LOSS = "act-loss"
    PULL = "act-pull"
    CURVES = "act-curves"  # the prefix of the training curves' keys
