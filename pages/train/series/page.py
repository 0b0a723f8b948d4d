"""Experiments: change one thing, or only the seed, and see whether the scores are told apart."""

import streamlit as st

from cnn_core.judge.significance import paired, wilson
from cnn_core.series.base import asked
from cnn_core.series.outcomes import gains
from cnn_core.series.spread import of_difference, of_mean
from pages.train.series.base import pick_base
from pages.train.series.prediction import predicting
from pages.train.series.setup import set_up
from pages.train.series.shown import pick_shown
from pages.train.series.view import results
from pages.ui.network.keys import NetworkKey
from pages.ui.page import header, source

header(
    "Experiments",
    "Change **one** thing and keep the seed to see what it does; change only the seed to see what chance does.",
    may_be_empty=[NetworkKey.NETWORK],
    beside=predicting,
)
begin_with = pick_base()
if begin_with is not None:
    set_up(begin_with)
shown = pick_shown()
if shown is not None:
    results(shown)
st.markdown(
    "One score is one throw of the dice: first weights and the order of the images are drawn by the **seed**. "
    "Two settings are told apart where their difference, seed by seed, is larger than chance makes it: "
    "mean ± t · s / √n, with s the spread of the n differences."
)
source(asked, of_mean, of_difference, wilson, paired, gains)
