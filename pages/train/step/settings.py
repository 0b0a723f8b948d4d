"""The settings of a training in single steps; their ranges are those of every training."""

from typing import Any

import streamlit as st

from cnn_core.training.opened.arithmetic import OPTIMIZERS
from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE, TrainSettings
from pages.train.step.keys import Key
from pages.ui.link import in_link
from pages.ui.settings import bounds

BATCHES = (1, 2, 4, 8)
LIMITS = (8, 16, 64, 256)
FIELDS = {"learning_rate": Key.RATE, "momentum": Key.MOMENTUM, "weight_decay": Key.DECAY, "seed": Key.SEED}
FIRST = "sgd"  # its arithmetic is one line


def pick_settings(dataset: str) -> TrainSettings:
    """The settings: optimizer and its numbers, batch size, how many images make an epoch, the seed."""
    titles = {name: SETTINGS["optimizer"].choices[name] for name in OPTIMIZERS}
    with st.container(horizontal=True, gap="small"):
        batch = st.selectbox("Batch size", BATCHES, 2, **in_link(Key.BATCH), width=110)
        limit = st.selectbox(
            "Images",
            LIMITS,
            1,
            **in_link(Key.LIMIT),
            width=110,
            help="Of the training images: one pass over these is an epoch.",
        )
    with st.container(horizontal=True, gap="small"):
        optimizer = st.selectbox(
            "Optimizer",
            list(titles),
            list(titles).index(FIRST),
            format_func=titles.__getitem__,
            **in_link(Key.OPTIMIZER),
            on_change=_usual_rate,
            width=110,
        )
        rate = _field("learning_rate", USUAL_LEARNING_RATE[optimizer])
    with st.container(horizontal=True, gap="small"):
        momentum = _field("momentum", 0.0, disabled=optimizer != "sgd")
        decay = _field("weight_decay", 0.0)
    nesterov = st.checkbox("Nesterov", disabled=optimizer != "sgd" or not momentum, **in_link(Key.NESTEROV))
    seed = _field("seed", 0)
    return TrainSettings.from_dict(
        {
            "dataset": dataset,
            "optimizer": optimizer,
            "learning_rate": rate,
            "momentum": momentum,
            "nesterov": nesterov,
            "weight_decay": decay,
            "seed": seed,
            "batch_size": batch,
            "train_limit": limit,
            "validation_fraction": 0.0,
            "schedule": "constant",
            "device": "cpu",
        }
    )


def _field(name: str, value: float, **given: Any) -> Any:  # noqa: ANN401 (a whole number, or not)
    setting = SETTINGS[name]
    label = setting.label.partition(" (")[0]
    return st.number_input(label, value=value, **bounds(setting), **in_link(FIELDS[name]), width=110, **given)


def _usual_rate() -> None:
    """Each optimizer begins at its usual rate: Adam's is far too small for SGD."""
    st.session_state[Key.RATE] = USUAL_LEARNING_RATE[st.session_state[Key.OPTIMIZER]]
