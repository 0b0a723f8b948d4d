"""Convolution: a kernel slides over an image."""

import numpy as np
import streamlit as st

from cnn_core import convolution, convolution_layer
from pages.ui.convolution_lab import input_image, kernel_editor, player, settings
from pages.ui.page import header, source

header(
    "Convolution",
    "A kernel slides over the image; at every stop, window × kernel is summed into one cell of the output.",
)

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    with st.popover("Image", icon=":material/image:"):
        given = input_image.input_controls()
    names = [kernel_editor.preset_control(0, width=170)]
    kernel_size = settings.size_control()
    stride, padding = settings.sliding_controls()
    if given is None:
        st.stop()
    channels = list(given.channels)
    with st.popover("More", icon=":material/tune:"):
        chosen = settings.more_controls(len(channels), kernel_size, stride, padding)
        names += [kernel_editor.preset_control(n, f"Kernel {n + 1}") for n in range(1, chosen.filters)]
    with st.popover("Weights", icon=":material/edit:"):
        weights = kernel_editor.weight_controls(names, chosen, channels)

biases = np.full(chosen.filters, chosen.bias, np.float32)
seen = player.view(chosen.layer, given.image, weights, biases, chosen.shown)
pinned = player.play(given, chosen, seen, question=None, reserve=408)
rows, columns = chosen.layer.size_text(given.image.shape[1:], weights.shape[2:])
st.markdown(f"Output rows = {rows}; columns = {columns}")
st.markdown(f"Parameters = {chosen.layer.parameters_text(len(channels), chosen.filters, weights.shape[2:])}")
source(convolution.conv2d, convolution_layer.ConvolutionLayer.view)
