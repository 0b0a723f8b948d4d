"""The network as a strip of cards: one a layer, with its shape, parameters and receptive field; a click picks one.

May import `pages.ui` and `cnn_core`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.shapes import LayerInfo
from pages.ui import words
from pages.ui.components.base import component, pack
from pages.ui.components.base.told import places

_mount = component(Path(__file__).parent)


def layer_strip(
    architecture: Architecture,
    *,
    key: str,
    input_title: str,
    selected: int | None = None,
    hidden_from: int | None = None,
    small: bool = False,
    narrow: bool = False,
    on_pick: Callable[[int], None] | None = None,
    on_narrow: Callable[[bool], None] | None = None,
) -> None:
    """Show the layers from the input to the logits; layers behind one that fails stand there without shapes.

    The numbers of the layers from `hidden_from` on are hidden. `small` is one low row of names and shapes. `on_pick` is
    called with a layer's index before the rerun that a click or the Enter key starts, `on_narrow` where the browser's
    window is not what `narrow` says: so narrow that Streamlit folds the sidebar away.
    """

    cards = _cards(architecture, input_title, hidden_from)

    def picked() -> None:
        told = places([st.session_state[key].get("picked")], [len(cards)])
        if on_pick is not None and told is not None:
            on_pick(told[0])

    def measured() -> None:
        told = st.session_state[key].get("narrow")
        if on_narrow is not None and isinstance(told, bool):
            on_narrow(told)

    data = {"cards": cards, "selected": selected, "small": small, "narrow": narrow}
    # Its height is in `page.css`, so that what stands below does not move when it comes.
    with st.container(key=f"{key}-{'low' if small else 'high'}"):
        _mount(key=key, data=pack(data), on_picked_change=picked, on_narrow_change=measured)


def _cards(architecture: Architecture, input_title: str, hidden_from: int | None) -> list[dict[str, Any]]:
    """What each card says; index −1 is the input, which cannot be picked."""
    infos = {
        info.index: info for info in architecture.summary() if hidden_from is None or info.index < hidden_from
    }
    problems = {problem.layer_index: problem for problem in repairs.problems(architecture)}
    side = max(architecture.input_shape[1:])
    cards = [
        {"index": -1, "name": "input", "settings": [input_title], **_numbers(architecture.input_shape, side)}
    ]
    for index, (name, layer) in enumerate(zip(architecture.names, architecture.layers)):
        settings = layer.settings_text().split(", ") if layer.settings_text() else []
        card = {"index": index, "name": name, "settings": settings, **_fault(problems.get(index))}
        cards.append(card | (_costs(infos[index], side) if index in infos else {}))
    if missing := problems.get(len(architecture.layers)):
        card = {"index": len(architecture.layers), "name": "missing", "settings": []}
        cards.append(card | _fault(missing))
    return cards


def _fault(problem: repairs.Problem | None) -> dict[str, str]:
    return {} if problem is None else {"problem": problem.message, "said": problem.said}


def _numbers(shape: tuple[int, ...], side: int) -> dict[str, Any]:
    return {"shape": words.shape(shape), "size": list(shape), "side": side}


def _costs(info: LayerInfo, side: int) -> dict[str, Any]:
    seen = min(info.receptive_field, side)
    return {
        **_numbers(info.output_shape, side),
        "changed": info.output_shape != info.input_shape or info.layer.mixes or info.layer.convolutions > 0,
        "parameters": f"{info.parameters:,}" if info.parameters else "",
        "seen": seen / side,
        "seenText": "all" if info.receptive_field >= side else f"{seen}×{seen}",
    }
