"""The weight that is followed: its layer, and its place in there."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats
from pages.train.step.keys import Key
from pages.ui.link import in_link, went_back

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


def pick_weight(gradients: Mapping[str, Floats], images: int, *, with_image: bool) -> tuple[Weight, int]:
    """The weight chosen, at first the one of a parameter with the largest gradient; and, `with_image`, one of the
    batch's images whose terms are looked at (from 0)."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        parameter = st.selectbox("Weight of", list(gradients), **in_link(Key.PARAMETER), width=150)
        shape = gradients[parameter].shape
        start = _start(parameter, gradients[parameter])
        index = [
            st.number_input(label, 0, size - 1, at, **in_link(f"{Key.INDEX}-{label.lower()}"), width=68)
            for label, size, at in zip(AXES[len(shape)], shape, start)
        ]
        best = largest(gradients[parameter])
        st.button(
            "",
            key=Key.LARGEST,
            icon=":material/vertical_align_top:",
            on_click=choose,
            args=(shape, best),
            help="The weight of this layer with the largest gradient now",
            disabled=tuple(index) == best,
        )
        image = 1
        if with_image:
            numbers = range(1, images + 1)
            image = st.selectbox("Image", numbers, **in_link(Key.IMAGE), width=72) or 1
    return Weight(parameter, tuple(int(at) for at in index)), min(image, images) - 1


def _start(parameter: str, gradient: Floats) -> tuple[int, ...]:
    """Where a parameter is entered: at its largest gradient when it was seen first, so that steps leave it there.

    The fields go there where the parameter is another one than before; not on Back and Forward: then the link says.
    """
    starts = st.session_state.setdefault(Key.STARTS, {})
    start: tuple[int, ...] = starts.setdefault(parameter, largest(gradient))
    shown = f"{parameter} {gradient.shape}"
    if st.session_state.get(Key.SHOWN, shown) != shown and not went_back():
        choose(gradient.shape, start)
    st.session_state[Key.SHOWN] = shown
    return start


def largest(gradient: Floats) -> tuple[int, ...]:
    """The place of the largest magnitude."""
    return tuple(int(at) for at in np.unravel_index(np.abs(gradient).argmax(), gradient.shape))


def choose(shape: tuple[int, ...], index: tuple[int, ...]) -> None:
    """Follow the weight at this place."""
    for label, at in zip(AXES[len(shape)], index):
        st.session_state[f"{Key.INDEX}-{label.lower()}"] = at
