"""A learning rate is chosen by factors, not by steps: a field to type it, and two buttons on the ladder 1, 2, 5, 10."""

import math
from typing import Any

import streamlit as st

from cnn_core.ranges import Setting
from pages.ui.settings import bounds

RUNGS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)


def stepped(value: float, up: bool) -> float:
    """The next number of the form 1, 2 or 5 times a power of ten above a positive one, or below it."""
    decade = math.floor(math.log10(value))
    share = value / 10.0**decade
    rung = (
        min(rung for rung in RUNGS if rung > share * (1 + 1e-9))
        if up
        else max(rung for rung in RUNGS if rung < share * (1 - 1e-9))
    )
    return float(f"{rung}e{decade}")


def rate_field(
    label: str,
    setting: Setting,
    value: float,
    key: str,
    **given: Any,  # noqa: ANN401 (as st.number_input)
) -> float:
    """A number field with a button for the next smaller and the next larger rate; `given` goes to the field."""
    limits = bounds(setting)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xxsmall", width="content"):
        rate = st.number_input(label, value=value, **{"key": key, "width": 104, **limits, **given})
        for sign, up in (("÷", False), ("×", True)):
            other = min(max(stepped(rate, up), limits["min_value"]), limits["max_value"])
            st.button(
                sign,
                key=f"{key}-{'up' if up else 'down'}",
                help=f"{'Larger' if up else 'Smaller'}: {other:g}",
                on_click=_use,
                args=(key, other),
                disabled=other == rate,
            )
    return float(rate)


def _use(key: str, rate: float) -> None:
    st.session_state[key] = rate
