"""Every session-state key of the app, in one place; a key bound to the URL is also its query parameter's name.

One `StrEnum` a page. Values are short and readable, for they stand in links that teachers share; each is
prefixed by its page, so that two pages never share a widget by accident.
"""

from enum import StrEnum


class Shared(StrEnum):
    """Keys that several pages use."""

    OWNER = "owner"  # who this session is to the job queue; a random hex string
    MODEL = "model"  # the model looked at on every page: "mnist-3conv" or "run:<run id>"
    RUN = "run"  # the run the builder page shows


class HomeKey(StrEnum):
    """The home page."""

    DOWNLOAD = "home-download"  # begins the key of each dataset's button


class ImagePart(StrEnum):
    """What the image picker adds to its page's prefix, as in "conv-image-source"."""

    SOURCE = "source"
    DATASET = "dataset"
    CLASS = "class"
    NUMBER = "number"
    ANOTHER = "another"
    PHOTOGRAPH = "photograph"
    DRAWING = "drawing"
    UPLOAD = "upload"
    CAMERA = "camera"


class ConvolutionKey(StrEnum):
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
    MODE = "conv-mode"
    DILATION = "conv-dilation"
    FILTERS = "conv-filters"
    SHOWN = "conv-filter"
    GROUPS = "conv-groups"
    BIAS = "conv-bias"
    KIND = "conv-kind"
    FLIP = "conv-flip"
    PLAYER = "conv-player"
    CELL = "conv-cell"  # the pinned cell, "row,column"
    PREDICT = "conv-predict"
    QUESTION = "conv-question"  # the question asked now, and the verdict on its answer
    ANSWER = "conv-answer"  # the prefix of the fields that take it
    PART = "conv-part"  # the part of the laboratory below the player
    RUN_TORCH = "conv-run-torch"


class PoolingKey(StrEnum):
    """The pooling page."""

    IMAGE = "pool-image"  # the prefix of the image picker's keys
    IMAGE_SIZE = "pool-image-size"
    WINDOW = "pool-window"
    STRIDE = "pool-stride"
    PADDING = "pool-padding"
    CEIL = "pool-ceil"
    COUNT_PADDING = "pool-count-padding"
    SHOWN = "pool-show"  # the operation in the player
    KERNEL = "pool-kernel"  # the weights of the strided convolution
    SEED = "pool-seed"
    PLAYER = "pool-player"
    CELL = "pool-cell"  # the pinned cell, "row,column"
    PREDICT = "pool-predict"
    QUESTION = "pool-question"  # the question asked now, and the verdict on its answer
    ANSWER = "pool-answer"  # the prefix of the fields that take it
    PART = "pool-part"  # the part of the laboratory below the player
    TILES = "pool-tiles"  # the prefix of the pictures' keys
    RIGHT = "pool-right"  # the shift, in pixels
    DOWN = "pool-down"


class ActivationsKey(StrEnum):
    """The activations page."""

    PART = "act-part"
    PREDICT = "act-predict"
    GUESS = "act-guess"  # the prefix of the answers to predictions
    IMAGE = "act-image"  # the prefix of the image picker's keys
    FUNCTION = "act-function"
    LAYER = "act-layer"
    MAP = "act-map"
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
    MARGIN = "act-margin"


class RegularizationKey(StrEnum):
    """The regularization page."""

    PART = "reg-part"
    PREDICT = "reg-predict"
    GUESS = "reg-guess"  # the prefix of the answers to predictions
    IMAGE = "reg-image"  # the prefix of the image picker's keys
    MODE = "reg-mode"  # train() or eval()
    RATE = "reg-p"
    MASK = "reg-mask"
    MASKS = "reg-masks"
    ACTIVATIONS = "reg-activations"
    DROPPED = "reg-dropped"
    SCALED = "reg-scaled"
    LAYER = "reg-layer"
    CHANNEL = "reg-channel"
    BATCH_SIZE = "reg-batch-size"
    BATCH = "reg-batch"
    GAMMA = "reg-gamma"
    BETA = "reg-beta"
    DECAY = "reg-decay"
    WEIGHTS = "reg-weights"
    SHIFT = "reg-shift"
    ROTATE = "reg-rotate"
    ZOOM = "reg-zoom"
    FLIP = "reg-flip"
    BRIGHTNESS = "reg-brightness"
    NOISE = "reg-noise"
    CUTOUT = "reg-cutout"
    DRAW = "reg-draw"
    CURE = "reg-cure"
    QUANTITY = "reg-quantity"
    MEASURED = "reg-measured"


class BuilderKey(StrEnum):
    """The builder page."""

    NETWORK = "builder-net"  # the layers as one line, see `cnn_core.shorthand`
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
    NEW_RATE = "builder-new-rate"
    CODE = "builder-code"
    GUESS = "builder-guess"


class FiltersKey(StrEnum):
    """The filters page."""

    LAYER = "filters-layer"
    ORDER = "filters-order"
    SCALE = "filters-scale"
    FILTER = "filters-filter"
    CHANNEL = "filters-channel"
    GUESS = "filters-guess"
    MOSAIC = "filters-mosaic"
    ONE = "filters-one"
    KERNEL = "filters-kernel"


class FeatureMapsKey(StrEnum):
    """The feature maps page."""

    IMAGE = "maps-image"
    LAYER = "maps-layer"
    MAP = "maps-map"
    SCALE = "maps-scale"
    MOSAIC = "maps-mosaic"
    BEFORE = "maps-before"
    AFTER = "maps-after"
    PIXELS = "maps-pixels"


class ConfusionKey(StrEnum):
    """The confusion matrix page."""

    CELLS = "confusion-cells"
    TRUE = "confusion-true"
    PREDICTED = "confusion-predicted"
    PAGE = "confusion-page"
    SILENT = "confusion-silent"
    MATRIX = "confusion-matrix"
    INSIDE = "confusion-inside"


class DrawKey(StrEnum):
    """The drawing page."""

    CANVAS = "draw-canvas"
    INPUT = "draw-input"  # the canvas or a sample
    SAMPLE = "draw-sample"  # the prefix of the image picker's keys
