"""Batch norm on a real batch: before and after, running statistics, and what the batch's size does."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.checkpoints import Checkpoint
from cnn_core.data import catalog, datasets, images
from cnn_core.figures.picture import Picture
from cnn_core.histograms import histogram
from cnn_core.inside.forward import layer_channel, layer_names
from cnn_core.networks.layers import Layer
from cnn_core.operations import batch_norm as bn
from cnn_core.operations.batch_norm import BatchNormResult, batch_norm
from pages.operations.regularization import charts
from pages.operations.regularization.cure import cure, final_words, heading, trained_on
from pages.operations.regularization.dropout import EVAL, TRAIN
from pages.operations.regularization.keys import Key
from pages.ui.components.slider import slider, steps
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.link import in_link
from pages.ui.models import ModelRef
from pages.ui.predict import Choice, Question, predict_first, predict_toggle
from pages.ui.twin import twin
from pages.ui.window.bar import control_row
from pages.ui.words import as_text, plain

SIZES = (1, 2, 8, 128)
POOL, BATCHES = 512, 60
WHERE_ONE_IS_REFUSED = 8  # images a batch to gather running statistics from
YES, NO = "yes", "no"


class Chosen(NamedTuple):
    """What the controls say, but for γ and β: these belong to what they change."""

    layer: str
    channel: int
    size: int
    seed: int
    training: bool
    predict: bool


class Places(NamedTuple):
    """What `_laboratory` fills beside its own place: the sliders' in the row, and that of the two histograms."""

    gamma: DeltaGenerator
    beta: DeltaGenerator
    histograms: DeltaGenerator


def show(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """Controls; histograms; running statistics; companions; what it does to overfitting."""
    layers = layer_names(checkpoint.model)
    if not layers:
        st.info("This network has no layer before its last one. Choose another one.", icon=":material/info:")
        return
    _upper(ref, checkpoint, layers)
    _overfitting()


@st.fragment
def _upper(ref: ModelRef, checkpoint: Checkpoint, layers: list[str]) -> None:
    chosen, gamma_at, beta_at = _controls(checkpoint, layers)
    pool = _pool(ref.key, ref.stamp, chosen.layer, chosen.channel, checkpoint)
    question = Question(
        f"{Key.GUESS}-batch-norm",
        "One image, in train(), in two different batches: does batch norm give it the same values in both?",
        Choice((YES, NO), NO),
        "Mean and variance are the batch's, so an image's values depend on its companions. In eval() they do not.",
    )
    if not predict_first(chosen.predict, question):
        _sliders(gamma_at, beta_at)
        return
    batch = pool[bn.draw_batch(len(pool), chosen.size, chosen.seed)]
    seen = chosen.size if batch.size > 1 or chosen.training else WHERE_ONE_IS_REFUSED
    try:
        history = _history(ref.key, ref.stamp, chosen.layer, chosen.channel, seen, chosen.seed, pool)
        batch_norm(batch[:, None], history.final, training=chosen.training)
    except ValueError as error:
        _sliders(gamma_at, beta_at)
        st.error(
            f"PyTorch refuses this, and so does cnn_core: {as_text(str(error))} **Take a batch of 2, or a"
            " convolution:** its maps have many values per channel even for one image.",
            icon=":material/error:",
        )
        return
    histograms_at, running_at = st.columns([2, 1.15], gap="medium")
    with running_at:
        st.markdown(f"**Running mean** over {BATCHES} batches of {seen}")
        running = charts.running(history, key=Key.RUNNING, title="Running mean")
    _laboratory(ref, chosen, batch, history, running, Places(gamma_at, beta_at, histograms_at))
    st.markdown(_trained_with(as_text(ref.label), chosen.layer, checkpoint.card.architecture.layers))
    _companions(ref, chosen, pool)


@st.fragment
def _laboratory(
    ref: ModelRef,
    chosen: Chosen,
    batch: np.ndarray,
    history: bn.RunningHistory,
    running: Picture,
    places: Places,
) -> None:
    gamma, beta = _sliders(places.gamma, places.beta)
    result = batch_norm(batch[:, None], history.final, gamma=gamma, beta=beta, training=chosen.training)
    with places.histograms:
        drawn = _histograms(chosen, batch, result)
    _formula(chosen, (gamma, beta), batch, result)
    twin(
        "The three pictures as tables",
        _tables(batch, result.output, _reach(batch, result), history),
        [*drawn, running],
        f"{made_by(ref)} · {chosen.layer}, channel {chosen.channel}",
    )


def _sliders(gamma_at: DeltaGenerator, beta_at: DeltaGenerator) -> tuple[float, float]:
    with gamma_at:
        gamma = slider("γ", steps(-2.0, 3.0, 0.1), 1.0, key=Key.GAMMA, width=115)
    with beta_at:
        beta = slider("β", steps(-3.0, 3.0, 0.1), 0.0, key=Key.BETA, width=115)
    return gamma, beta


@st.fragment
def _overfitting() -> None:
    heading()
    cure(
        ["batch-norm"],
        f"The same {trained_on()}. Batch norm is there to make training quick and steady, and its noise regularizes a"
        f" little: {final_words('batch-norm')}.",
    )


def _controls(checkpoint: Checkpoint, layers: list[str]) -> tuple[Chosen, DeltaGenerator, DeltaGenerator]:
    """What is chosen, and the places of γ and β."""
    with control_row("reg-bar", {Key.GAMMA: 7.2, Key.BETA: 7.2}):
        mode = segments("Mode", [TRAIN, EVAL], Key.MODE, TRAIN)
        size = segments("Batch size", [str(n) for n in SIZES], Key.BATCH_SIZE, "8")
        with st.popover("Layer, batch", icon=":material/layers:"):
            layer = st.selectbox("Layer", layers, min(1, len(layers) - 1), **in_link(Key.LAYER))
            width = next(
                info.output_shape[0] for info in checkpoint.card.architecture.summary() if info.name == layer
            )
            channel = st.number_input("Channel", 0, width - 1, **in_link(Key.CHANNEL))
            seed = st.number_input("Batch", 0, 9999, **in_link(Key.BATCH), help="Its seed.")
        gamma_at, beta_at = st.container(width="content"), st.container(width="content")
        predict = predict_toggle(Key.PREDICT)
    return Chosen(layer, channel, int(size), seed, mode == TRAIN, predict), gamma_at, beta_at


def _trained_with(name: str, layer: str, layers: tuple[Layer, ...]) -> str:
    """Whether the network has batch norm of its own, and what is put behind `layer` here."""
    here = (
        f"here {layer}'s values go through one that is fresh: no γ or β learned, statistics from these images"
    )
    if any(known.normalizes for known in layers):
        return f"**{name} has batch norm of its own**; {here}."
    return f"**{name} was trained without batch norm**; {here}. The arithmetic is the same in any network."


@st.cache_data(max_entries=32, show_spinner=f"Showing the network {POOL} images…")
def _pool(key: str, stamp: int, layer: str, channel: int, _checkpoint: Checkpoint) -> np.ndarray:
    """One channel's answers to the first test images of the model's dataset, or of the digits where it is missing."""
    name = _checkpoint.card.dataset
    data = datasets.load(name if name in datasets.available() else catalog.built_in())
    channels, height, width = _checkpoint.card.architecture.input_shape
    fitted = np.stack([images.fit(image, (height, width), channels) for image in data.x_test[:POOL]])
    return layer_channel(_checkpoint.model, layer, channel, fitted)


@st.cache_data(max_entries=64, show_spinner=False)
def _history(
    key: str, stamp: int, layer: str, channel: int, size: int, seed: int, _pool: np.ndarray
) -> bn.RunningHistory:
    return bn.running_history(_pool, size, BATCHES, seed=seed)


@st.cache_data(max_entries=64, show_spinner=False)
def _companion_spread(
    key: str, stamp: int, layer: str, channel: int, _pool: np.ndarray
) -> tuple[dict[int, float], dict[int, float]]:
    """In train(), and in eval() with statistics gathered before."""
    running = bn.running_history(_pool, WHERE_ONE_IS_REFUSED, BATCHES).final
    return bn.companion_spread(_pool, SIZES), bn.companion_spread(_pool, SIZES, running=running)


def _histograms(chosen: Chosen, batch: np.ndarray, result: BatchNormResult) -> list[Picture]:
    """The channel before and after."""
    before_at, after_at = st.columns(2, gap="medium")
    reach = _reach(batch, result)
    with before_at:
        st.markdown(f"**{chosen.layer}, channel {chosen.channel}** · {_spread_text(batch)}")
        before = charts.values_histogram(batch, reach, key=Key.VALUES, title="Before batch norm")
    with after_at:
        st.markdown(f"**Normalized** · {_spread_text(result.output)}")
        after = charts.values_histogram(result.output, reach, key=Key.NORMALIZED, title="Normalized")
    return [before, after]


def _tables(
    before: np.ndarray, after: np.ndarray, reach: float, history: bn.RunningHistory
) -> dict[str, pd.DataFrame]:
    """The three pictures as tables."""
    first, second = (histogram(values, (-reach, reach), charts.BINS) for values in (before, after))
    shares = {"from": first.left, "to": first.right, "before": first.share, "normalized": second.share}
    steps = {
        "batches seen": np.arange(1, len(history.batch_mean) + 1),
        "batch mean": history.batch_mean,
        "running mean": history.running_mean,
        "batch variance": history.batch_var,
        "running variance": history.running_var,
    }
    return {"Shares of the values": pd.DataFrame(shares), "Running statistics": pd.DataFrame(steps)}


def _reach(batch: np.ndarray, result: BatchNormResult) -> float:
    """The limit of the axis that both histograms share: one of few, so that it seldom moves with γ and β."""
    return charts.even(max(float(np.abs(batch).max()), float(np.abs(result.output).max()), 1.0))


def _spread_text(values: np.ndarray) -> str:
    return f"mean {plain(values.mean())} ± {plain(values.std())}"


def _formula(chosen: Chosen, scale: tuple[float, float], batch: np.ndarray, result: BatchNormResult) -> None:
    """Names first, then the first value of the batch in the same places."""
    mean, var = float(result.mean[0]), float(result.var[0])
    x, y = float(batch.flat[0]), float(result.output.flat[0])
    whose = "of this batch" if chosen.training else "running, whatever the batch"
    gamma, beta = scale
    st.markdown(  # one line, and on a phone two
        r"$\displaystyle {y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta}$ &emsp;&emsp;&emsp; "
        rf"$\displaystyle {{{gamma:g} \cdot \frac{{{x:.3f} - ({mean:.3f})}}{{\sqrt{{{var:.3f} + 0.00001}}}}"
        rf" + ({beta:g}) = {y:.3f}}}$",
        text_alignment="center",
    )
    st.caption(
        f"μ and σ² are {whose}; {batch.size:,} values of this channel. The x is the first of them. ε = 0.00001 keeps"
        " the root from being 0. Above the pictures, ± is the standard deviation σ."
    )


def _companions(ref: ModelRef, chosen: Chosen, pool: np.ndarray) -> None:
    """Batch size by batch size: how much an image's values owe to the others."""
    spread, evaluated = _companion_spread(ref.key, ref.stamp, chosen.layer, chosen.channel, pool)
    st.markdown(
        f"**One image, {bn.DRAWS} batches.** How far its normalized values move in train() when only its companions"
        " change; in eval() they do not move at all."
    )
    st.dataframe(
        pd.DataFrame(
            {
                "batch size": list(spread),
                "moves by (standard deviation), train()": [
                    "refused" if np.isnan(value) else f"{value:.4f}" for value in spread.values()
                ],
                "eval()": [f"{value:.4f}" for value in evaluated.values()],
            }
        ),
        hide_index=True,
    )
    st.markdown(
        "**Set the batch size to 2, then to 128:** how far do the batch means jump about the running mean? **Switch"
        " to eval() with a batch of 1.** **Take a linear layer and a batch of 2:** every feature becomes −1 or 1,"
        " whatever the images. **Set γ to 0:** what is left of the image?"
    )
