"""The session-state keys of the page of one training step; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The page of one training step."""

    FROM = "step-from"  # whose weights: fresh ones of the network being built, or a trained model's
    BATCH = "step-batch"
    LIMIT = "step-images"
    SEED = "step-seed"
    OPTIMIZER = "step-optimizer"
    RATE = "step-rate"
    MOMENTUM = "step-momentum"
    NESTEROV = "step-nesterov"
    BETA1 = "step-beta1"
    BETA2 = "step-beta2"
    ALPHA = "step-alpha"
    DECAY = "step-decay"
    EPS = "step-eps"
    CLIP = "step-clip"
    SMOOTHING = "step-smoothing"
    WALK = "step-walk"  # the training as it stands, and what it is of
    AT = "step-at"  # how many updates are done
    STAGE = "step-stage"  # which of the sub-steps is shown
    BACK = "step-back"
    NEXT = "step-next"
    PLAY = "step-play"  # the button, and whether it plays
    PLAYED = "step-played"  # when the last sub-step came by itself
    GO = "step-go"  # prefix of the buttons that take steps
    PARAMETER = "step-parameter"  # the chosen weight: whose it is
    INDEX = "step-index"  # prefix of the fields for its place
    STARTS = "step-starts"  # of each parameter, the weight that is followed at first
    SHOWN = "step-shown"  # the parameter, and of what shape, that the weight was chosen in
    LARGEST = "step-largest"
    IMAGE = "step-of"  # the image of the batch whose terms are shown
    PICTURES = "step-pictures"
    READS = "step-reads"
    CAME_BACK = "step-came-back"
    TERMS = "step-terms"
    KERNEL = "step-kernel"
    GUESS = "step-guess"
