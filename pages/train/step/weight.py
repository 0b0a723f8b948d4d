"""The weight that is followed: its layer, and its place in there."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats
from pages.train.step.keys import Key
from pages.ui.link import in_link

AXES = {
    4: ("Filter", "Channel", "Row", "Column"),
    2: ("Output", "Input"),
    1: ("Channel",),
}


@dataclass(frozen=True)
class Weight:
    """One weight: `parameter` is "conv1.weight", `index` its place in there."""

    parameter: str
    index: tuple[int, ...]

    @property
    def layer(self) -> str:
        """The name of its layer."""
        return self.parameter.rpartition(".")[0]

    @property
    def own(self) -> str:
        """What its layer calls the parameter: "weight" or "bias"."""
        return self.parameter.rpartition(".")[2]

    @property
    def text(self) -> str:
        """As PyTorch writes it: "conv1.weight[3, 0, 1, 1]"."""
        return f"{self.parameter}[{', '.join(map(str, self.index))}]"


def pick_weight(gradients: Mapping[str, Floats]) -> Weight:
    """The weight chosen: at first the one of a parameter with the largest gradient."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        parameter = st.selectbox("Weight of", list(gradients), **in_link(Key.PARAMETER), width=190)
        shape = gradients[parameter].shape
        start = largest(gradients[parameter])
        index = [
            st.number_input(label, 0, size - 1, at, **in_link(f"{Key.INDEX}-{label.lower()}"), width=104)
            for label, size, at in zip(AXES[len(shape)], shape, start)
        ]
        st.button(
            "Largest",
            key=Key.LARGEST,
            on_click=choose,
            args=(shape, start),
            help="The weight of this layer with the largest gradient now",
            disabled=tuple(index) == start,
        )
    return Weight(parameter, tuple(int(at) for at in index))


def largest(gradient: Floats) -> tuple[int, ...]:
    """The place of the largest magnitude."""
    return tuple(int(at) for at in np.unravel_index(np.abs(gradient).argmax(), gradient.shape))


def choose(shape: tuple[int, ...], index: tuple[int, ...]) -> None:
    """Follow the weight at this place."""
    for label, at in zip(AXES[len(shape)], index):
        st.session_state[f"{Key.INDEX}-{label.lower()}"] = at
