"""The widgets of a training run: dataset, optimizer, sizes, and what folds away."""

import streamlit as st

from cnn_core.data import datasets
from cnn_core.data.catalog import INFO, DatasetInfo
from cnn_core.training.settings import OPTIMIZERS, SCHEDULES, TrainSettings
from pages.train.builder.keys import Key
from pages.ui.controls import in_link

OPTIMIZER_TITLES = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}
SCHEDULE_TITLES = {"onecycle": "One cycle: up, then down to almost 0", "constant": "Constant"}
USUAL_RATE = {"adam": 0.004, "adamw": 0.004, "sgd": 0.1}
BATCHES = (16, 32, 64, 128, 256, 512, 1024)
LIMITS = (None, 100, 500, 2000, 10_000)


@st.cache_data(max_entries=1, ttl=10, show_spinner=False)
def _available() -> list[str]:
    return datasets.available()


def pick_dataset() -> DatasetInfo:
    """The dataset to train on, of those on this machine."""
    there = _available()
    name = st.selectbox(
        "Dataset",
        there,
        format_func=lambda name: INFO[name].title,
        **in_link(Key.DATASET),
        width=150,
        help=None if len(there) == len(INFO) else "More datasets can be fetched on the Home page.",
    )
    return INFO[name]


def pick_settings(dataset: str) -> TrainSettings:
    """The settings of the next run; every value is one that `TrainSettings` takes."""
    optimizer = st.selectbox(
        "Optimizer",
        OPTIMIZERS,
        format_func=OPTIMIZER_TITLES.__getitem__,
        **in_link(Key.OPTIMIZER),
        on_change=_optimizer_changed,
        width=110,
    )
    rate = st.number_input(
        "Learning rate",
        1e-6,
        1e4,
        USUAL_RATE["adam"],
        step=0.001,
        format="%g",
        **in_link(Key.RATE),
        width=140,
    )
    batch = st.selectbox("Batch size", BATCHES, BATCHES.index(128), **in_link(Key.BATCH), width=110)
    epochs = st.number_input("Epochs", 1, 200, 3, **in_link(Key.EPOCHS), width=120)
    with st.popover("More", icon=":material/tune:"):
        more = _more(optimizer)
    return TrainSettings(
        dataset=dataset, optimizer=optimizer, learning_rate=rate, batch_size=batch, epochs=epochs, **more
    )


def _more(optimizer: str) -> dict[str, object]:
    schedule = st.selectbox(
        "Learning rate over time",
        SCHEDULES,
        format_func=SCHEDULE_TITLES.__getitem__,
        **in_link(Key.SCHEDULE),
    )
    momentum = st.slider(
        "Momentum (SGD)",
        0.0,
        0.99,
        0.9,
        0.01,
        **in_link(Key.MOMENTUM),
        disabled=optimizer != "sgd",
    )
    decay = st.number_input("Weight decay", 0.0, 1.0, 0.0, step=0.0001, format="%g", **in_link(Key.DECAY))
    seed = st.number_input("Seed", 0, 2**31 - 1, 0, **in_link(Key.SEED))
    share = st.slider("Validation images, %", 0, 50, 10, 5, **in_link(Key.VALIDATION))
    limit = st.selectbox(
        "Train on",
        LIMITS,
        format_func=lambda n: "all images" if n is None else f"{n:,} images",
        **in_link(Key.LIMIT),
        help="Few images: a large network learns them by heart. Watch the validation curve.",
    )
    return {
        "schedule": schedule,
        "momentum": momentum,
        "weight_decay": decay,
        "seed": seed,
        "validation_fraction": share / 100,
        "train_limit": limit,
    }


def _optimizer_changed() -> None:
    """A learning rate that is still some optimizer's usual one becomes that of the new optimizer."""
    if st.session_state.get(Key.RATE) in USUAL_RATE.values():
        st.session_state[Key.RATE] = USUAL_RATE[st.session_state[Key.OPTIMIZER]]
