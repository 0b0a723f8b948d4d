"""The first part: the table of the layers, the selected one in words, and how its numbers are spread."""

import streamlit as st

from cnn_core.networks import costs
from cnn_core.networks.shapes import LayerInfo
from pages.train.inspect.keys import Key
from pages.train.inspect.predictions import predicted
from pages.train.inspect.spreads import pick_tensor, show_activations, show_parameters
from pages.train.inspect.subject import Subject
from pages.ui.controls import choose
from pages.ui.link import in_link
from pages.ui.network.layer_table import layer_table
from pages.ui.predict import predict_toggle
from pages.ui.twin import twin
from pages.ui.words import count, percent, shape


def layers(shown: Subject) -> None:
    """Table, words, histograms; whatever names the layer, row or list, names it for all of them."""
    infos = shown.architecture.summary()
    names = list(shown.names)
    if st.session_state.get(Key.LAYER) not in names:
        st.session_state.pop(Key.LAYER, None)

    def pick(index: int) -> None:
        st.session_state[Key.LAYER] = names[index]

    table_at, beside = st.columns([2, 1], gap="medium")
    with beside, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        layer = choose("Layer", names, Key.LAYER, names[0])
        tensor = pick_tensor(shown, layer)
    info = infos[names.index(layer)]
    with table_at:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            batch = st.number_input("Memory for a batch of", 1, 1024, 128, **in_link(Key.BATCH), width=170)
            asks = predict_toggle(
                Key.GUESS, help="Parameters and work are hidden until you said where they lie."
            )
        hidden = asks and not predicted(shown.architecture)
        layer_table(
            shown.architecture,
            batch=batch,
            key=Key.TABLE,
            selected=info.index,
            on_pick=pick,
            hidden=hidden,
        )
    with beside:
        pictures = [] if hidden else show_parameters(shown, layer, tensor)
        pictures += show_activations(shown, layer)
    if not hidden:
        st.markdown(f"{_words(info, batch)}\n\n{_where(infos, batch)}")
    twin(
        "The histograms as tables",
        {picture.title: picture.numbers for picture in pictures},
        pictures,
        shown.made,
        key=Key.PARAMETERS,
    )


def _words(info: LayerInfo, batch: int) -> str:
    """One layer: what its parameters are, how often each is used, what it keeps."""
    said = [f"**{info.name}** {shape(info.input_shape)} → {shape(info.output_shape)}"]
    if info.parameters:
        said.append(f"{costs.arithmetic(info)} parameters")
    used = costs.uses(info)
    if used is not None:
        times = f"{used:,.0f} times" if used > 1 else "once"
        said.append(f"each weight used {times} an image: {info.macs:,} multiply-adds")
    megabytes = costs.activation_bytes(info, batch) / 1e6
    said.append(
        f"{info.values:,} values × 4 bytes × {count(batch, 'image')} = {megabytes:,.2f} MB, kept for the way back"
    )
    return " · ".join(said)


def _where(infos: tuple[LayerInfo, ...], batch: int) -> str:
    """Where parameters and work lie, and what one filter is, in this network's own numbers."""
    parameters, macs = sum(info.parameters for info in infos), sum(info.macs for info in infos)
    kept = sum(costs.activation_bytes(info, batch) for info in infos)
    most, busiest = costs.largest(infos, lambda i: i.parameters), costs.largest(infos, lambda i: i.macs)
    said = (
        f"**Parameters are not work.** {most.name} has {percent(most.parameters / max(parameters, 1))} of "
        f"{parameters:,} parameters and does {percent(most.macs / max(macs, 1))} of {macs:,} multiply-adds; "
        f"{busiest.name} has {percent(busiest.parameters / max(parameters, 1))} and does "
        f"{percent(busiest.macs / max(macs, 1))}. A convolution uses each weight at every place of its map, a linear "
        f"layer once. The weights are {costs.VALUE_BYTES * parameters / 1e6:,.2f} MB, all layers' outputs for "
        f"{count(batch, 'image')} {kept / 1e6:,.1f} MB."
    )
    deep = next((info for info in infos if info.layer.convolutions and info.input_shape[0] > 1), None)
    deep = deep or next(
        (
            info
            for info in infos
            if info.layer.mixes and len(info.input_shape) == 3 and info.input_shape[0] > 1
        ),
        None,
    )
    if deep is not None:
        first = deep.layer.parameter_factors(deep.input_shape)[0]
        if len(first) == 4:
            height, width, channels, filters = first
            said += (
                f"\n\n**A filter of {deep.name} is not {height}×{width}** but {height}×{width}×{channels} = "
                f"{height * width * channels:,} weights: it reads every channel. {filters:,} of them are "
                f"{height * width * channels * filters:,} weights, not {height * width * filters:,}."
            )
    return said
