"""Presets that fail on purpose: what to look for before and while they train, and what happened in this run."""

from collections.abc import Mapping, Sequence

import streamlit as st

from cnn_core.doctor.failures import FAILURES, failure_of
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Layer
from cnn_core.runs.history import Run
from cnn_core.training.settings import TrainSettings
from pages.ui.examined import findings_in
from pages.ui.site import link_to
from pages.ui.words import as_text


def is_failing(layers: Sequence[Layer], settings: Mapping[str, object]) -> bool:
    """Whether these layers and settings, by name, are those of a preset that fails on purpose."""
    return any(
        failure.hidden == tuple(layers[:-1])
        and all(settings[name] == value for name, value in failure.settings.items())
        for failure in FAILURES.values()
    )


def fails_on_purpose(architecture: Architecture, settings: TrainSettings) -> None:
    """What is wrong and what to look for, where the next run would be such a one; else nothing."""
    failure = failure_of(architecture, settings)
    if failure is not None:
        words, look = failure.about(architecture.classes)
        st.warning(
            f"**Fails on purpose.** {words}  \n**What to look for.** {look}", icon=":material/science:"
        )


def in_this_run(run: Run) -> None:
    """What to look for while such a run trains, and what the Doctor found in it once it has ended; else nothing."""
    failure = failure_of(run.architecture, run.settings)
    if failure is None:
        return
    st.markdown(f"**What to look for.** {failure.about(run.architecture.classes)[1]}")
    if run.active or not run.started:
        return
    found = [finding for finding in findings_in(run) if finding.rule in failure.rules]
    for finding in found:
        st.markdown(
            f"**What happened in this run.** {as_text(finding.sentence)} {as_text(finding.evidence, 600)}"
        )
    if not found:
        asked = " and ".join(f"“{rule}”" for rule in failure.rules)
        st.markdown(
            f"**What happened in this run.** Not that: the Doctor finds nothing by {asked}. These images may be too"
            " easy: take another dataset, or another seed."
        )
    link_to("doctor", "What the Doctor's rules find in it")
