"""A network that reads what is drawn, the tour with two ways through it, own runs, and what this machine has."""

import streamlit as st

from pages.start.home import live, machine, paths, tour
from pages.start.home.admin import show_admin
from pages.start.home.keys import Key
from pages.ui import own_runs, site
from pages.ui.components.reader import HEIGHT
from pages.ui.page import header

HOME, *TOUR = site.PAGES

header("ConvLens", HOME.sentence, reserve={Key.READER: HEIGHT})
shipped = live.shipped()
live.show(shipped)
paths.show()
tour.show(tuple(TOUR), shipped)
own_runs.section()
st.subheader("What this machine has", anchor=False)
machine.show_device()
datasets = st.container()
st.markdown("##### Models")
machine.show_models()
show_admin()
with datasets:  # filled last, for the script waits here while one is downloaded
    st.markdown("##### Datasets")
    machine.show_datasets()
