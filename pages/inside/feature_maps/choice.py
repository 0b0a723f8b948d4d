"""What the mosaic's clicks and keys do to the pickers above it."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.inside.feature_maps.keys import Key


def pick_map(index: int, _slice: int) -> None:
    """A click on the mosaic moves the picker of the map."""
    st.session_state[Key.MAP] = index


def step_through(names: Sequence[str], name: str) -> Callable[[int], None]:
    """What goes to the layer before or after `name`, as far as there is one."""

    def step(by: int) -> None:
        at = names.index(name) + by
        st.session_state[Key.LAYER] = names[min(max(at, 0), len(names) - 1)]

    return step
