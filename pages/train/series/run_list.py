"""The runs of an experiment, each with the way to the pages that look into it."""

from collections.abc import Sequence

import streamlit as st

from cnn_core.runs.jobs import manager
from cnn_core.runs.series import Series
from pages.train.series.gathered import Part
from pages.train.series.progress import do
from pages.ui.keys import Shared
from pages.ui.run_names import run_key
from pages.ui.site import info, link_to
from pages.ui.visitor import visitor
from pages.ui.words import as_text, percent

INSIDE = ("confusion", "doctor", "filters")
# What the pages of runs and of the doctor call their runs in a link; a test holds them against these pages' own.
COMPARED, BETWEEN, MOST_COMPARED = "runs-chosen", "/", 8
EXAMINED = "doctor-run"


def run_list(series: Series, parts: Sequence[Part]) -> None:
    """A row for each run: its state, its score, where to look into it."""
    begun = [part.planned.run for part in parts if part.run is not None]
    if len(begun) > 1:
        words = (
            "Lay them side by side" if len(begun) <= MOST_COMPARED else "Lay the first of them side by side"
        )
        link_to("runs", words, {COMPARED: BETWEEN.join(begun[:MOST_COMPARED])})
    for part in parts:
        _row(part)
    if visitor().may_change(series.owner) and series.state == "ended":
        st.button(
            "Remove this experiment from the list",
            icon=":material/delete:",
            on_click=do,
            args=(manager().series.forget, series.id),
            help="Its runs stay where they are.",
        )


def _row(part: Part) -> None:
    run, score = part.run, part.score
    name = f"{as_text(part.planned.label)}, seed {part.planned.settings.seed}"
    state = part.state if score is None else f"{percent(score.accuracy, 2)} right"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if run is None:
            st.markdown(f"{name}: {state}", width="content")
            return
        page = info("builder")
        st.page_link(
            page.script,
            label=f"**{name}**: {state}",
            icon=page.icon,
            query_params={str(Shared.RUN): run.id},
        )
        if run.has_model:
            for inside in INSIDE:
                _link(inside, run.id)


def _link(name: str, run_id: str) -> None:
    page = info(name)
    query = (
        {EXAMINED: run_id, "doctor-part": "Examine a run"}
        if name == "doctor"
        else {str(Shared.MODEL): run_key(run_id)}
    )
    st.page_link(page.script, label=page.title, icon=page.icon, query_params=query)
