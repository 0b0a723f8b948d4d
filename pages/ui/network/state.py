"""The network being built: one line of text that is a widget, a link and the truth; edits, undo and redo on it."""

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

import streamlit as st

from cnn_core.data.catalog import DatasetInfo
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers import Layer
from cnn_core.networks.presets import PRESETS
from pages.ui.link import in_link, linked, went_back
from pages.ui.network import training
from pages.ui.network.keys import NetworkKey
from pages.ui.words import sentence

DEFAULT = shorthand.to_text(PRESETS["mnist-3conv"].hidden) + "-linear10"
LONGEST_PAST = 100
LATE = 2.0  # seconds after a change in which a browser may not have heard of it


class Step(NamedTuple):
    """What to go back or forward to: a line, and the settings of the training where they changed with it."""

    line: str
    settings: Mapping[str, object] | None = None


def text_input() -> None:
    """The widget that holds the network; it has to run before anything reads the network on a page."""
    text = st.text_input(
        "Network as a line",
        DEFAULT,
        **in_link(NetworkKey.NETWORK),
        on_change=_typed,
        help="Copy it, change it, paste it: conv32_k5_s2 is a convolution with 32 filters of 5×5 and stride 2.",
    )
    try:
        _replace(text)
    except ArchitectureError:  # `misread` says what is wrong with it
        st.session_state.setdefault(NetworkKey.GOOD, DEFAULT)


def misread() -> str:
    """What is wrong with the line that was typed, in Markdown, or ""."""
    try:
        shorthand.from_text(st.session_state.get(NetworkKey.NETWORK, DEFAULT))
    except ArchitectureError as error:
        return f"{sentence(str(error))} What you see is the last network that was understood."
    return ""


def network(info: DatasetInfo) -> Architecture:
    """The network for images of this dataset."""
    height, width, channels = info.shape
    return Architecture((channels, height, width), layers(), len(info.classes))


def layers() -> tuple[Layer, ...]:
    """The layers of the last line that was understood."""
    return shorthand.from_text(line())


def selected() -> int:
    """Index of the layer being edited; −1 where there are no layers."""
    return min(st.session_state.get(NetworkKey.PICKED) or 0, len(layers()) - 1)


def follow_link() -> None:
    """Edit the layer that the link names; it names none where that is the first."""
    named = linked(NetworkKey.LAYER, "[0-9]{1,2}")
    if named is not None:
        st.session_state[NetworkKey.PICKED] = int(named)
    elif picked := st.session_state.get(NetworkKey.PICKED):  # the page is seen again
        st.query_params[NetworkKey.LAYER] = str(picked)


def select(index: int) -> None:
    """Edit this layer; the place after the last one stands for the last."""
    index = max(0, min(index, len(layers()) - 1))
    st.session_state[NetworkKey.PICKED] = index
    st.session_state[NetworkKey.BUILDING] = True
    if index:
        st.query_params[NetworkKey.LAYER] = str(index)
    else:
        st.query_params.pop(NetworkKey.LAYER, None)


def change(
    new: tuple[Layer, ...], select_index: int | None = None, settings: Mapping[str, object] | None = None
) -> None:
    """Replace the layers, so that it can be undone; too many are left as they were, with a sentence.

    With `settings`, by name, the training's are set too, and come back with the network.
    """
    if len(new) > Architecture.MAX_LAYERS:
        st.toast(f"A network has at most {Architecture.MAX_LAYERS} layers.", icon=":material/info:")
        return
    _remember(_here(settings is not None))
    _show(shorthand.to_text(new))
    if settings is not None:
        training.choose(settings)
    select(selected() if select_index is None else select_index)


def undo() -> None:
    """Back to the network before the last change."""
    _swap(NetworkKey.PAST, NetworkKey.FUTURE)


def redo() -> None:
    """Forward to the network that was undone last."""
    _swap(NetworkKey.FUTURE, NetworkKey.PAST)


def can(key: NetworkKey) -> bool:
    """Whether there is something in `PAST` to undo to, or in `FUTURE` to redo to."""
    return bool(st.session_state.get(key))


def line() -> str:
    """The last line that was understood."""
    text: str = st.session_state.get(NetworkKey.GOOD, DEFAULT)
    return text


def _show(text: str) -> None:
    now = time.monotonic()
    lately = {old: at for old, at in st.session_state.get(NetworkKey.LATELY, {}).items() if now - at < LATE}
    st.session_state[NetworkKey.LATELY] = {**lately, line(): now}
    st.session_state[NetworkKey.NETWORK] = st.session_state[NetworkKey.GOOD] = text


def _here(with_settings: bool) -> Step:
    return Step(line(), training.chosen() if with_settings else None)


def _remember(step: Step) -> None:
    past = st.session_state.setdefault(NetworkKey.PAST, [])
    past.append(step)
    del past[:-LONGEST_PAST]
    st.session_state[NetworkKey.FUTURE] = []


def _replace(text: str) -> None:
    """Take this line, whoever wrote it (the user, a link, Back), so that it can be undone.

    Raises `ArchitectureError` where it is not understood.
    """
    shorthand.from_text(text)
    if text != st.session_state.setdefault(NetworkKey.GOOD, text):
        _remember(_here(False))
        st.session_state[NetworkKey.GOOD] = text


def _typed() -> None:
    """A line was typed or pasted: a button pressed in the same moment changes that one.

    One that was just replaced is not: a click before the browser had heard of the new line brings the old one along.
    """
    st.session_state[NetworkKey.BUILDING] = True
    replaced = st.session_state.get(NetworkKey.LATELY, {}).get(st.session_state[NetworkKey.NETWORK], -LATE)
    if time.monotonic() - replaced < LATE and not went_back():
        st.session_state[NetworkKey.NETWORK] = line()
        return
    with suppress(ArchitectureError):
        _replace(st.session_state[NetworkKey.NETWORK])


def _swap(source: NetworkKey, target: NetworkKey) -> None:
    if can(source):
        step: Step = st.session_state[source].pop()
        st.session_state.setdefault(target, []).append(_here(step.settings is not None))
        _show(step.line)
        if step.settings is not None:
            training.choose(step.settings)
        select(selected())
