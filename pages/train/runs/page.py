"""The runs page: trainings side by side, what differs in them, and whether one is better or it is chance."""

from cnn_core.judge.significance import coin_tosses, mcnemar, paired, wilson
from cnn_core.runs.comparison import rows, said
from pages.train.runs.keys import Key
from pages.train.runs.side_by_side import show
from pages.ui.page import header, source

header(
    "Runs",
    "A score alone says little. Lay runs **side by side**: what differs, and whether one is better or it is chance.",
    reserve={Key.PLACE: "calc(var(--cl-room) - 2rem)"},
)
show()
source(rows, said, paired, mcnemar, coin_tosses, wilson)
