"""The sidebar of the builder page: presets, undo, the list of layers, and the settings of the one being edited."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from cnn_core.doctor.failures import FAILURES
from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import LAYER_TYPES, Layer, Linear
from cnn_core.networks.layers.settings import LayerSetting
from cnn_core.networks.presets import PRESETS
from pages.train.builder.failing import is_failing
from pages.train.builder.keys import Key
from pages.train.builder.sharing import share
from pages.ui.controls import shut, stays_shut
from pages.ui.network import state as network_state
from pages.ui.network import training
from pages.ui.network.keys import NetworkKey

CLASSES = 10  # of a preset, until the dataset asks for others
ROW, PRESET = 76, 96  # px of a row of settings, and of a preset with its words


def _history(architecture: Architecture) -> None:
    """Presets, undo and redo, and what is saved and opened."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        presets = st.popover(
            "Presets", type="tertiary", key=Key.PRESETS, on_change=stays_shut, args=(Key.PRESETS,)
        )
        with presets:
            if presets.open:
                _presets()
            else:  # else the list opens downwards, empty as it is, where there may be no room for it
                st.space(max(len(PRESETS), len(FAILURES)) * PRESET)
        for key, icon, act, word in (
            (NetworkKey.PAST, ":material/undo:", network_state.undo, "Undo"),
            (NetworkKey.FUTURE, ":material/redo:", network_state.redo, "Redo"),
        ):
            st.button(
                "",
                key=f"{Key.EDIT}-{word}",
                icon=icon,
                on_click=act,
                help=word,
                disabled=not network_state.can(key),
                type="tertiary",
            )
        share(architecture)


def _presets() -> None:
    work, fail = st.tabs(["That work", "That fail on purpose"])
    with work:
        for preset in PRESETS.values():
            _offer(preset.name, preset.title, preset.comment, _load_preset)
    with fail:
        for failure in FAILURES.values():
            _offer(failure.name, failure.title, failure.about(CLASSES)[0], _load_failure)


def _offer(name: str, title: str, comment: str, load: Callable[[str], None]) -> None:
    key = f"{Key.EDIT}-preset-{name}"
    st.button(title, key=key, on_click=load, args=(name,), width="stretch")
    st.caption(comment)


def layer_editor(architecture: Architecture) -> None:
    """Everything that changes the network, for the sidebar."""
    _history(architecture)
    if architecture.layers:
        index = network_state.selected()
        _layer(architecture, index)
        _moves(architecture, index)
        _settings(architecture, index)
    _add(architecture)


def editor_below(architecture: Architecture) -> None:
    """The same below the strip, where there is no room for a sidebar: the settings of the layer that was tapped."""
    names = architecture.names
    with st.container(border=True, gap="small"):
        _history(architecture)
        if names and st.session_state.get(Key.EDITING):
            index = network_state.selected()
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.markdown(f"**{names[index]}**", width="content")
                _moves(architecture, index)
            _settings(architecture, index)
        elif names:
            st.caption("Tap a layer to change it.")
        _add(architecture)


def is_narrow() -> bool:
    """Whether the editor stands below the strip: as the browser measured it, before that as it calls itself."""
    told: bool | None = st.session_state.get(Key.NARROW)
    return "Mobi" in (st.context.headers.get("User-Agent") or "") if told is None else told


def set_narrow(narrow: bool) -> None:
    """The browser has measured its window."""
    st.session_state[Key.NARROW] = narrow


def tapped(index: int) -> None:
    """A layer of the strip was picked: below the strip its editor opens, and closes when it is picked once more."""
    again = index == network_state.selected() and st.session_state.get(Key.EDITING, False)
    st.session_state[Key.EDITING] = not again
    network_state.select(index)


def _layer(architecture: Architecture, index: int) -> None:
    wrong = {problem.layer_index: problem.said for problem in repairs.problems(architecture)}
    names, layers = architecture.names, architecture.layers

    def label(i: int) -> str:
        warning = f"{wrong[i]}: " if i in wrong else ""
        return f"{i + 1}. {warning}{names[i]} {layers[i].settings_text()}"

    # The browser keeps the words that it shows: they are sent anew when the layer's settings were changed.
    said = label(index)
    if st.session_state.get(NetworkKey.LAYER) != index or st.session_state.get(Key.SAID) != said:
        st.session_state[NetworkKey.LAYER], st.session_state[Key.SAID] = index, said
    st.selectbox("Layer", range(len(layers)), format_func=label, key=NetworkKey.LAYER, on_change=_picked)


def _picked() -> None:
    index = st.session_state[NetworkKey.LAYER]
    if isinstance(index, int):
        network_state.select(index)


def _moves(architecture: Architecture, index: int) -> None:
    layers = architecture.layers
    name = architecture.names[index]
    moves = (
        ("up", ":material/arrow_upward:", f"Move {name} up", index == 0),
        ("down", ":material/arrow_downward:", f"Move {name} down", index == len(layers) - 1),
        ("copy", ":material/content_copy:", f"Copy {name}", False),
        ("remove", ":material/delete:", f"Remove {name}", False),
    )
    with st.container(horizontal=True, gap="medium"):
        for what, icon, words, disabled in moves:
            st.button(
                "",
                key=f"{Key.EDIT}-{what}",
                icon=icon,
                help=words,
                on_click=_move,
                args=(what, layers, index),
                disabled=disabled,
                type="tertiary",
            )


def _move(what: str, layers: tuple[Layer, ...], index: int) -> None:
    changed = list(layers)
    layer = changed.pop(index)
    target = {"up": index - 1, "down": index + 1, "copy": index + 1, "remove": index}[what]
    if what == "copy":
        changed.insert(index, layer)
    if what != "remove":
        changed.insert(target, layer)
    network_state.change(tuple(changed), target)


def _settings(architecture: Architecture, index: int) -> None:
    layer = architecture.layers[index]
    settings = layer.settings()
    if not settings:
        st.caption(f"{layer.title} has no settings.")
        return
    _grid(layer, index, {name: known for name, known in settings.items() if not known.rare})
    rare = {name: known for name, known in settings.items() if known.rare}
    if rare:
        more = st.popover("More settings", type="tertiary", key=Key.MORE, on_change="rerun")
        with more:
            if more.open:
                _grid(layer, index, rare)
            else:
                st.space(-(-len(rare) // 2) * ROW)


def _grid(layer: Layer, index: int, settings: dict[str, LayerSetting]) -> None:
    # On a phone columns would stand one below the other.
    columns = (
        [st.container(horizontal=True, gap="small", vertical_alignment="bottom")] * 2
        if is_narrow()
        else st.columns(2, gap="small", vertical_alignment="bottom")
    )
    for place, (name, known) in enumerate(settings.items()):
        with columns[place % 2]:
            _widget(layer, index, name, known)


def _widget(layer: Layer, index: int, name: str, known: LayerSetting) -> None:
    key = f"{Key.EDIT}-{name}"
    value = getattr(layer, name)
    if value is None and known.follows:
        value = getattr(layer, known.follows)
    if known.words:
        value = str(value)
    # Set, for the browser may still have the value that the widget had for another layer; and its default too: a click
    # while the page loads begins a run that may overtake this one, and the browser would send a default of its own.
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    given: dict[str, Any] = {"key": key, "on_change": _set, "args": (index, name)}
    if is_narrow():
        given["width"] = 140
    if known.kind is bool:
        st.checkbox(known.label, value=value, **given)
    elif known.words:
        usual = ["0", *known.words, "1", "2", "3", "4"]
        options = usual if value in usual else [*usual, value]
        st.selectbox(known.label, options, options.index(value), **given)
    elif known.unset:
        reached = [known.low, known.high] + ([] if value is None else [value])
        given |= {"value": None, "placeholder": known.unset}  # what is emptied becomes the default
        st.number_input(known.label, min(reached), max(reached), step=known.step, **given)
    else:
        low, high = type(value)(min(known.low, value)), type(value)(max(known.high, value))
        st.number_input(known.label, low, high, value, step=known.step, **given)


def _set(index: int, name: str) -> None:
    layers = network_state.layers()
    value = st.session_state[f"{Key.EDIT}-{name}"]
    known = layers[index].settings().get(name) if index < len(layers) else None
    if known is None:  # the network was replaced in the same message
        return
    layer = layers[index]
    if isinstance(value, str) and value not in known.words:
        value = int(value)
    if known.follows and value == getattr(layer, known.follows):
        value = None  # it goes on following
    network_state.change((*layers[:index], replace(layer, **{name: value}), *layers[index + 1 :]), index)


def _add(architecture: Architecture) -> None:
    index = network_state.selected()
    where = f"after {architecture.names[index]}" if index >= 0 else "to the network"
    st.selectbox(
        f"Add a layer {where}",
        list(LAYER_TYPES),
        format_func=lambda kind: LAYER_TYPES[kind].title,
        index=None,
        placeholder="Choose a layer",
        key=Key.ADD,
        on_change=_added,
    )


def _added() -> None:
    kind = st.session_state[Key.ADD]
    st.session_state[Key.ADD] = None
    if kind is None:
        return
    layers, index = network_state.layers(), network_state.selected()
    made = LAYER_TYPES[kind]
    new = {name: known.new for name, known in made.settings().items() if known.new is not None}
    network_state.change((*layers[: index + 1], made(**new), *layers[index + 1 :]), index + 1)


def _load_preset(name: str) -> None:
    shut(Key.PRESETS)  # it would lie over what it changed
    sound = training.USUAL if is_failing(network_state.layers(), training.chosen()) else None
    network_state.change((*PRESETS[name].hidden, Linear(CLASSES)), 0, sound)


def _load_failure(name: str) -> None:
    shut(Key.PRESETS)
    failure = FAILURES[name]
    network_state.change((*failure.hidden, Linear(CLASSES)), 0, {**training.USUAL, **failure.settings})
