"""The visitor's own runs, the tour, and what this machine has."""

import streamlit as st

from pages.start.home import machine
from pages.start.home.admin import show_admin
from pages.ui import own_runs, site
from pages.ui.page import header

HOME, *TOUR = site.PAGES

header("ConvLens", HOME.sentence)
own_runs.section()
st.subheader("The tour", anchor=False)
for start in range(0, len(TOUR), 3):
    row = zip(st.columns(3, gap="small"), TOUR[start : start + 3])
    for number, (place, page) in enumerate(row, start + 1):
        with place.container(border=True, height="stretch", gap="xsmall"):
            st.page_link(page.script, label=f"**{number}. {page.title}**")
            st.markdown(page.sentence)
st.subheader("What this machine has", anchor=False)
machine.show_device()
datasets = st.container()
st.markdown("##### Models")
machine.show_models()
show_admin()
with datasets:  # filled last, for the script waits here while one is downloaded
    st.markdown("##### Datasets")
    machine.show_datasets()
