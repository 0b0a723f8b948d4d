"""From logits to probabilities to a loss, every number in view."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.checkpoints import Checkpoint
from cnn_core.figures.picture import Picture
from cnn_core.operations.losses import WorkedSoftmax, worked_softmax
from pages.operations.activations.class_bars import bars
from pages.operations.activations.keys import Key
from pages.ui.components.slider import slider, steps
from pages.ui.controls import segments
from pages.ui.download import downloads, made_by
from pages.ui.layer_answers import layer_answers, pick_for
from pages.ui.link import in_link
from pages.ui.models import ModelRef
from pages.ui.predict import Question, predict_first, predict_toggle, share_bands
from pages.ui.words import as_text, minus, percent

OWN, NETWORK = "sliders", "the network"
START = {"cat": 2.0, "dog": 1.0, "ship": 0.0, "truck": -1.0}
TEMPERATURES = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
LOGITS = steps(-5.0, 5.0, 0.1)


class Setting(NamedTuple):
    """What the controls say, but for the temperature and the logits that sliders set."""

    classes: list[str]
    logits: list[float]
    shift: float
    target: int
    whose: str
    predict: bool


class Places(NamedTuple):
    """What `_laboratory` fills beside its own place; without `logits` the network gives them."""

    temperature: DeltaGenerator
    logits: DeltaGenerator | None
    bars: DeltaGenerator


def show(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """The controls, logits beside probabilities, and the loss computed two ways."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        source = segments("Logits from", [OWN, NETWORK], Key.LOGITS, OWN)
        temperature_at = st.container(width="content")
        shift = st.number_input("Add to every logit", -10.0, 10.0, 0.0, 1.0, **in_link(Key.SHIFT), width=150)
        if source == NETWORK:
            picked = pick_for(checkpoint, Key.IMAGE)
            answers = layer_answers(ref, checkpoint, picked)
            classes = list(checkpoint.card.classes)
            logits = [float(value) for value in answers[-1].values[:, 0, 0]]
            default = picked.label or 0
        else:
            classes, logits, default = list(START), [], 0
        target_name = st.selectbox(
            "True class", classes, default, **in_link(f"{Key.TARGET}-{source == NETWORK:d}"), width=130
        )
        predict = predict_toggle(Key.PREDICT)
    target = classes.index(target_name) if target_name in classes else 0
    logits_at, bars_at = st.columns([1, 3.2], gap="medium") if source == OWN else (None, st.container())
    logits = [value + shift for value in logits]
    whose = f"logits of {made_by(ref)}" if source == NETWORK else "logits set by hand"
    setting = Setting(classes, logits, shift, target, whose, predict)
    _laboratory(setting, Places(temperature_at, logits_at, bars_at))
    st.markdown(
        "m cancels, and keeps the exponentials from overflowing. **Add 5 to every logit:**"
        " which numbers move? **Raise the temperature:** the order of the classes stays, the certainty goes."
        " **Index or one-hot?** All terms but one are multiplied by 0, so the losses are equal:"
        " `CrossEntropyLoss` takes the index and skips the zeros. One-hot rows are only needed for soft labels."
    )


@st.fragment
def _laboratory(setting: Setting, places: Places) -> None:
    classes, logits, shift, target, whose, predict = setting
    with places.temperature:
        temperature = slider("Temperature", TEMPERATURES, 1.0, key=Key.TEMPERATURE, width=220)
    if places.logits is not None:
        with places.logits:
            logits = [
                slider(f"Logit of {name}", LOGITS, value, key=f"{Key.LOGIT}-{name}") + shift
                for name, value in START.items()
            ]
    worked = worked_softmax(logits, target, temperature)
    with places.bars:
        best = max(range(len(logits)), key=logits.__getitem__)
        question = Question(
            f"{Key.GUESS}-softmax-{temperature}-{'-'.join(f'{z:.2f}' for z in logits)}",
            f"What probability does softmax give {as_text(classes[best])}, with the largest logit?",
            share_bands(worked.probabilities[best]),
            f"It is {percent(worked.probabilities[best], 2)}: only differences between logits count, divided by the"
            " temperature.",
        )
        shown = predict_first(predict, question)
        reach = None if places.logits is None else (LOGITS[0] + shift, LOGITS[-1] + shift)
        drawn = _bars(classes, logits, worked if shown else None, target, reach)
    if shown:
        _formulas(classes, logits, worked, target, temperature)
    downloads(drawn, f"{whose} · temperature {temperature:g}, true class {classes[target]}")


def _bars(
    classes: list[str],
    logits: list[float],
    worked: WorkedSoftmax | None,
    target: int,
    reach: tuple[float, float] | None,
) -> list[Picture]:
    """Logits at the left, signed; probabilities at the right, the true class framed.

    `reach` is how far the logits can go: an axis of that length stays where it is. None where nobody moves them.
    """
    low, high = (min(logits), max(logits)) if reach is None else reach
    ends = min(-1.0, low * (1.7 if reach is None else 1.4)), max(1.0, high * 1.4)  # room for the numbers
    left, right = st.columns(2, gap="small")
    with left:
        drawn = [bars(classes, logits, target, key=Key.BARS, title="logit z", ends=ends, places=2)]
    if worked is not None:
        shares = worked.probabilities.tolist()
        with right:
            title = "probability p"
            shown = bars(classes, shares, target, key=Key.SHARES, title=title, ends=(0.0, 1.0), places=3)
            drawn.append(shown)
    return drawn


def _formulas(
    classes: list[str], logits: list[float], worked: WorkedSoftmax, target: int, temperature: float
) -> None:
    """Names first, then the same places with today's numbers; then the table that twins the picture."""
    z, p = logits[target], worked.probabilities[target]
    total = float(worked.exponentials.sum())
    st.markdown(  # one line, and on a phone two
        r"$\displaystyle {p_k = \frac{e^{z_k/T - m}}{\sum_j e^{z_j/T - m}}, \quad m = \max_j z_j/T}$"
        rf" &emsp;&emsp;&emsp; $\displaystyle {{p_{{{target}}} = "
        rf"\frac{{e^{{{z:.2f}/{temperature:g} - ({max(logits) / temperature:.2f})}}}}{{{total:.4f}}}"
        rf" = \frac{{{worked.exponentials[target]:.4f}}}{{{total:.4f}}} = {p:.4f}}}$",
        text_alignment="center",
    )
    with st.container(horizontal=True, gap="medium"):
        st.metric(f"Loss from the class index {target}: −log p", f"{worked.loss_by_index:.6f}")
        st.metric("Loss from the one-hot row: −Σ y log p", f"{worked.loss_by_one_hot:.6f}")
    numbers: dict[str, Sequence[float] | np.ndarray] = {
        "z": logits,
        "z/T − m": worked.scaled,
        "e^(z/T − m)": worked.exponentials,
        "p": worked.probabilities,
        "y (one-hot)": worked.one_hot,
        "−y log p": worked.terms,
    }
    written = {name: [minus(f"{value:.4f}") for value in values] for name, values in numbers.items()}
    st.table(pd.DataFrame(written, index=pd.Index([as_text(name) for name in classes], name="class")))
