"""Softmax before a loss that applies softmax itself: what it costs in loss, in gradient, and in a real training."""

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.operations.losses import compare_twice, twice_softmax_floor
from pages.operations.activations import charts
from pages.operations.activations.charts import ONCE
from pages.operations.activations.keys import Key
from pages.ui import study
from pages.ui.components.slider import slider, steps
from pages.ui.predict import Choice, Question, predict_first, predict_toggle
from pages.ui.twin import twin
from pages.ui.words import plain

CLASSES, REACH = 10, 12.0
LARGER, SMALLER, SAME = "larger", "smaller", "the same"


def show() -> None:
    """The slider, loss and pull over it, and two trainings that differ in this line."""
    floor = twice_softmax_floor(CLASSES)
    _upper(floor)
    _trainings(floor)


@st.fragment
def _upper(floor: float) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        margin_at = st.container()
        predict = predict_toggle(Key.PREDICT)
    _laboratory(floor, margin_at, predict)


@st.fragment
def _laboratory(floor: float, margin_at: DeltaGenerator, predict: bool) -> None:
    with margin_at:
        margin = slider(
            "Lead of the true class over its rival: negative is sure and wrong, positive sure and right",
            steps(-REACH, REACH, 0.5),
            -6.0,
            key=Key.MARGIN,
        )
    here = compare_twice(margin, CLASSES)
    once, twice = here.once_pull[0], here.twice_pull[0]
    question = Question(
        f"{Key.GUESS}-twice-{margin}",
        f"At a lead of {plain(margin, 1)}: is the gradient with softmax twice larger or smaller than with it once?",
        Choice((LARGER, SMALLER, SAME), LARGER if twice > once else SMALLER if twice < once else SAME),
        f"It pulls the true logit up by {once:.4f} with softmax once, by {twice:.4f} with softmax twice.",
    )
    if not predict_first(predict, question):
        return
    curve = compare_twice(np.linspace(-REACH, REACH, 97), CLASSES)
    loss_at, pull_at = st.columns(2, gap="medium")
    with loss_at:
        st.markdown(f"**Loss** · once {here.once_loss[0]:.4f}, twice {here.twice_loss[0]:.4f}")
        loss = charts.twice(
            curve.margin, curve.once_loss, curve.twice_loss, "loss", margin, key=Key.LOSS, floor=floor
        )
    with pull_at:
        st.markdown(f"**Gradient: pull on the true logit** · once {once:.4f}, twice {twice:.4f}")
        pull = charts.twice(curve.margin, curve.once_pull, curve.twice_pull, "pull", margin, key=Key.PULL)
    st.markdown(
        rf"$$\begin{{aligned}} \text{{least loss twice}} &= \log(e + K - 1) - 1 \\ &= \log(e + {CLASSES} - 1) - 1"
        rf" \\ &= {floor:.4f} \end{{aligned}}$$"  # a line each, for they have to fit a phone
        "\n\n`CrossEntropyLoss` **applies softmax itself: give it logits.** Applied twice, the loss lies between"
        f" {floor:.2f} and {floor + 1:.2f} whatever the network does, and the pull (minus the loss's slope) dies"
        " where the network is sure and **wrong**, just where it should learn most. Nothing crashes, so nobody"
        " notices. **Move the lead to −12, then to 12.**"
    )
    every = slice(None, None, 4)
    twin(
        "The two curves as a table",
        {
            f"{ONCE} and twice": pd.DataFrame(
                {
                    "lead": curve.margin[every],
                    "loss once": curve.once_loss[every],
                    "loss twice": curve.twice_loss[every],
                    "pull once": curve.once_pull[every],
                    "pull twice": curve.twice_pull[every],
                }
            )
        },
        [loss, pull],
        f"cross-entropy over {CLASSES} classes",
    )


@st.fragment
def _trainings(floor: float) -> None:
    """One network, one seed, one difference."""
    st.markdown(
        "**The same network, trained both ways.** The only difference is one `softmax` before the loss."
    )
    names, titles = ["baseline", "softmax-twice"], {"baseline": ONCE}
    drawn = study.curves(names, "accuracy", key=Key.CURVES, titles=titles)
    study.finals(names, drawn, titles)
    reported = study.study().runs["softmax-twice"].final("running_loss")[0]
    st.markdown(
        f"The second training reports a loss of {reported:.2f} at the end; {floor:.2f} is the least it could ever"
        " report. The losses in the table are true cross-entropies of both networks' logits."
    )
