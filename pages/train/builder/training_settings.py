"""The widgets of a training run: dataset, optimizer, sizes, and what folds away."""

import streamlit as st

from cnn_core.data import catalog, datasets
from cnn_core.data.catalog import DatasetInfo
from cnn_core.training.settings import OPTIMIZERS, SCHEDULES, TrainSettings
from pages.train.builder.keys import Key
from pages.ui.site import link_to

OPTIMIZER_TITLES = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}
SCHEDULE_TITLES = {"onecycle": "One cycle: up, then down to almost 0", "constant": "Constant"}
USUAL_RATE = {"adam": 0.004, "adamw": 0.004, "sgd": 0.1}
BATCHES = (16, 32, 64, 128, 256, 512, 1024)
LIMITS = (None, 100, 500, 2000, 10_000)


def pick_dataset() -> DatasetInfo:
    """The dataset to train on, whether or not it is on this machine: see `dataset_problem`."""
    names = [info.name for info in catalog.all_infos()]
    name = st.selectbox(
        "Dataset",
        names,
        names.index(datasets.first()),
        format_func=catalog.title,
        key=Key.DATASET,
        bind="query-params",
        width=150,
    )
    return catalog.info(name)


def dataset_problem(info: DatasetInfo) -> None:
    """Why this dataset cannot be trained on here, and the way to where it is got; nothing where it can."""
    if problem := datasets.problem(info.name):
        st.error(str(problem), icon=":material/error:")
        link_to("home", "To the datasets, on the Home page")


def pick_settings(dataset: str) -> TrainSettings:
    """The settings of the next run; every value is one that `TrainSettings` takes."""
    optimizer = st.selectbox(
        "Optimizer",
        OPTIMIZERS,
        format_func=OPTIMIZER_TITLES.__getitem__,
        key=Key.OPTIMIZER,
        bind="query-params",
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
        key=Key.RATE,
        bind="query-params",
        width=140,
    )
    batch = st.selectbox(
        "Batch size", BATCHES, BATCHES.index(128), key=Key.BATCH, bind="query-params", width=110
    )
    epochs = st.number_input("Epochs", 1, 200, 3, key=Key.EPOCHS, bind="query-params", width=120)
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
        key=Key.SCHEDULE,
        bind="query-params",
    )
    momentum = st.slider(
        "Momentum (SGD)",
        0.0,
        0.99,
        0.9,
        0.01,
        key=Key.MOMENTUM,
        bind="query-params",
        disabled=optimizer != "sgd",
    )
    decay = st.number_input(
        "Weight decay", 0.0, 1.0, 0.0, step=0.0001, format="%g", key=Key.DECAY, bind="query-params"
    )
    seed = st.number_input("Seed", 0, 2**31 - 1, 0, key=Key.SEED, bind="query-params")
    share = st.slider("Validation images, %", 0, 50, 10, 5, key=Key.VALIDATION, bind="query-params")
    limit = st.selectbox(
        "Train on",
        LIMITS,
        format_func=lambda n: "all images" if n is None else f"{n:,} images",
        key=Key.LIMIT,
        bind="query-params",
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
