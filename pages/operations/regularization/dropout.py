"""Dropout: one mask on real features, and the spread of the prediction under many."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core import pictures
from cnn_core.arrays import Floats, Mask
from cnn_core.checkpoints import Checkpoint
from cnn_core.figures.picture import Picture
from cnn_core.inside import forward
from cnn_core.networks.layers import Layer
from cnn_core.operations import dropout
from cnn_core.studies.overfitting import EXPERIMENTS
from pages.operations.regularization.charts import mask_ticks
from pages.operations.regularization.cure import cure, final_words, heading, trained_on
from pages.operations.regularization.keys import Key
from pages.ui.components.slider import slider, steps
from pages.ui.components.tiles import tiles
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.drawer import Drawer
from pages.ui.image_source import PickedImage
from pages.ui.layer_answers import pick_for
from pages.ui.link import in_link
from pages.ui.models import ModelRef
from pages.ui.predict import Choice, Question, predict_first, predict_toggle
from pages.ui.twin import twin
from pages.ui.window.bar import control_row
from pages.ui.words import as_text, percent

TRAIN, EVAL = "train()", "eval()"
SAME = "the same"
GRID = 230  # px


class Chosen(NamedTuple):
    """What the controls say, but for those that belong to what they change."""

    picked: PickedImage
    mode: str
    predict: bool


class Places(NamedTuple):
    """Where those stand: the drop rate, the button for another mask, and which one it is."""

    rate: DeltaGenerator
    redraw: DeltaGenerator
    more: Drawer


def show(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """Controls; features, mask and what the last layer gets; predictions; what it does to overfitting."""
    _upper(ref, checkpoint)
    _overfitting()


@st.fragment
def _upper(ref: ModelRef, checkpoint: Checkpoint) -> None:
    with control_row("reg-bar", {Key.RATE: 11.9}):
        picked = pick_for(checkpoint, Key.IMAGE)
        mode = segments("Mode", [TRAIN, EVAL], Key.MODE, TRAIN)
        places = Places(
            st.container(width="content"),
            st.container(width="content"),
            Drawer("More", Key.MASK_OPEN, ":material/tune:", size=(260, 160)),
        )
        predict = predict_toggle(Key.PREDICT)
    _laboratory(ref, checkpoint, places, Chosen(picked, mode, predict))


@st.fragment
def _laboratory(ref: ModelRef, checkpoint: Checkpoint, places: Places, chosen: Chosen) -> None:
    picked, mode, predict = chosen
    with places.rate:
        p = slider("Drop rate p", steps(0.0, 0.9, 0.05), 0.5, key=Key.RATE, width=190)
    with places.redraw:
        st.button("Another mask", key=Key.REDRAW, icon=":material/casino:", on_click=_redraw)
    with places.more:
        seed = st.number_input("Mask", 0, 9999, **in_link(Key.MASK), help="Its seed.")
        masks = int(st.selectbox("Masks to compare", ["50", "200", "1000"], 1, **in_link(Key.MASKS)))
    try:
        head = _head(ref.key, ref.stamp, picked.digest, checkpoint, picked.image)
    except ValueError as error:
        st.info(f"Choose another network: {as_text(str(error))}.", icon=":material/info:")
        return
    training = mode == TRAIN
    one = dropout.one_mask(head, p, seed, training)
    rate = p if training else 0.0
    many = _many(ref.key, ref.stamp, picked.digest, rate, masks, seed, head)
    scaled = f"{1 / (1 - p):.3g} times as large"
    question = Question(
        f"{Key.GUESS}-dropout-{mode}-{p}",
        f"p is {p:g} and the network in {mode}. How large is a kept feature after dropout?",
        Choice((SAME, "half as large", scaled), scaled if rate else SAME),
        "In train() the kept ones are divided by 1 − p, so that the sum stays the same on average; in eval()"
        " dropout does nothing at all.",
    )
    if not predict_first(predict, question):
        return
    drawn = _pictures(head, one, many, checkpoint.card.classes, training)
    before, after = float(head.features.sum()), float(one.scaled.sum())
    scale = rf"\frac{{x}}{{1 - {p:g}}} = {1 / (1 - p):.3f}\,x" if training else "x"
    st.markdown(  # one line, and on a phone two
        rf"$\displaystyle {{\text{{kept {one.kept} of {one.mask.size}}}, \quad x \to {scale}}}$ &emsp;&emsp;&emsp; "
        rf"$\textstyle {{\sum x = {before:.2f} \to {after:.2f}}}$",
        text_alignment="center",
    )
    reads = checkpoint.card.classes[int(one.without.argmax())]
    st.markdown(
        f"{_trained_with(as_text(ref.label), checkpoint.card.architecture.layers)}\n\n"
        f"Without dropout the network reads {as_text(reads)} ({percent(one.without.max())}). Under"
        f" {percent(many.other_answer)} of the {masks} masks it reads something else."
        " **Switch to eval():** the mask is gone and so is the spread. Forget it when testing, and every answer is"
        " drawn by lot. **Raise p:** which feature can the answer not do without?"
    )
    twin(
        "The pictures as tables",
        _tables(head, one, many, checkpoint.card.classes),
        drawn,
        f"{made_by(ref)} · {picked.caption} · p = {rate:g}",
    )


@st.fragment
def _overfitting() -> None:
    heading()
    cure(
        ["dropout"],
        f"{trained_on()}, learned by heart: training loss goes to 0 while validation loss rises. With dropout of"
        f" {EXPERIMENTS['dropout'].dropout:g} before the last layer, {final_words('dropout')}.",
    )


def _trained_with(name: str, layers: tuple[Layer, ...]) -> str:
    """Whether the network knew dropout while it trained, and what that means for what is seen here."""
    rates = [f"{layer.drop_rate:g}" for layer in layers if layer.drop_rate]
    if rates:
        return (
            f"**{name} was trained with dropout** (p = {', '.join(rates)}): it has practised doing without some"
            " features. Here dropout stands once, before its last layer, with the p that you set."
        )
    return (
        f"**{name} was trained without dropout**; here a dropout layer is put before its last layer. The arithmetic is"
        " the same in any network. What differs: this one never had to do without a feature, so its answers usually"
        " scatter more than those of a network that practised it. To compare, put a Dropout layer before the last one"
        " on the Builder page, train, and choose that model."
    )


@st.cache_data(max_entries=32, show_spinner=False)
def _head(key: str, stamp: int, digest: str, _checkpoint: Checkpoint, _image: np.ndarray) -> dropout.Head:
    return forward.last_layer(_checkpoint.model, _image)


@st.cache_data(max_entries=64, show_spinner=False)
def _many(
    key: str, stamp: int, digest: str, p: float, masks: int, seed: int, _head: dropout.Head
) -> dropout.PredictionSpread:
    return dropout.prediction_spread(_head, p, masks, seed)


def _redraw() -> None:
    """The next mask."""
    st.session_state[Key.MASK] = (st.session_state[Key.MASK] + 1) % 10_000


def _pictures(
    head: dropout.Head,
    one: dropout.OneMask,
    many: dropout.PredictionSpread,
    classes: tuple[str, ...],
    training: bool,
) -> list[Picture]:
    """What the last layer gets, and what it then says."""
    features_at, mask_at, scaled_at, spread_at = st.columns([1, 1, 1, 2], gap="small")
    both = max(pictures.symmetric_limit(head.features), pictures.symmetric_limit(one.scaled))
    panels: tuple[tuple[DeltaGenerator, str, Key, Floats | Mask, float, str], ...] = (
        (features_at, "Features", Key.ACTIVATIONS, head.features, both, "both"),
        (mask_at, "Mask" if training else "No mask in eval()", Key.DROPPED, one.mask, 1.0, ""),
        (scaled_at, "After dropout", Key.SCALED, one.scaled, both, "both"),
    )
    drawn = []
    for place, title, key, values, limit, scope in panels:
        with place:
            st.markdown(f"**{title}**")
            grid = dropout.as_grid(values).astype(np.float32)
            picture = tiles(
                grid[None],
                key=key,
                names=[title],
                scale="signed" if (grid < 0).any() else "positive",
                limit=limit,
                scope=scope,
                largest_cell=40,
                height=GRID,
                gap=2,
            )
            drawn.append(picture)
    with spread_at:
        st.markdown(f"**{len(many.draws)} masks**, a tick for each")
        title = f"Prediction under {len(many.draws)} masks"
        return [*drawn, mask_ticks(one, many, classes, key=Key.SPREAD, title=title, height=GRID + 100)]


def _tables(
    head: dropout.Head, one: dropout.OneMask, many: dropout.PredictionSpread, classes: tuple[str, ...]
) -> dict[str, pd.DataFrame]:
    predictions = {
        "class": classes,
        "no dropout": one.without,
        "this mask": one.probabilities,
        "mean over masks": many.mean,
        "5\u00a0% below": many.low,
        "5\u00a0% above": many.high,
    }
    features = {
        "feature": range(len(one.mask)),
        "value": head.features,
        "kept": one.mask,
        "the last layer gets": one.scaled,
    }
    return {"Predictions": pd.DataFrame(predictions), "Features": pd.DataFrame(features)}
