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


class ConvolutionKey(StrEnum):
    """The convolution page."""


class PoolingKey(StrEnum):
    """The pooling page."""


class ActivationsKey(StrEnum):
    """The activations page."""


class RegularizationKey(StrEnum):
    """The regularization page."""


class BuilderKey(StrEnum):
    """The builder page."""


class FiltersKey(StrEnum):
    """The filters page."""

    LAYER = "filters-layer"
    ORDER = "filters-order"
    SCALE = "filters-scale"
    FILTER = "filters-filter"
    CHANNEL = "filters-channel"
    GUESS = "filters-guess"
    MOSAIC = "filters-mosaic"
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


class ConfusionKey(StrEnum):
    """The confusion matrix page."""

    CELLS = "confusion-cells"
    TRUE = "confusion-true"
    PREDICTED = "confusion-predicted"
    PAGE = "confusion-page"
    SILENT = "confusion-silent"
    MATRIX = "confusion-matrix"


class DrawKey(StrEnum):
    """The drawing page."""
