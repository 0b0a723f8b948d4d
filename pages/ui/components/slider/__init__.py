"""A slider whose steps arrive at once, in the link and kept over pages as every control is.

Streamlit's own waits for 200 ms of rest before it tells a step. This one tells each at once, and while a page is
still answering one, the newest when that answer is back: as fast as the page is, and never faster.
May import `pages.ui.link`, `pages.ui.components.base` and `cnn_core`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.components.base import component, pack
from pages.ui.components.base.told import places
from pages.ui.link import linked
from pages.ui.words import minus

Number = TypeVar("Number", int, float)

NUMBER = r"-?\d{1,9}(\.\d{1,9})?"  # in a link

_mount = component(Path(__file__).parent)


def slider(
    label: str,
    values: Sequence[Number],
    default: Number,
    *,
    key: str,
    texts: Sequence[str] = (),
    help: str = "",
    width: int | Literal["stretch"] = "stretch",
    on_change: Callable[[], None] | None = None,
) -> Number:
    """Choose one of `values`, which rise; returns it.

    `values` are `steps(low, high, step)`, or any that rise ("0.1, 0.2, 0.5, 1"); `texts` say each of them, by default
    with as many places as all of them need. The one chosen stands in the link as `key`, and `default` where there is
    none: what a link has between two values is the nearer one, and outside of them none. `on_change` is called before
    the rerun that a step starts.
    """

    def told() -> None:
        index = places([st.session_state[key].get("index")], [len(values)])
        if index is not None:
            put(key, values[index[0]], default)
            if on_change is not None:
                on_change()

    value = chosen(key, values, default)
    header = {
        "label": label,
        "help": help,
        "texts": list(texts or spelled(values)),
        "index": list(values).index(value),
    }
    _mount(key=key, data=pack(header), width=width, on_index_change=told)
    return value


def steps(low: Number, high: Number, step: Number) -> list[Number]:
    """The numbers from `low` to `high`, `step` apart, without what adding floats leaves behind: 0.3, not 0.30…04."""
    count = round((high - low) / step)
    return [type(low)(round(low + index * step, 9)) for index in range(count + 1)]


def put(key: str, value: Number, default: Number) -> None:
    """Set the slider `key`, before it is shown, and the link with it."""
    st.session_state[_kept(key)] = value
    if value == default:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != f"{value:g}":
        st.query_params[key] = f"{value:g}"


def chosen(key: str, values: Sequence[Number], default: Number) -> Number:
    """What the slider `key` stands at, before it is shown: what the link says, or else what was left."""
    text = linked(key, NUMBER)
    context = get_script_run_ctx()
    # On Back and Forward what does not stand in the link stood at its default.
    left = default if context is not None and context.is_history_navigation else None
    value = st.session_state.get(_kept(key), default) if left is None else left
    if text is not None:
        said = float(text)
        value = min(values, key=lambda one: abs(one - said)) if values[0] <= said <= values[-1] else default
    if value not in values:  # left from before, where there were others
        value = default
    put(key, value, default)
    return value


def spelled(values: Sequence[Number]) -> list[str]:
    """Each of them with as many places as the one that needs most, and a minus sign."""
    most = max(len(f"{value:.9f}".rstrip("0").partition(".")[2]) for value in values)
    return [minus(f"{value:.{most}f}") for value in values]


def _kept(key: str) -> str:
    """Where a session keeps the value; under `key` itself Streamlit keeps what the component told."""
    return f"{key}-chosen"
