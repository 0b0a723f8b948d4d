"""The model a page looks into: picked, loaded, or a sentence and the way to one."""

import streamlit as st

from cnn_core.checkpoints import Checkpoint, CheckpointError
from pages.ui.models import ModelRef, load_model, pick_model


def chosen_model(what: str) -> tuple[ModelRef, Checkpoint]:
    """The model picked in the sidebar, loaded. Where there is none, or its files are damaged, the page ends here
    with a sentence: `what` says what would be shown ("The filters of a network")."""
    ref = pick_model()
    if ref is None:
        st.info(f"{what} will be here. Train a network first.", icon=":material/model_training:")
        st.page_link("pages/train/builder.py", label="Build and train one", icon=":material/construction:")
        st.stop()
    try:
        return ref, load_model(ref)
    except CheckpointError as error:
        st.error(str(error).capitalize(), icon=":material/error:")
        st.stop()
