"""The widgets of a training run: dataset, optimizer, sizes, and what folds away. Their ranges are the settings' own."""

from functools import partial
from typing import Any

import streamlit as st

from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE, TrainSettings
from pages.train.builder.learning_rate import rate_field
from pages.ui.link import in_link
from pages.ui.network.keys import TrainingKey
from pages.ui.network.training import KEYS, option_text
from pages.ui.settings import bounds, percent_bounds

SEEN = ("optimizer", "learning_rate", "batch_size", "epochs")
"""The settings that everybody sees, in order."""
IMAGES = "Images"
MORE = {
    "Optimizer": ("momentum", "nesterov", "beta1", "beta2", "alpha", "eps", "clip_norm", "initialization"),
    "Schedule": (
        "schedule",
        "warmup_share",
        "decay_epochs",
        "decay_factor",
        "plateau_patience",
        "final_share",
    ),
    "Stopping": ("early_stopping", "patience"),
    "Data": ("validation_fraction", "stratified", "train_limit", "seed"),
    "Regularization": ("weight_decay", "label_smoothing"),
    IMAGES: ("shift", "rotate", "zoom", "flip", "brightness", "noise", "cutout"),
    "Mistakes": ("softmax_before_loss", "test_inputs"),
}
"""Those that fold away, by what they are about; of each those that the others leave to be read."""
WIDTHS = {"optimizer": 110, "learning_rate": 104, "batch_size": 110, "epochs": 90}
FOLDED_WIDTHS = {
    "schedule": 320,
    "early_stopping": 320,
    "initialization": 260,
    "test_inputs": 260,
    "softmax_before_loss": 240,
    "stratified": 240,
}
IMAGE_WIDTH, FOLDED_WIDTH = 132, 190


def pick_settings(dataset: str) -> TrainSettings:
    """The settings of the next run; every value is one that `TrainSettings` takes."""
    chosen = {name: _pick(name, WIDTHS[name]) for name in SEEN}
    with st.popover("More", icon=":material/tune:"):
        for tab, (title, names) in zip(st.tabs(list(MORE)), MORE.items()):
            usual = IMAGE_WIDTH if title == IMAGES else FOLDED_WIDTH
            with tab, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
                for name in names:
                    if SETTINGS[name].is_read(chosen):
                        chosen[name] = _pick(name, FOLDED_WIDTHS.get(name, usual))
    return TrainSettings.from_dict({"dataset": dataset, **chosen})


def _pick(name: str, width: int) -> object:
    """The widget of one setting and the value that it has."""
    setting = SETTINGS[name]
    common: dict[str, Any] = {
        "label": setting.label,
        **in_link(KEYS[name]),
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
        return st.selectbox(options=options, index=index, format_func=partial(option_text, name), **common)
    if name == "validation_fraction":
        common["label"] += ", %"
        share = st.slider(value=round(100 * setting.default), **percent_bounds(setting), **common)
        return share / 100
    return st.number_input(value=setting.default, **bounds(setting), **common)


def _optimizer_changed() -> None:
    """A learning rate that is still some optimizer's usual one becomes that of the new optimizer."""
    if st.session_state.get(TrainingKey.LEARNING_RATE) in USUAL_LEARNING_RATE.values():
        st.session_state[TrainingKey.LEARNING_RATE] = USUAL_LEARNING_RATE[
            st.session_state[TrainingKey.OPTIMIZER]
        ]
