"""The kernel: a preset, or weights of your own; both live in the link."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.operations import kernels
from pages.operations.convolution import numbers_text
from pages.operations.convolution.edits import edited_cells, number_table, put_away
from pages.operations.convolution.keys import Key
from pages.operations.convolution.learned import learned_kernels
from pages.operations.convolution.settings import MOST_FILTERS, Settings
from pages.ui.controls import choose, pair
from pages.ui.link import in_link
from pages.ui.words import sentence

PRESETS = (Key.KERNEL, Key.KERNEL_2, Key.KERNEL_3, Key.KERNEL_4)
DEFAULTS = ("Sobel x", "Sobel y", "Laplacian", "Gaussian blur")
NAMES = {kernel.title: name for name, kernel in kernels.KERNELS.items()}  # by what stands in the link
# What one step back brings back.
REMEMBERED = (*PRESETS, Key.KERNEL_SIZE, Key.ANGLE, Key.SEED, Key.WEIGHTS, Key.FILTERS)
STEPS_BACK = 50


def drop_edits() -> None:
    """A new preset or shape replaces the edited weights."""
    st.session_state[Key.WEIGHTS] = ""


def preset_control(filter_: int, label: str = "Kernel", width: int | Literal["stretch"] = "stretch") -> str:
    """The name of one filter's preset."""
    key, default = PRESETS[filter_], DEFAULTS[filter_]
    return NAMES[choose(label, list(NAMES), key, default, on_change=drop_edits, width=width)]


def take_filter(number: int) -> None:
    """Show filter `number` in the player; the one after the last is added first, with its preset's weights."""
    filters = int(st.session_state.get(Key.FILTERS) or 1)
    if number == filters < MOST_FILTERS:
        st.session_state[Key.FILTERS] = str(filters + 1)
        if edited := st.session_state.get(Key.WEIGHTS):
            size = pair(st.session_state[Key.KERNEL_SIZE])
            kernel = kernels.make(NAMES[st.session_state.get(PRESETS[number]) or DEFAULTS[number]], size)
            slices = edited.split("/")[0].count("|") + 1
            added = numbers_text.write(np.stack([kernel] * slices))
            st.session_state[Key.WEIGHTS] = f"{edited} / {added}"
    if number <= filters and number < MOST_FILTERS:
        st.session_state[Key.SHOWN] = str(number)


def preset_weights(names: list[str], settings: Settings, channels: int) -> Floats:
    """The presets' weights `(F, C / groups, kh, kw)`: one slice for every channel, drawn anew where it is random."""
    angle, seed = st.session_state.get(Key.ANGLE, 0), st.session_state.get(Key.SEED, 0)
    read = channels // settings.layer.groups
    return np.stack(
        [
            np.stack(
                [
                    kernels.make(name, settings.kernel_size, angle=angle, seed=seed * 100 + number * 10 + c)
                    for c in range(read)
                ]
            )
            for number, name in enumerate(names)
        ]
    )


def weight_controls(
    names: list[str], settings: Settings, channels: list[str], shown: bool
) -> tuple[Floats, str]:
    """Every weight as a number to change, and what can be done to all of them; returns `(F, C / groups, kh, kw)`.

    Beside them, a sentence on what was typed and is no weights, or "": the controls may be where nobody sees them.

    Their table and buttons are left out where nothing of it is `shown`.
    """
    preset = kernels.KERNELS[names[settings.shown]]
    st.markdown(f"**{preset.title}.** {preset.line}")
    if "gabor" in names:
        st.slider("Angle", 0, 175, 0, 5, **in_link(Key.ANGLE), format="%d°")
    if "random" in names:
        st.number_input("Seed", 0, 999, 0, **in_link(Key.SEED))
    weights = preset_weights(names, settings, len(channels))
    wrong = ""
    above = st.container()  # the table stands above the text that it is made from
    text = st.text_input(
        "Weights as text",
        **in_link(Key.WEIGHTS),
        placeholder=numbers_text.write(weights),
        help="Rows end with ; channels with | and filters with /. Empty: the preset.",
    )
    if text:
        try:
            weights = numbers_text.read_weights(text, weights.shape)
        except ValueError as error:
            wrong = f"{sentence(str(error))} The preset stands until they are."
    with above:
        channel = channel_control(weights, settings.shown, channels)
        if shown:
            grid(weights, settings.shown, channel)
            buttons(weights)
        else:
            put_away(Key.EDITOR_BASE)
    if st.toggle("Take learned kernels", **in_link(Key.LEARNED)):
        found = learned_kernels(*weights.shape[:2])
        if found is not None:
            st.button("Take them", on_click=put, args=(found,), type="primary")
    remember()
    return weights, wrong


def channel_control(weights: Floats, shown: int, channels: list[str]) -> int:
    """Which of the channels that filter `shown` reads has its slice in the table."""
    if weights.shape[1] == 1:
        return 0
    first = shown // max(1, len(weights) * weights.shape[1] // len(channels)) * weights.shape[1]
    names = channels[first : first + weights.shape[1]]
    return names.index(choose("Channel", names, Key.EDITED_CHANNEL, names[0]))


def grid(weights: Floats, shown: int, channel: int) -> None:
    """The weights of one slice as a table to edit."""
    text = numbers_text.write(weights)
    state = st.session_state.get(Key.EDITOR_BASE)
    # The table keeps its focus while it is typed into: it is made anew only when something else changed the weights.
    if state is None or state["text"] != text or state["slice"] != (shown, channel):
        number = 0 if state is None else state["number"] + 1
        state = {"text": text, "slice": (shown, channel), "number": number, "weights": weights}
        st.session_state[Key.EDITOR_BASE] = state
    base = state["weights"][shown, channel]
    columns = [str(column) for column in range(base.shape[1])]
    config = {column: st.column_config.NumberColumn(format="%.4g", required=True) for column in columns}
    number_table(base, f"{Key.EDITOR}-{state['number']}", apply_edits, config)


def apply_edits() -> None:
    """Write the edited cells over the table's weights, and the result into the link."""
    state = st.session_state[Key.EDITOR_BASE]
    weights = state["weights"].copy()
    shown, channel = state["slice"]
    for (row, column), value in edited_cells(f"{Key.EDITOR}-{state['number']}", weights.shape[2:]).items():
        weights[shown, channel, row, column] = value
    st.session_state[Key.WEIGHTS] = state["text"] = numbers_text.write(weights)


def buttons(weights: Floats) -> None:
    """Normalize, rotate, flip and undo."""
    empty = any(not np.abs(filter_).any() for filter_ in weights)
    normal = weights if empty else np.stack([kernels.normalize(filter_) for filter_ in weights])
    with st.container(horizontal=True, gap="small"):
        act("Normalize", normal, "Divide each filter by its sum, or by its absolute sum where that is 0.")
        act("Rotate", each(weights, kernels.rotate), "A quarter turn clockwise.")
        act("Flip rows", each(weights, partial(kernels.flip, axis="rows")), "Upside down.")
        act("Flip columns", each(weights, partial(kernels.flip, axis="columns")), "Left to right.")
        st.button("Undo", on_click=undo, disabled=len(st.session_state.get(Key.HISTORY, [])) < 2)


def act(label: str, changed: Floats, help_: str) -> None:
    """A button that puts `changed` in the place of the weights."""
    st.button(label, on_click=put, args=(changed,), help=help_)


def each(weights: Floats, change: Callable[[Floats], Floats]) -> Floats:
    """`change` applied to every 2-D kernel of `weights`."""
    return np.array([[change(kernel) for kernel in filter_] for filter_ in weights], np.float32)


def put(weights: Floats) -> None:
    """Make `weights` the edited weights, at their size."""
    rows, columns = weights.shape[2:]
    st.session_state[Key.KERNEL_SIZE] = str(rows) if rows == columns else f"{rows}x{columns}"
    st.session_state[Key.WEIGHTS] = numbers_text.write(weights)


def remember() -> None:
    """Keep the kernel as it is now, where it is another than the last one kept."""
    now = {key: st.session_state.get(key) for key in REMEMBERED}
    history = st.session_state.setdefault(Key.HISTORY, [])
    if not history or history[-1] != now:
        history.append(now)
        del history[:-STEPS_BACK]


def undo() -> None:
    """Go back to the kernel before this one."""
    history = st.session_state[Key.HISTORY]
    if len(history) > 1:  # a second press may be on its way when the first is at the beginning
        history.pop()
    for key, value in history[-1].items():
        if value is not None:
            st.session_state[key] = value
