"""The overfitting example that a part's remedy is tried on, and how training was measured."""

import streamlit as st

from cnn_core.studies.overfitting import EXPERIMENTS
from pages.operations.regularization.keys import Key
from pages.ui import study
from pages.ui.controls import segments
from pages.ui.words import count, percent

AFTER, WHILE = "after each epoch, in eval()", "while training, as a loop reports it"


def heading() -> None:
    """What the part below a laboratory is about; then its own controls if it has any, then `cure`.

    They stand in a fragment of their own: what is set in the laboratory changes nothing of them.
    """
    st.subheader("What it does to overfitting", anchor=False)


def cure(names: list[str], words: str) -> None:
    """The baseline beside the runs `names`: curves, the last epoch as a table, and what to see in them."""
    st.markdown(words)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        quantity = segments("Show", ["loss", "accuracy"], Key.QUANTITY, "loss")
        measured = segments("Training measured", [AFTER, WHILE], Key.MEASURED, AFTER, wrap=True)
    drawn = study.curves(["baseline", *names], quantity, key=Key.CURVES, running=measured == WHILE)
    study.finals(["baseline", *names], drawn)
    last = study.study().runs[names[-1]]
    st.caption(
        "Validation better than training is no bug. While it trains, a loop measures with dropout and augmentation"
        " on, and averages over an epoch in which the network was still worse; validation comes after the epoch, in"
        f" eval(). In {last.epochs_validation_below_running()} of {len(last.mean('running_loss'))} epochs of"
        f" “{EXPERIMENTS[names[-1]].title}” the validation loss lies below the training loss that the loop reports."
    )


def trained_on() -> str:
    """What every run here learned from: "300 images"."""
    return count(study.study().training_images, "image")


def final_words(name: str) -> str:
    """A run's validation scores after the last epoch beside the baseline's, means over the seeds.

    Where loss and accuracy do not agree on the better one, that is said too.
    """
    runs = study.study().runs
    (without_loss, with_loss), (without, with_it) = (
        [runs[run].final(f"validation_{quantity}")[0] for run in ("baseline", name)]
        for quantity in ("loss", "accuracy")
    )
    words = (
        f"validation ends with a loss of {with_loss:.2f} instead of {without_loss:.2f}, and"
        f" {percent(with_it)} read right instead of {percent(without)}"
    )
    if with_loss < without_loss and with_it < without:
        words += ": less sure of its mistakes, but not better at reading"
    return words
