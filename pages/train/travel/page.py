"""The time travel page: one slider over a run's moments moves curves, filters, maps and the confusion matrix."""

import streamlit as st

from cnn_core.runs.kept_weights import first_steps
from cnn_core.runs.moments import moments
from cnn_core.runs.travel import follow, judge
from pages.train.travel.choice import ask_first, pick_run
from pages.train.travel.exploring import explore
from pages.train.travel.keys import Key
from pages.ui.page import header, source

header(
    "Time travel",
    "Go back to **any moment of a training**: filters appear, maps sharpen, mistakes vanish.",
    beside=ask_first,
    reserve={Key.BOARD: "calc(var(--cl-room) - 1rem)"},
)
if (run := pick_run()) is not None:
    explore(run)
st.markdown(
    "Nobody programmed the filters: at batch 0 they are **random numbers**, and so are the answers. Drag slowly "
    "through the first batches: which change first, filters or matrix? And what still changes in later epochs?"
)
source(first_steps, moments, judge, follow)
