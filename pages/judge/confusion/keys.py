"""The session-state keys of the confusion matrix page; those in the link are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The confusion matrix page."""

    CELLS = "confusion-cells"
    TRUE = "confusion-true"
    PREDICTED = "confusion-predicted"
    SHOWN = "confusion-shown"
    ORDER = "confusion-order"
    PAGE = "confusion-page"
    SILENT = "confusion-silent"
    MATRIX = "confusion-matrix"
    SAMPLES = "confusion-samples"
    INSIDE = "confusion-inside"
