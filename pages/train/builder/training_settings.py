"""The widgets of a training run: dataset, optimizer, sizes, and what folds away. Their ranges are the settings' own."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE, TrainSettings
from pages.train.builder.keys import Key
from pages.train.builder.learning_rate import rate_field
from pages.ui.link import in_link
from pages.ui.settings import bounds, percent_bounds

KEYS = {
    "optimizer": Key.OPTIMIZER,
    "learning_rate": Key.RATE,
    "batch_size": Key.BATCH,
    "epochs": Key.EPOCHS,
}
"""The settings that everybody sees, in order."""
IMAGES = "Images"
MORE = {
    "Optimizer": {
        "momentum": Key.MOMENTUM,
        "nesterov": Key.NESTEROV,
        "beta1": Key.BETA1,
        "beta2": Key.BETA2,
        "alpha": Key.ALPHA,
        "eps": Key.EPS,
        "clip_norm": Key.CLIP,
        "initialization": Key.FIRST,
    },
    "Schedule": {
        "schedule": Key.SCHEDULE,
        "warmup_share": Key.WARMUP,
        "decay_epochs": Key.DECAY_EPOCHS,
        "decay_factor": Key.DECAY_FACTOR,
        "plateau_patience": Key.PLATEAU,
        "final_share": Key.FINAL,
    },
    "Stopping": {
        "early_stopping": Key.EARLY,
        "patience": Key.PATIENCE,
    },
    "Data": {
        "validation_fraction": Key.VALIDATION,
        "stratified": Key.STRATIFIED,
        "train_limit": Key.LIMIT,
        "seed": Key.SEED,
    },
    "Regularization": {
        "weight_decay": Key.DECAY,
        "label_smoothing": Key.SMOOTHING,
    },
    IMAGES: {
        "shift": Key.SHIFT,
        "rotate": Key.ROTATE,
        "zoom": Key.ZOOM_IMAGES,
        "flip": Key.FLIP,
        "brightness": Key.BRIGHTNESS,
        "noise": Key.NOISE,
        "cutout": Key.CUTOUT,
    },
}
"""Those that fold away, by what they are about; of each those that the others leave to be read."""
WIDTHS = {"optimizer": 110, "learning_rate": 104, "batch_size": 110, "epochs": 90}
FOLDED_WIDTHS = {"schedule": 320, "early_stopping": 320, "initialization": 260, "stratified": 240}
IMAGE_WIDTH, FOLDED_WIDTH = 132, 190


def pick_settings(dataset: str) -> TrainSettings:
    """The settings of the next run; every value is one that `TrainSettings` takes."""
    chosen = {name: _pick(name, key, WIDTHS[name]) for name, key in KEYS.items()}
    with st.popover("More", icon=":material/tune:"):
        for tab, (title, keys) in zip(st.tabs(list(MORE)), MORE.items()):
            usual = IMAGE_WIDTH if title == IMAGES else FOLDED_WIDTH
            with tab, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                for name, key in keys.items():
                    if SETTINGS[name].is_read(chosen):
                        chosen[name] = _pick(name, key, FOLDED_WIDTHS.get(name, usual))
    return TrainSettings.from_dict({"dataset": dataset, **chosen})


def _pick(name: str, key: Key, width: int) -> object:
    """The widget of one setting and the value that it has."""
    setting = SETTINGS[name]
    common: dict[str, Any] = {
        "label": setting.label,
        **in_link(key),
        "width": width,
        "help": setting.help or None,
    }
    if name == "optimizer":
        common["on_change"] = _optimizer_changed
    if name == "learning_rate":
        return rate_field(setting=setting, value=setting.default, **common)
    if setting.kind is bool:
        return st.checkbox(value=setting.default, **common)
    options = tuple(setting.choices) or setting.offered
    if options:
        index = options.index(setting.default)
        return st.selectbox(options=options, index=index, format_func=_title(name), **common)
    if name == "validation_fraction":
        common["label"] += ", %"
        share = st.slider(value=round(100 * setting.default), **percent_bounds(setting), **common)
        return share / 100
    return st.number_input(value=setting.default, **bounds(setting), **common)


def _title(name: str) -> Callable[[Any], str]:
    """How the options of a setting read, on the page and in its link."""
    if name == "train_limit":
        return lambda n: "all images" if n is None else f"{n:,} images"
    titles = SETTINGS[name].choices
    return lambda option: titles.get(option, str(option))


def _optimizer_changed() -> None:
    """A learning rate that is still some optimizer's usual one becomes that of the new optimizer."""
    if st.session_state.get(Key.RATE) in USUAL_LEARNING_RATE.values():
        st.session_state[Key.RATE] = USUAL_LEARNING_RATE[st.session_state[Key.OPTIMIZER]]
