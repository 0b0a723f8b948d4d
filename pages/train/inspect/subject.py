"""What is inspected: a trained network, or the one that is being built, untrained, its weights drawn from a seed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats, to_float
from cnn_core.data import catalog, datasets
from cnn_core.inside.spreads import images_at_once
from cnn_core.networks import repairs, shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from pages.train.inspect.keys import Key
from pages.ui.controls import segments
from pages.ui.download import made_by
from pages.ui.link import in_link
from pages.ui.models import chosen_model
from pages.ui.network import state, words
from pages.ui.network.dataset import pick_dataset
from pages.ui.site import link_to
from pages.ui.words import count, sentence

if TYPE_CHECKING:
    from cnn_core.networks.building import Network

TRAINED, BUILT = "Trained", "Builder's, untrained"
MOST_IMAGES = 64


@dataclass(frozen=True, eq=False)
class Subject:
    """A network: `key` changes with any of its weights, `made` says in a file what a picture is from.

    `images` `(N, C, H, W)` in 0..1 are what it is run on, the first test images of its dataset; None where they are not
    here, and `why` says so.
    """

    key: str
    architecture: Architecture
    model: "Network"
    made: str
    images: Floats | None
    images_title: str
    why: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its layers."""
        return self.architecture.names

    def a_few(self, many: int) -> tuple[Floats, str]:
        """So many images to run it on, and what they are: noise where there are no others, which is said."""
        if self.images is not None and len(self.images) >= many:
            return self.images[:many], f"{count(many, 'test image')} of {self.images_title}"
        noise = np.random.default_rng(0).random((many, *self.architecture.input_shape), np.float32)
        return noise, f"{count(many, 'image')} of random pixels"


def pick_which() -> None:
    """The choice between a trained network and the one being built."""
    segments("Network", [TRAINED, BUILT], Key.WHICH, TRAINED, hide_label=True)


def subject() -> Subject:
    """The network that `pick_which` asks for, chosen in the sidebar. Without one, the page ends with a sentence."""
    return _built() if st.session_state.get(Key.WHICH) == BUILT else _trained()


def _trained() -> Subject:
    ref, checkpoint = chosen_model("The layers of a network")
    card = checkpoint.card
    return Subject(
        f"{ref.key} {ref.stamp}",
        card.architecture,
        checkpoint.model,
        made_by(ref),
        *_images(card.dataset, card.architecture),
    )


def _built() -> Subject:
    with st.sidebar:
        info = pick_dataset()
        state.text_input()
        seed = st.number_input(
            "Seed", 0, 9999, **in_link(Key.SEED), help="Its first weights are drawn from it."
        )
        link_to("builder", "Change it on the Builder")
    if misread := state.misread():
        st.error(misread, icon=":material/error:")
    architecture = state.network(info)
    found = repairs.problems(architecture)
    if found:
        st.error(sentence(found[0].message), icon=":material/error:")
        link_to("builder", "Repair it on the Builder")
        st.stop()
    line = shorthand.to_text(architecture.layers)
    key = f"{line} {architecture.input_shape} {architecture.classes} {seed}"
    made = f"{words.title(architecture)}, untrained, seed {seed}"
    return Subject(
        key, architecture, _model(key, architecture, seed), made, *_images(info.name, architecture)
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _model(key: str, _architecture: Architecture, seed: int) -> "Network":
    return build(_architecture, seed).eval()


def _images(name: str, architecture: Architecture) -> tuple[Floats | None, str, str]:
    if catalog.find(name) is None:
        return None, name, "The dataset that it learned from is not known here."
    if problem := datasets.problem(name):
        return None, catalog.title(name), str(problem)
    many = images_at_once(architecture.activation_values, MOST_IMAGES)
    images = _first(name, many)
    if images.shape[1:] != architecture.input_shape:
        return None, catalog.title(name), "The dataset's images are not of the network's size."
    return images, catalog.title(name), ""


@st.cache_data(max_entries=8, show_spinner=False)
def _first(name: str, many: int) -> Floats:
    return to_float(datasets.load(name).x_test[:many])
