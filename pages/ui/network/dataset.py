"""The dataset that the network being built is for: what comes in, and the classes that come out."""

import streamlit as st

from cnn_core.data import catalog, datasets
from cnn_core.data.catalog import DatasetInfo
from pages.ui.link import in_link
from pages.ui.network.keys import NetworkKey
from pages.ui.site import link_to
from pages.ui.words import sentence


def pick_dataset() -> DatasetInfo:
    """The dataset to train on, whether or not it is on this machine: see `dataset_problem`."""
    names = [info.name for info in catalog.all_infos()]
    name = st.selectbox(
        "Dataset",
        names,
        names.index(datasets.first()),
        format_func=catalog.title,
        **in_link(NetworkKey.DATASET),
        width=150,
    )
    return catalog.info(name)


def dataset_problem(info: DatasetInfo) -> None:
    """Why this dataset cannot be trained on here, and the way to where it is got; nothing where it can."""
    if problem := datasets.problem(info.name):
        st.error(sentence(str(problem)), icon=":material/error:")
        link_to("home", "To the datasets, on the Home page")
