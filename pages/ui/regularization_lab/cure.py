"""The overfitting example that a part's remedy is tried on, and how training was measured."""

import streamlit as st

from cnn_core.experiments import EXPERIMENTS
from pages.ui import study
from pages.ui.state import RegularizationKey as Key

SHARED = {"bind": "query-params", "persist_state": "session"}
AFTER, WHILE = "after each epoch, in eval()", "while training, as a loop reports it"


def cure(names: list[str], words: str) -> None:
    """The baseline beside the runs `names`: curves, the last epoch as a table, and what to see in them."""
    st.subheader("What it does to overfitting", anchor=False)
    st.markdown(words)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        quantity = st.segmented_control(
            "Show", ["loss", "accuracy"], default="loss", required=True, key=Key.QUANTITY, **SHARED
        )
        measured = st.segmented_control(
            "Training measured",
            [AFTER, WHILE],
            default=AFTER,
            required=True,
            key=Key.MEASURED,
            wrap=True,
            **SHARED,
        )
    study.curves(["baseline", *names], quantity, running=measured == WHILE)
    study.finals(["baseline", *names])
    last = study.study().runs[names[-1]]
    st.caption(
        "Validation better than training is no bug. While it trains, a loop measures with dropout and augmentation"
        " on, and averages over an epoch in which the network was still worse; validation comes after the epoch, in"
        f" eval(). In {last.epochs_validation_below_running()} of {len(last.mean('running_loss'))} epochs of"
        f" “{EXPERIMENTS[names[-1]].title}” the validation loss lies below the training loss that the loop reports."
    )


def final_words(name: str) -> str:
    """ "0.50 and 90.4 %": a run's validation loss and accuracy after the last epoch, means over the seeds."""
    run = study.study().runs[name]
    return f"{run.final('validation_loss')[0]:.2f} and {run.final('validation_accuracy')[0]:.1%}"
