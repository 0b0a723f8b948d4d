"""The network as source code to take away."""

import streamlit as st

from cnn_core.networks import codegen, repairs
from cnn_core.networks.architecture import Architecture
from pages.train.builder.keys import Key

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
    kind = st.segmented_control(
        "Framework", list(WRITERS), default="PyTorch Sequential", key=Key.CODE, required=True
    )
    source = WRITERS[kind](architecture)
    st.code(source, language="python")
    st.download_button(
        "Download network.py", source, "network.py", "text/x-python", icon=":material/download:"
    )
