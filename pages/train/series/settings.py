"""The settings that an experiment begins with: those of the Builder, quicker where fewer epochs or images do."""

import streamlit as st

from cnn_core.networks.layers import Layer
from cnn_core.training.settings import SETTINGS, SettingsError, TrainSettings
from cnn_core.training.settings_line import from_line, to_line
from pages.train.series.keys import Key
from pages.ui.link import link_is_new, put_in_link, went_back
from pages.ui.network.training import KEYS, link_of, option_text
from pages.ui.settings import bounds
from pages.ui.site import link_to
from pages.ui.words import sentence

IN_PERCENT = "validation_fraction"  # on the Builder


def pick_settings(dataset: str, layers: tuple[Layer, ...]) -> TrainSettings:
    """The settings; epochs and images can be changed here, all others on the Builder."""
    settings = _settings(dataset)
    epochs, limit = SETTINGS["epochs"], SETTINGS["train_limit"]
    amounts = {option_text("train_limit", one): one for one in (*limit.offered, settings.train_limit)}
    st.session_state[Key.EPOCHS] = settings.epochs
    st.session_state[Key.LIMIT] = option_text("train_limit", settings.train_limit)

    def take() -> None:
        """Epochs or images were changed."""
        chosen = {"epochs": st.session_state[Key.EPOCHS], "train_limit": amounts[st.session_state[Key.LIMIT]]}
        _keep(TrainSettings.from_dict({**settings.to_dict(), **chosen}))

    with st.container(horizontal=True, gap="small"):
        st.number_input(epochs.label, **bounds(epochs), key=Key.EPOCHS, on_change=take, width=95)
        st.selectbox(limit.label, list(amounts), key=Key.LIMIT, on_change=take, width=140)
    link_to("builder", "Other settings", link_of(layers, settings.to_dict()))
    return settings


def _settings(dataset: str) -> TrainSettings:
    """Those of the link, else the Builder's where these are new, else those that were there."""
    if link_is_new(Key.SETTINGS):
        if Key.SETTINGS in st.query_params or went_back():
            st.session_state[Key.SETTINGS] = st.query_params.get(Key.SETTINGS, "")
        elif (builders := _of_builder()) not in (None, st.session_state.get(Key.TAKEN)):
            st.session_state[Key.SETTINGS] = st.session_state[Key.TAKEN] = builders
    line: str = st.session_state.get(Key.SETTINGS, "")
    try:
        settings = from_line(line, dataset)
    except SettingsError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        settings = TrainSettings(dataset=dataset)
    _keep(settings)
    return settings


def _of_builder() -> str | None:
    """What is set on the Builder, as a line; None where nobody was there."""
    values = {name: st.session_state[key] for name, key in KEYS.items() if key in st.session_state}
    if not values:
        return None
    if IN_PERCENT in values:
        values[IN_PERCENT] /= 100
    return to_line(TrainSettings.from_dict({n: v for n, v in values.items() if not SETTINGS[n].problem(v)}))


def _keep(settings: TrainSettings) -> None:
    line = to_line(settings)
    st.session_state[Key.SETTINGS] = line
    put_in_link(Key.SETTINGS, line or None)
