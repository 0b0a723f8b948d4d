"""What the Doctor's rules find in a run, kept until something changes in it."""

import streamlit as st

from cnn_core.doctor.examination import examine
from cnn_core.doctor.looking import case_of
from cnn_core.doctor.rules.base import Finding
from cnn_core.runs import live
from cnn_core.runs.history import Run


@st.cache_data(max_entries=64, show_spinner="Examining the run…")
def _found(run_id: str, stamp: tuple[object, ...]) -> tuple[Finding, ...]:
    return examine(case_of(live.read(run_id)))


def findings_in(run: Run) -> tuple[Finding, ...]:
    """The findings, the gravest first. Raises `RunError` where the run is gone meanwhile."""
    # What is in the run may change where it is resumed.
    return _found(run.id, (run.created, run.status, len(run.epochs), len(run.batches), run.test is None))
