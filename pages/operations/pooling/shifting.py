"""The shift test: on this map, then on a trained network."""

import streamlit as st

from pages.operations.pooling.map_shift import shift_controls, shift_test
from pages.operations.pooling.network_shift import network_test
from pages.operations.pooling.situation import Situation


@st.fragment  # its sliders need nothing else of the page
def show(situation: Situation) -> None:
    """The sliders, what moves on the map, what the network then reads."""
    down, right = shift_controls()
    shift_test(situation, down, right)
    st.subheader("A trained network", anchor=False)
    network_test(situation, down, right)
