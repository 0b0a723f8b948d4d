"""Weight decay: the weights of trained runs, and the step that shrinks them."""

import pandas as pd
import streamlit as st

from cnn_core.figures.picture import Picture
from cnn_core.studies.overfitting import EXPERIMENTS
from pages.operations.regularization.charts import weights_histogram
from pages.operations.regularization.cure import cure, final_words, heading, trained_on
from pages.operations.regularization.keys import Key
from pages.ui import study
from pages.ui.controls import segments
from pages.ui.link import in_link
from pages.ui.predict import Choice, Question, predict_first, predict_toggle
from pages.ui.twin import twin
from pages.ui.words import percent

RUNS = {"0.003": "decay-0.003", "0.01": "decay-0.01"}
SMALLER, LARGER, SAME = "smaller", "larger", "the same"


def show() -> None:
    """Controls; two histograms on one scale; the arithmetic; what it does to overfitting."""
    runs = study.study().runs
    layers = [layer.layer for layer in runs["baseline"].weights]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        decay = segments("Weight decay λ", list(RUNS), Key.DECAY, "0.01")
        layer = st.selectbox("Weights of", layers, 2, **in_link(Key.WEIGHTS), width=130)
        predict = predict_toggle(Key.PREDICT)
    name = RUNS[decay]
    index = layers.index(layer)
    without, decayed = runs["baseline"].weights[index], runs[name].weights[index]
    question = Question(
        f"{Key.GUESS}-decay-{decay}-{layer}",
        f"Trained with λ = {decay}: is the norm of {layer}'s weights larger or smaller than without?",
        Choice(
            (SMALLER, SAME, LARGER),
            SMALLER if decayed.norm < without.norm else LARGER if decayed.norm > without.norm else SAME,
        ),
        f"{without.norm:.2f} without, {decayed.norm:.2f} with: every step pulls every weight towards 0.",
    )
    if not predict_first(predict, question):
        return
    limits = max(max(without.counts), max(decayed.counts)), max(without.reach(), decayed.reach())
    drawn: list[Picture] = []
    for place, title, histogram in zip(
        st.columns(2, gap="medium"), ("Without", f"With λ = {decay}"), (without, decayed)
    ):
        with place:
            st.markdown(f"**{title}** · norm {histogram.norm:.2f}, {sum(histogram.counts):,} weights")
            key = f"{Key.HISTOGRAM}-{len(drawn)}"
            words = f"Weights of {layer}: {title.lower()}{'' if drawn else ' weight decay'}"
            drawn.append(weights_histogram(histogram, *limits, key=key, title=words))
    common, rate_of_decay = study.study(), EXPERIMENTS[name].settings.weight_decay
    rate, factor = common.learning_rate, 1 - common.learning_rate * rate_of_decay
    names, numbers = st.columns(2)
    names.latex(r"w \leftarrow w - \eta\,(g + \lambda w) = (1 - \eta\lambda)\,w - \eta g")
    numbers.latex(rf"1 - \eta\lambda = 1 - {rate:g} \cdot {rate_of_decay:g} = {factor:.5f}")
    steps = common.epochs * -(-common.training_images // common.batch_size)
    st.markdown(
        f"A weight that no gradient holds shrinks by that factor in every step: by plain SGD to"
        f" {percent(factor**steps, 0)} in these {steps} steps, and about {1 / (1 - common.momentum):.0f} times as fast"
        f" with momentum {common.momentum:g}."
        " **Compare the norms below. Which layer loses most?** Large weights make answers that swing with small"
        " changes of the image; decay makes them earn their size."
    )
    st.dataframe(
        pd.DataFrame(
            {"layer": layers}
            | {
                title: [histogram.norm for histogram in runs[run].weights]
                for title, run in {
                    "norm without": "baseline",
                    **{f"λ = {k}": v for k, v in RUNS.items()},
                }.items()
            }
        ),
        hide_index=True,
    )
    bins = {
        "from": without.edges[:-1],
        "to": without.edges[1:],
        "without": without.counts,
        "with": decayed.counts,
    }
    source = f"{common.training_images} images of {common.dataset.upper()}"
    twin("The histograms as a table", {f"Weights of {layer}": pd.DataFrame(bins)}, drawn, source)
    _overfitting(name, decay)


@st.fragment
def _overfitting(name: str, decay: str) -> None:
    heading()
    cure(
        [name],
        f"The same {trained_on()}. With λ = {decay}, {final_words(name)}.",
    )
