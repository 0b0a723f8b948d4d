"""The settings of a training in single steps; their ranges are those of every training."""

import re
from typing import Any

import streamlit as st

from cnn_core.training.opened.arithmetic import OPTIMIZERS
from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE, TrainSettings
from pages.train.step.keys import Key
from pages.ui.link import in_link
from pages.ui.settings import bounds

BATCHES = (1, 2, 4, 8)
LIMITS = (8, 16, 64, 256)
FIELDS = {
    "learning_rate": Key.RATE,
    "momentum": Key.MOMENTUM,
    "beta1": Key.BETA1,
    "beta2": Key.BETA2,
    "alpha": Key.ALPHA,
    "weight_decay": Key.DECAY,
    "clip_norm": Key.CLIP,
    "label_smoothing": Key.SMOOTHING,
    "seed": Key.SEED,
}
FIRST = "sgd"  # its arithmetic is one line


class StepSettings:
    """The settings of the training: shown once, read when the dataset is known."""

    def __init__(self) -> None:
        self._chosen: dict[str, Any] = {}

    def show(self) -> None:
        """A list with the optimizer and its numbers, the batch size and the seed."""
        with st.popover("Settings", icon=":material/tune:"):
            st.caption("Another setting begins again at the first step.")
            self._chosen = _fields()

    def of(self, dataset: str) -> TrainSettings:
        """The settings of a training on this dataset."""
        fixed = {"validation_fraction": 0.0, "schedule": "constant", "device": "cpu"}
        return TrainSettings.from_dict({"dataset": dataset, **fixed, **self._chosen})


def _fields() -> dict[str, Any]:
    titles = {name: SETTINGS["optimizer"].choices[name] for name in OPTIMIZERS}
    chosen: dict[str, Any] = {}
    with st.container(horizontal=True, gap="small"):
        chosen["batch_size"] = st.selectbox("Batch size", BATCHES, 2, **in_link(Key.BATCH), width=110)
        chosen["train_limit"] = st.selectbox(
            "Images in all",
            LIMITS,
            1,
            **in_link(Key.LIMIT),
            width=130,
            help="One pass over these training images is an epoch.",
        )
        chosen["seed"] = _field("seed", 0)
    with st.container(horizontal=True, gap="small"):
        optimizer = st.selectbox(
            "Optimizer",
            list(titles),
            list(titles).index(FIRST),
            format_func=titles.__getitem__,
            **in_link(Key.OPTIMIZER),
            on_change=_usual_rate,
            width=130,
        )
        chosen["optimizer"] = optimizer
        chosen["learning_rate"] = _field("learning_rate", USUAL_LEARNING_RATE[optimizer])
        chosen["weight_decay"] = _field("weight_decay", 0.0)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        moves = SETTINGS["momentum"].is_read(chosen)
        usual = SETTINGS["momentum"].default if optimizer == "muon" else 0.0
        chosen["momentum"] = _field("momentum", usual, disabled=not moves)
        chosen["nesterov"] = st.checkbox(
            "Nesterov", disabled=optimizer != FIRST or not chosen["momentum"], **in_link(Key.NESTEROV)
        )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for name in ("beta1", "beta2", "alpha"):
            if SETTINGS[name].is_read(chosen):
                chosen[name] = _field(name, SETTINGS[name].default, help=SETTINGS[name].help)
        if SETTINGS["eps"].is_read(chosen):
            eps = SETTINGS["eps"]
            chosen["eps"] = st.selectbox(
                eps.label,
                eps.offered,
                eps.offered.index(eps.default),
                **in_link(Key.EPS),
                width=110,
                help=eps.help,
            )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for name in ("clip_norm", "label_smoothing"):
            chosen[name] = _field(name, 0.0, help=SETTINGS[name].help, width=150)
    return chosen


def _field(name: str, value: float, **given: Any) -> Any:  # noqa: ANN401 (a whole number, or not)
    setting = SETTINGS[name]
    label = re.split(r" \(|,", setting.label)[0]
    return st.number_input(
        label, value=value, **bounds(setting), **in_link(FIELDS[name]), **{"width": 110, **given}
    )


def _usual_rate() -> None:
    """Each optimizer begins at its usual rate: Adam's is far too small for SGD."""
    st.session_state[Key.RATE] = USUAL_LEARNING_RATE[st.session_state[Key.OPTIMIZER]]
