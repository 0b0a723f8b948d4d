"""The layer being edited, in words and arithmetic, and what is wrong with the network."""

import streamlit as st

from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.repairs import Problem
from cnn_core.networks.shapes import LayerInfo
from pages.train.builder.keys import Key
from pages.ui.network import state as network_state
from pages.ui.words import shape


def layer_words(architecture: Architecture) -> None:
    """The layer being edited in one line, shapes and parameters with their arithmetic; the whole network in another."""
    infos = architecture.summary()
    index = network_state.selected()
    lines = [_layer(infos[index])] if 0 <= index < len(infos) else []
    known, layers = len(infos), len(architecture.layers)
    which = f"All {layers} layers" if known == layers else f"The first {known} of {layers} layers"
    lines.append(
        f"**{which}** · {architecture.parameters:,} parameters · {architecture.macs:,} multiply-adds an image"
    )
    st.markdown("  \n".join(f":small[{line}]" for line in lines))


def _layer(info: LayerInfo) -> str:
    parts = [f"**{info.name}** {shape(info.input_shape)} → {shape(info.output_shape)}"]
    if len(info.input_shape) == 3 and (size_text := info.layer.size_text(info.input_shape[1])):
        parts.append(f"height {size_text}")
    if info.parameters:
        parts.append(f"{info.parameters_text} parameters")
    if info.macs:
        parts.append(f"{info.macs:,} multiply-adds")
    size, jump = info.receptive_field, info.jump
    parts.append(
        f"sees {size}×{size} pixels" + (f", its neighbour those {jump} further on" if jump > 1 else "")
    )
    return " · ".join(parts)


def problem_card(architecture: Architecture) -> None:
    """One problem with its reason and the button that repairs it: that of the layer being edited, else the first."""
    problems = repairs.problems(architecture)
    if not problems:
        return
    index = network_state.selected()
    problem = next((other for other in problems if other.layer_index == index), problems[0])
    others = ", ".join(_where(architecture, other) for other in problems if other is not problem)
    with st.container(border=True):
        row = st.container(horizontal=True, vertical_alignment="center")
        row.markdown(
            f":red[:material/error: **{_where(architecture, problem)}**: {problem.message}]  \n{problem.reason}"
            + (f"  \n:small[Also wrong: {others}.]" if others else ""),
            width="stretch",
        )
        if problem.repair is not None:
            row.button(
                problem.repair_text,
                key=Key.REPAIR,
                on_click=network_state.change,
                args=(problem.repair.layers, problem.layer_index),
                icon=":material/build:",
                type="primary",
            )


def _where(architecture: Architecture, problem: Problem) -> str:
    if problem.layer_index < len(architecture.layers):
        return architecture.names[problem.layer_index]
    return "at the end"
