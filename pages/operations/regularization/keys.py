"""The session-state keys of the regularization page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The regularization page."""

    PART = "reg-part"
    PREDICT = "reg-predict"
    GUESS = "reg-guess"  # the prefix of the answers to predictions
    IMAGE = "reg-image"  # the prefix of the image picker's keys
    MODE = "reg-mode"  # train() or eval()
    RATE = "reg-p"
    REDRAW = "reg-redraw"
    MASK_OPEN = "reg-mask-open"  # whether its rarer controls are, those that follow
    MASK = "reg-mask"
    MASKS = "reg-masks"
    ACTIVATIONS = "reg-activations"
    DROPPED = "reg-dropped"
    SCALED = "reg-scaled"
    SPREAD = "reg-spread"
    LAYER = "reg-layer"
    CHANNEL = "reg-channel"
    BATCH_SIZE = "reg-batch-size"
    BATCH = "reg-batch"
    VALUES = "reg-values"
    NORMALIZED = "reg-normalized"
    RUNNING = "reg-running"
    GAMMA = "reg-gamma"
    BETA = "reg-beta"
    DECAY = "reg-decay"
    WEIGHTS = "reg-weights"
    HISTOGRAM = "reg-histogram"  # the prefix of the histograms' keys
    SHIFT = "reg-shift"
    ROTATE = "reg-rotate"
    ZOOM = "reg-zoom"
    FLIP = "reg-flip"
    BRIGHTNESS = "reg-brightness"
    NOISE = "reg-noise"
    CUTOUT = "reg-cutout"
    DRAW = "reg-draw"
    CHANGED = "reg-changed"
    CURE = "reg-cure"
    CURVES = "reg-curves"  # the prefix of the training curves' keys
    QUANTITY = "reg-quantity"
    MEASURED = "reg-measured"
