"""The session-state keys of the network being built and of how it is trained, many of them query parameters."""

from enum import StrEnum


class NetworkKey(StrEnum):
    """What several pages read and the Builder page changes: they bear its prefix, as links always had them."""

    NETWORK = "builder-net"  # the layers as one line, see `cnn_core.networks.shorthand`
    GOOD = "builder-good"  # the last line that was understood
    PAST = "builder-past"  # `Step`s to undo to, oldest first
    FUTURE = "builder-future"  # `Step`s to redo to, newest first
    LATELY = "builder-lately"  # lines that were just replaced, with the time when
    LAYER = "builder-layer"  # index of the layer being edited: in the link, and the list's
    PICKED = "builder-picked"  # the same, in the session
    BUILDING = (
        "builder-building"  # whether the network was touched since the last training: its strip is large
    )
    DATASET = "builder-dataset"
    RETRAIN = "builder-retrain"  # settings were set together with the network: the whole page is to show them


class TrainingKey(StrEnum):
    """The Builder's control of each setting, named as the setting is; all are query parameters.

    Whatever else leads to the Builder with settings reads them here, see `training.link_of`.
    """

    OPTIMIZER = "builder-optimizer"
    LEARNING_RATE = "builder-rate"
    BATCH_SIZE = "builder-batch"
    EPOCHS = "builder-epochs"
    MOMENTUM = "builder-momentum"
    NESTEROV = "builder-nesterov"
    BETA1 = "builder-beta1"
    BETA2 = "builder-beta2"
    ALPHA = "builder-alpha"
    EPS = "builder-eps"
    CLIP_NORM = "builder-clip"
    INITIALIZATION = "builder-first"
    SCHEDULE = "builder-schedule"
    WARMUP_SHARE = "builder-warmup"
    DECAY_EPOCHS = "builder-decay-epochs"
    DECAY_FACTOR = "builder-decay-factor"
    PLATEAU_PATIENCE = "builder-plateau"
    FINAL_SHARE = "builder-final"
    EARLY_STOPPING = "builder-early"
    PATIENCE = "builder-patience"
    VALIDATION_FRACTION = "builder-validation"
    STRATIFIED = "builder-stratified"
    TRAIN_LIMIT = "builder-limit"
    SEED = "builder-seed"
    WEIGHT_DECAY = "builder-decay"
    LABEL_SMOOTHING = "builder-smoothing"
    SHIFT = "builder-shift"
    ROTATE = "builder-rotate"
    ZOOM = "builder-zoom-images"
    FLIP = "builder-flip"
    BRIGHTNESS = "builder-brightness"
    NOISE = "builder-noise"
    CUTOUT = "builder-cutout"
    SOFTMAX_BEFORE_LOSS = "builder-softmax"
    TEST_INPUTS = "builder-test"
