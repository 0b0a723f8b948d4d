"""The settings that an experiment begins with: those of the Builder, quicker where fewer epochs or images do."""

import streamlit as st

from cnn_core.training.settings import SETTINGS, SettingsError, TrainSettings
from cnn_core.training.settings_line import from_line, to_line
from pages.train.series.keys import Key
from pages.ui.link import link_is_new, put_in_link, went_back
from pages.ui.settings import bounds
from pages.ui.site import link_to
from pages.ui.words import sentence


def pick_settings(dataset: str) -> TrainSettings:
    """The settings; epochs and images can be changed here, all others on the Builder."""
    settings = _settings(dataset)
    epochs, limit = SETTINGS["epochs"], SETTINGS["train_limit"]
    st.session_state[Key.EPOCHS] = settings.epochs
    st.session_state[Key.LIMIT] = settings.train_limit
    amounts = dict.fromkeys((*limit.offered, settings.train_limit))
    with st.container(horizontal=True, gap="small"):
        st.number_input(epochs.label, **bounds(epochs), key=Key.EPOCHS, on_change=_take, width=100)
        st.selectbox(
            limit.label, list(amounts), format_func=_images, key=Key.LIMIT, on_change=_take, width=130
        )
    link_to("builder", "Other settings: on the Builder")
    return settings


def _images(amount: int | None) -> str:
    return "all images" if amount is None else f"{amount:,} images"


def _settings(dataset: str) -> TrainSettings:
    """Those of the link, else the Builder's where these are new, else those that were there."""
    if link_is_new(Key.SETTINGS) and (Key.SETTINGS in st.query_params or went_back()):
        st.session_state[Key.SETTINGS] = st.query_params.get(Key.SETTINGS, "")
    line: str = st.session_state.get(Key.SETTINGS, "")
    try:
        settings = from_line(line, dataset)
    except SettingsError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        settings = TrainSettings(dataset=dataset)
    _keep(settings)
    return settings


def _keep(settings: TrainSettings) -> None:
    line = to_line(settings)
    st.session_state[Key.SETTINGS] = line
    put_in_link(Key.SETTINGS, line or None)


def _take() -> None:
    """Epochs or images were changed."""
    before = from_line(st.session_state[Key.SETTINGS], TrainSettings().dataset)
    changes = {"epochs": st.session_state[Key.EPOCHS], "train_limit": st.session_state[Key.LIMIT]}
    _keep(TrainSettings.from_dict({**before.to_dict(), **changes}))
