"""The network taken away and brought in: a file, a link, and a file opened again."""

from collections.abc import Mapping
from pathlib import PurePath
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn_core.data import catalog
from cnn_core.networks.architecture import Architecture
from cnn_core.training import design
from cnn_core.training.design import Design, DesignError
from cnn_core.training.settings import SETTINGS, TrainSettings
from pages.train.builder.keys import Key
from pages.ui.controls import shut, stays_shut
from pages.ui.network import state as network_state
from pages.ui.network import training
from pages.ui.words import as_text, one_line, sentence, shape

ROOM = 420  # px of what is in it
LONGEST_NAME = 40


def share(architecture: Architecture) -> None:
    """The popover: save, link and open."""
    if told := st.session_state.pop(Key.TOLD, ""):
        st.toast(told, icon=":material/folder_open:", duration="long")
    popover = st.popover("Share", type="tertiary", key=Key.SHARE, on_change=stays_shut, args=(Key.SHARE,))
    with popover:
        if popover.open:
            _share(architecture)
        else:  # else it opens downwards, empty as it is, where there may be no room for it
            st.space(ROOM)


def _share(architecture: Architecture) -> None:
    both = st.checkbox("With the training's settings", True, key=Key.SHARE_SETTINGS)
    settings = TrainSettings.from_dict(training.chosen())
    text = design.write(Design(architecture, settings if both else None))
    st.download_button(
        "Save as network.json", text, "network.json", "application/json", icon=":material/download:"
    )
    st.caption("Or as a link:")
    st.code(_link(architecture, settings, both), language=None)
    takes = st.session_state.get(Key.OPENED, 0)
    key = f"{Key.OPEN}-{takes}"
    st.file_uploader("Open a network.json", key=key, on_change=_open, args=(key,), max_upload_size=1)
    if fault := st.session_state.get(Key.NOT_OPENED):
        st.error(fault, icon=":material/error:")


def _link(architecture: Architecture, settings: TrainSettings, both: bool) -> str:
    given = training.link_of(architecture.layers, settings.to_dict())
    if not both:
        kept = set(training.KEYS.values())
        given = {key: value for key, value in given.items() if key not in kept}
    here = urlsplit(st.context.url or "/builder")
    return urlunsplit((here.scheme, here.netloc, here.path, urlencode(given), ""))


def _open(key: str) -> None:
    """Take the network of a file in place of the one that is there, or say what is wrong; the file goes."""
    file = st.session_state.get(key)
    if not isinstance(file, UploadedFile):
        return
    st.session_state[Key.OPENED] = st.session_state.get(Key.OPENED, 0) + 1
    name = one_line(PurePath(file.name).name, LONGEST_NAME)
    try:
        opened = design.read(file.getvalue()[: design.MOST_BYTES + 1])
    except DesignError as error:
        st.session_state[Key.NOT_OPENED] = f"The file {as_text(name)} is not opened. {sentence(str(error))}"
        return
    finally:
        _forget(file)
    st.session_state.pop(Key.NOT_OPENED, None)
    shut(Key.SHARE)  # it would lie over what it changed
    wanted = None
    if opened.settings is not None:
        values = opened.settings.to_dict()
        wanted = {one: values[one] for one in (*training.KEYS, "dataset")}
    network_state.change(opened.architecture.layers, 0, wanted)
    st.session_state[Key.TOLD] = sentence(
        f"The file {name} is open. Undo brings back what was there.{_other(opened, wanted or {})}"
    )


def _other(opened: Design, wanted: Mapping[str, object]) -> str:
    """What is otherwise here than in the file, as sentences."""
    said = [
        f" {SETTINGS[name].label}: {training.option_text(name, value)} is not offered, and the nearest is taken."
        for name, value in wanted.items()
        if name in training.KEYS and training.nearest(name, value) != value
    ]
    data = catalog.info(str(training.chosen()["dataset"]))
    height, width, channels = data.shape
    if opened.architecture.input_shape != (channels, height, width):
        made_for, here = shape(opened.architecture.input_shape), shape((channels, height, width))
        said.append(f" It was made for images of {made_for}; {data.title} has {here}.")
    return "".join(said)


def _forget(file: UploadedFile) -> None:
    context = get_script_run_ctx()
    manager = None if context is None else context.uploaded_file_mgr
    if context is not None and isinstance(manager, MemoryUploadedFileManager):
        manager.remove_file(context.session_id, file.file_id)
