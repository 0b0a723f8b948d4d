"""The session-state keys of the inspect page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The inspect page."""

    WHICH = "inspect-which"  # a trained network, or the one that is being built
    SEED = "inspect-seed"
    PART = "inspect-part"
    BATCH = "inspect-batch"
    GUESS = "inspect-guess"
    TABLE = "inspect-table"
    LAYER = "inspect-layer"
    TENSOR = "inspect-tensor"
    PARAMETERS = "inspect-parameters"  # the histogram of parameters
    ACTIVATIONS = "inspect-activations"  # that of activations
    TRAINING = "inspect-training"
    GRAPH = "inspect-graph"
    PICTURE = "inspect-picture"  # the number of the image that an `if` looks at
    DARK = "inspect-dark"
    BRIGHT = "inspect-bright"
