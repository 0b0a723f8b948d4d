"""The shift test: on this map, then on a trained network."""

import streamlit as st

from pages.operations.pooling.keys import Key
from pages.operations.pooling.map_shift import shift_controls, shift_test
from pages.operations.pooling.network_shift import network_test
from pages.operations.pooling.situation import Situation
from pages.ui.controls import segments

MAP, NETWORK = "This map", "A trained network"


@st.fragment  # its sliders need nothing else of the page
def show(situation: Situation) -> None:
    """The sliders, and what moves on the map, or what the network then reads: one at a time answers faster."""
    down, right = shift_controls()
    if segments("Measured on", [MAP, NETWORK], Key.SHIFT_ON, MAP) == MAP:
        shift_test(situation, down, right)
    else:
        network_test(situation, down, right)
