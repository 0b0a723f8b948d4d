"""How the network being built is trained: each setting's control on the Builder, and links that set them all."""

from collections.abc import Mapping, Sequence

import streamlit as st

from cnn_core.data import catalog, datasets
from cnn_core.networks import shorthand
from cnn_core.networks.layers import Layer
from cnn_core.training.settings import SETTINGS
from pages.ui.network.keys import NetworkKey, TrainingKey

KEYS: dict[str, TrainingKey] = {key.name.lower(): key for key in TrainingKey}
"""The key of every setting that the Builder shows, by the setting's name."""

USUAL: dict[str, object] = {name: SETTINGS[name].default for name in KEYS if name != "seed"}
"""What each setting is where nobody chose, without the seed, which belongs to no network."""


def chosen() -> dict[str, object]:
    """The settings as they are set on the Builder, by name, the dataset too; the usual value where none was set."""
    values = {name: SETTINGS[name].default for name in KEYS}
    values["dataset"] = st.session_state.get(NetworkKey.DATASET, datasets.first())
    for name, key in KEYS.items():
        if key in st.session_state:
            values[name] = st.session_state[key]
            if name == "validation_fraction":
                values[name] = st.session_state[key] / 100
    return values


def choose(values: Mapping[str, object]) -> None:
    """Set these settings on the Builder, before their controls run: in a callback.

    A dataset that is not known here stays what it was; what no control offers becomes the `nearest`.
    """
    for name, value in values.items():
        if name == "dataset":
            if catalog.find(str(value)) is not None:
                st.session_state[NetworkKey.DATASET] = value
            continue
        percent = round(100 * value) if name == "validation_fraction" and isinstance(value, float) else None
        st.session_state[KEYS[name]] = nearest(name, value) if percent is None else percent
    st.session_state[NetworkKey.RETRAIN] = True


def link_of(layers: Sequence[Layer], settings: Mapping[str, object]) -> dict[str, str]:
    """The parameters of a link to the Builder with this network and these settings (`TrainSettings.to_dict`).

    All of them stand in it: what it left out would stay as it was set there before.
    """
    link = {
        str(NetworkKey.NETWORK): shorthand.to_text(tuple(layers)),
        str(NetworkKey.DATASET): catalog.title(str(settings["dataset"])),
    }
    return link | {
        str(key): _text(name, settings[name])
        for name, key in KEYS.items()
        if SETTINGS[name].is_read(settings)
    }


def option_text(name: str, option: object) -> str:
    """How a value of a setting reads where there are some to choose from, on the page and in a link."""
    if name == "train_limit":
        return "all images" if option is None else f"{option:,} images"
    return SETTINGS[name].choices.get(str(option), str(option))


def _text(name: str, value: object) -> str:
    """A setting as its control has it in a link."""
    if name == "validation_fraction" and isinstance(value, float):
        return str(round(100 * value))
    if isinstance(value, bool):
        return str(value).lower()
    return option_text(name, nearest(name, value))


def nearest(name: str, value: object) -> object:
    """The value itself, or the nearest to it of those that a control has to choose from."""
    known = [one for one in SETTINGS[name].offered if isinstance(one, int | float)]
    if not known or not isinstance(value, int | float):
        return value
    return min(known, key=lambda one: abs(one - value))
