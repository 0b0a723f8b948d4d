"""One training step, opened: a batch forwards and back, one weight's gradient term by term, the update."""

import streamlit as st

from cnn_core.training.opened.arithmetic import arithmetic
from cnn_core.training.opened.filter_gradient import kernel_gradient
from cnn_core.training.opened.passes import passes
from cnn_core.training.opened.weight_gradient import weight_gradient
from pages.train.step.exploring import explore
from pages.train.step.settings import StepSettings
from pages.train.step.situation import pick
from pages.ui.network.keys import NetworkKey
from pages.ui.page import header, source
from pages.ui.site import link_to

settings = StepSettings()
header(
    "One training step",
    "A batch goes forwards, gradients come back, and **every weight moves a little**.",
    may_be_empty=[NetworkKey.NETWORK],
    beside=settings.show,
)
explore(pick(settings))
st.markdown(
    "A **step** is one update, computed from one **batch**. An **epoch** is one pass over all training images: as many "
    "steps as there are batches. Undo, change the learning rate, and take the same step again: what becomes of "
    "the loss?"
)
link_to("builder", "Train it with thousands of such steps")
source(passes, weight_gradient, kernel_gradient, arithmetic)
