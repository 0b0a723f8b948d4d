"""The session-state keys of the runs page; those bound to the URL are its query parameters too."""

from enum import StrEnum


class Key(StrEnum):
    """The runs page."""

    CHOSEN = "runs-chosen"  # the ids of the runs that are compared; in the link
    PICK = "runs-pick"  # begins the keys of the boxes that choose them
    FIND = "runs-find"
    MOST = "runs-most"  # how many own runs are listed
    OLDER = "runs-older"
    PLACE = "runs-place"  # the list beside what is compared
    LIST = "runs-list"
    COMPARED = "runs-compared"
    PART = "runs-part"
    SPLIT = "runs-split"
    CURVES = "runs-curves"
    CURVE = "runs-curve"  # prefix of the charts
    SAME = "runs-same"  # whether the settings in which none differs are unfolded
    FIRST = "runs-first"  # the letters of the two that are compared with each other
    SECOND = "runs-second"
    CELLS = "runs-cells"
    MATRICES = "runs-matrices"
    MATRIX = "runs-matrix"  # prefix of the charts
    DIFFERENCE = "runs-difference"
    PREDICT = "runs-predict"
    GUESS = "runs-guess"
    TOSSES = "runs-tosses"
    ONE = "runs-one"  # the letter of the run whose note and files are shown
    ONNX = "runs-onnx"
