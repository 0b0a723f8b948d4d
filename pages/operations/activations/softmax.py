"""From logits to probabilities to a loss, every number in view."""

import pandas as pd
import streamlit as st

from cnn_core.checkpoints import Checkpoint
from cnn_core.operations.losses import WorkedSoftmax, worked_softmax
from pages.operations.activations.keys import Key
from pages.ui.charts import MARK, NEGATIVE, POSITIVE, Spec, config, ink, number, tooltip
from pages.ui.layer_answers import layer_answers, pick_for
from pages.ui.models import ModelRef
from pages.ui.predict import predict_first, predict_toggle, share_bands

SHARED = {"bind": "query-params", "persist_state": "session"}
OWN, NETWORK = "sliders", "the network"
START = {"cat": 2.0, "dog": 1.0, "ship": 0.0, "truck": -1.0}
TEMPERATURES = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]


def softmax_part(ref: ModelRef, checkpoint: Checkpoint) -> None:
    """The controls, logits beside probabilities, and the loss computed two ways."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        source = st.segmented_control(
            "Logits from", [OWN, NETWORK], default=OWN, required=True, key=Key.LOGITS, **SHARED
        )
        temperature = st.select_slider(
            "Temperature", TEMPERATURES, 1.0, key=Key.TEMPERATURE, width=220, **SHARED
        )
        shift = st.number_input(
            "Add to every logit", -10.0, 10.0, 0.0, 1.0, key=Key.SHIFT, width=150, **SHARED
        )
        if source == NETWORK:
            picked = pick_for(checkpoint, Key.IMAGE)
            answers = layer_answers(ref, checkpoint, picked)
            classes = list(checkpoint.card.classes)
            logits = [float(value) for value in answers[-1].values[:, 0, 0]]
            default = picked.label or 0
        else:
            classes, logits, default = list(START), [], 0
        target_name = st.selectbox(
            "True class", classes, default, key=f"{Key.TARGET}-{source == NETWORK:d}", width=130, **SHARED
        )
        predict = predict_toggle(Key.PREDICT)
    target = classes.index(target_name) if target_name in classes else 0
    controls, chart = st.columns([1, 3.2], gap="medium") if source == OWN else (None, st.container())
    if controls is not None:
        with controls:
            logits = [
                st.slider(f"Logit of {name}", -5.0, 5.0, value, 0.1, key=f"{Key.LOGIT}-{name}", **SHARED)
                for name, value in START.items()
            ]
    logits = [value + shift for value in logits]
    worked = worked_softmax(logits, target, temperature)
    with chart:
        best = max(range(len(logits)), key=logits.__getitem__)
        options, answer = share_bands(worked.probabilities[best])
        shown = predict_first(
            predict,
            f"What probability does softmax give {classes[best]}, with the largest logit?",
            options,
            answer,
            f"It is {worked.probabilities[best]:.2%}: only differences between logits count, divided by the"
            " temperature.",
            key=f"{Key.GUESS}-softmax-{temperature}-{'-'.join(f'{z:.2f}' for z in logits)}",
        )
        _bars(classes, logits, worked if shown else None, target)
    if shown:
        _formulas(classes, logits, worked, target, temperature)


def _bars(classes: list[str], logits: list[float], worked: WorkedSoftmax | None, target: int) -> None:
    """Logits at the left, signed; probabilities at the right, the true class framed."""
    frame = pd.DataFrame(
        {"class": classes, "logit": logits, "true": [i == target for i in range(len(classes))]}
    )
    words = ", ".join(f"{name} {z:.2f}" for name, z in zip(classes, logits))
    panels = [("logit", "logit z", ".2f", [min(-1.0, *logits) * 1.7, max(1.0, *logits) * 1.4], words)]
    if worked is not None:
        frame["probability"] = worked.probabilities
        words = ", ".join(f"{name} {p:.3f}" for name, p in zip(classes, worked.probabilities))
        panels.append(("probability", "probability p", ".3f", [0.0, 1.0], words))
    for place, (field, title, places, domain, alt) in zip(st.columns(2, gap="small"), panels):
        with place:
            spec = _panel(field, title, places, domain)
            st.vega_lite_chart(frame, spec, height=max(280, 30 * len(classes) + 50), alt=f"{title}: {alt}.")


def _panel(field: str, title: str, places: str, domain: list[float]) -> Spec:
    y = {"field": "class", "sort": None, "title": None, "axis": {"labelFontSize": 16, "labelOverlap": False}}
    x = number(field, title, scale={"domain": domain}, axis={"tickCount": 5})
    signed = {"condition": {"test": f"datum.{field} < 0", "value": NEGATIVE}, "value": POSITIVE}
    frame = {"condition": {"test": "datum.true", "value": 4}, "value": 0}
    bar = {
        "mark": {"type": "bar", "stroke": MARK},
        "encoding": {
            "x": x,
            "y": y,
            "color": signed,
            "strokeWidth": frame,
            "tooltip": tooltip("class", f"#{field}"),
        },
    }
    text = {
        "mark": {
            "type": "text",
            "align": {"expr": f"datum.{field} < 0 ? 'right' : 'left'"},
            "dx": {"expr": f"datum.{field} < 0 ? -6 : 6"},
            "fontSize": 16,
            "color": ink(),
        },
        "encoding": {"x": x, "y": y, "text": {"field": field, "format": places}},
    }
    return {
        "layer": [bar, text],
        "config": config(),
        "padding": {"right": 48},
    }  # room for the number of a full bar


def _formulas(
    classes: list[str], logits: list[float], worked: WorkedSoftmax, target: int, temperature: float
) -> None:
    """Names first, then the same places with today's numbers; then the table that twins the picture."""
    z, p = logits[target], worked.probabilities[target]
    total = float(worked.exponentials.sum())
    names, numbers = st.columns(2, vertical_alignment="center")
    names.latex(r"p_k = \frac{e^{z_k/T - m}}{\sum_j e^{z_j/T - m}}, \quad m = \max_j z_j/T")
    numbers.latex(
        rf"p_{{{target}}} = \frac{{e^{{{z:.2f}/{temperature:g} - ({max(logits) / temperature:.2f})}}}}{{{total:.4f}}}"
        rf" = \frac{{{worked.exponentials[target]:.4f}}}{{{total:.4f}}} = {p:.4f}"
    )
    index, one_hot = st.columns(2, gap="medium")
    index.metric(f"Loss from the class index {target}: −log p", f"{worked.loss_by_index:.6f}")
    one_hot.metric("Loss from the one-hot row: −Σ y log p", f"{worked.loss_by_one_hot:.6f}")
    st.dataframe(
        pd.DataFrame(
            {
                "class": classes,
                "z": logits,
                "z/T − m": worked.scaled,
                "e to that": worked.exponentials,
                "p": worked.probabilities,
                "y (one-hot)": worked.one_hot,
                "−y log p": worked.terms,
            }
        ),
        hide_index=True,
    )
    st.markdown(
        "m cancels, and keeps the exponentials from overflowing. **Add 5 to every logit:**"
        " which numbers move? **Raise the temperature:** the order of the classes stays, the certainty goes."
        " **Index or one-hot?** All terms but one are multiplied by 0, so the losses are equal:"
        " `CrossEntropyLoss` takes the index and skips the zeros. One-hot rows are only needed for soft labels."
    )
