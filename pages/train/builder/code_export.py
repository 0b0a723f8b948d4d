"""The network as source code to take away; in PyTorch with the training that the settings ask for."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from cnn_core.networks import codegen, repairs
from cnn_core.networks.architecture import Architecture
from cnn_core.training.settings import TrainSettings
from cnn_core.training.source.script import training_script
from pages.train.builder.keys import Key
from pages.ui.controls import segments

TRAINED: dict[str, Callable[[Architecture, TrainSettings], str]] = {
    "PyTorch Sequential": training_script,
    "PyTorch module": partial(training_script, module=True),
}
KERAS = "Keras"


def code_export(settings: TrainSettings, architecture: Architecture) -> None:
    """Source in the chosen framework, with a copy button and a file; a sentence where the network cannot work."""
    if repairs.problems(architecture):
        st.caption("The code appears when the network has no problems.")
        return
    kind = segments("Framework", [*TRAINED, KERAS], Key.CODE, "PyTorch Sequential")
    if kind == KERAS:
        source = codegen.keras(architecture)
    else:
        source = TRAINED[kind](architecture, settings)
        st.caption(
            "Runs as it is, `python network.py`: it reads the dataset, trains by the settings above and tests. First"
            " weights, split and order of the images are the app's; dropout and changes to images are drawn anew, and"
            " its score then differs as another seed's does."
        )
    st.code(source, language="python")
    st.download_button(
        "Download network.py", source, "network.py", "text/x-python", icon=":material/download:"
    )
