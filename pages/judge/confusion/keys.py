"""The session-state keys of the confusion matrix page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The confusion matrix page."""

    CELLS = "confusion-cells"
    TRUE = "confusion-true"
    PREDICTED = "confusion-predicted"
    PAGE = "confusion-page"
    SILENT = "confusion-silent"
    MATRIX = "confusion-matrix"
    GALLERY = "confusion-gallery"
    INSIDE = "confusion-inside"
