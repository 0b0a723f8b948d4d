"""Where a run is looked at on other pages: their parameters for it, which their own tests hold against them."""

from collections.abc import Mapping

import streamlit as st

from cnn_core.runs.listing import RunHead
from pages.ui.keys import Shared
from pages.ui.run_names import run_key
from pages.ui.site import PAGES, link_to

OF_MODEL = ("inspect", "confusion", "filters", "feature_maps")
EXAMINE = {"doctor-part": "Examine a run"}
PARAMETERS = {
    "builder": str(Shared.RUN),
    "doctor": "doctor-run",
    "series": "series-run",
    "travel": "travel-run",
}
LABELS = {
    "builder": "Builder: its network and curves",
    "doctor": "Doctor: have it examined",
    "series": "Repeat it with one change",
    "travel": "Travel through its epochs",
}


def links(run: RunHead) -> None:
    """All pages on which the run, or its network, can be looked at."""
    with st.container(horizontal=True, gap="small"):
        for page in PARAMETERS:
            if not (page == "doctor" and run.active):
                link_where_it_is(page, LABELS[page], query(page, run.id))
        if run.has_model:
            for page in OF_MODEL:
                link_to(page, query_params={Shared.MODEL: run_key(run.id)})


def query(page: str, run_id: str) -> dict[str, str]:
    """The parameters with which a page shows this run."""
    return {PARAMETERS[page]: run_id, **(EXAMINE if page == "doctor" else {})}


def link_where_it_is(page: str, label: str, query_params: Mapping[str, str]) -> None:
    """A link to a page, where there is such a page."""
    if any(one.name == page for one in PAGES):
        link_to(page, label, query_params)
