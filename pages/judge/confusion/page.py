"""The confusion matrix page: which classes a model mistakes for which, and the images behind every cell."""

from cnn_core.judge import metrics
from pages.judge.confusion.keys import Key
from pages.judge.confusion.scores import scores
from pages.ui.models import chosen_ref
from pages.ui.page import header, source

header(
    "Confusion matrix",
    "One accuracy hides many: see **which class is taken for which**. Click a cell, then an image.",
    reserve={Key.MATRIX: "calc(var(--cl-room) - 4rem)"},
)
scores(chosen_ref("The confusion matrix of a network"))
source(metrics.confusion_matrix, metrics.per_class, metrics.macro_f1)
