"""The network as source code to take away."""

import streamlit as st

from cnn_core.networks import codegen, repairs
from cnn_core.networks.architecture import Architecture
from pages.train.builder.keys import Key
from pages.ui.controls import segments

WRITERS = {
    "PyTorch Sequential": codegen.pytorch_sequential,
    "PyTorch module": codegen.pytorch_module,
    "Keras": codegen.keras,
}


def code_export(architecture: Architecture) -> None:
    """Source in the chosen framework, with a copy button and a file; a sentence where the network cannot work."""
    if repairs.problems(architecture):
        st.caption("The code appears when the network has no problems.")
        return
    kind = segments("Framework", list(WRITERS), Key.CODE, "PyTorch Sequential")
    source = WRITERS[kind](architecture)
    st.code(source, language="python")
    st.download_button(
        "Download network.py", source, "network.py", "text/x-python", icon=":material/download:"
    )
