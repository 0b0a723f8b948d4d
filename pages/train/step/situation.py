"""What the page stands at: a network with its weights, a dataset, settings, and the training that they make."""

from dataclasses import dataclass

import streamlit as st

from cnn_core.data import catalog, datasets
from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.training.estimate import STEP
from cnn_core.training.opened.walk import Walk, problem
from cnn_core.training.settings import TrainSettings
from pages.train.step.keys import Key
from pages.train.step.settings import StepSettings
from pages.ui.controls import segments
from pages.ui.link import link_is_new, linked
from pages.ui.models import ModelRef, loaded, pick_model
from pages.ui.network import state as network_state
from pages.ui.network.dataset import dataset_problem, pick_dataset
from pages.ui.network.words import title
from pages.ui.site import link_to

FRESH, TRAINED = "Fresh", "Trained"
MOST_STEPS = 999
LONGEST_REPLAY = 1.0  # seconds of steps that opening a link may cost


@dataclass(frozen=True, eq=False)
class Situation:
    """A training in single steps: of which network, on which images, by which settings."""

    name: str
    architecture: Architecture
    classes: tuple[str, ...]
    settings: TrainSettings
    walk: Walk

    @property
    def step_seconds(self) -> float:
        """About how long a step takes."""
        return STEP.seconds(self.architecture, self.settings.batch_size)


@dataclass(frozen=True, eq=False)
class _Chosen:
    name: str
    architecture: Architecture
    dataset: str
    ref: ModelRef | None  # None: fresh weights


def pick(controls: StepSettings) -> Situation:
    """What is chosen in the sidebar; where that gives no training, the page ends with a sentence that says why."""
    with st.sidebar:
        trained = segments("Weights", (FRESH, TRAINED), Key.FROM, FRESH) == TRAINED
        chosen = _trained() if trained else _built()
    if chosen is None:
        st.stop()
    settings = controls.of(chosen.dataset)
    _end_where_wrong(chosen, settings)
    walk = _walk(chosen, settings)
    classes = catalog.info(chosen.dataset).classes
    return Situation(chosen.name, chosen.architecture, classes, settings, walk)


def _built() -> _Chosen:
    info = pick_dataset()
    network_state.text_input()
    architecture = network_state.network(info)
    return _Chosen(title(architecture), architecture, info.name, None)


def _trained() -> _Chosen | None:
    ref = pick_model(st.container())
    return None if ref is None else _Chosen(ref.label, ref.card.architecture, ref.card.dataset, ref)


def _end_where_wrong(chosen: _Chosen, settings: TrainSettings) -> None:
    if catalog.find(chosen.dataset) is None:
        st.error("The images that this network learned from are not known here.", icon=":material/error:")
        st.stop()
    if datasets.problem(chosen.dataset):
        dataset_problem(catalog.info(chosen.dataset))
        st.stop()
    if chosen.ref is None and (misread := network_state.misread()):
        st.error(misread, icon=":material/error:")
    if wrong := repairs.to_do(chosen.architecture):
        st.error(wrong, icon=":material/build:")
        link_to("builder", "To the Builder, which offers the repair")
        st.stop()
    if wrong := problem(chosen.architecture, settings.batch_size):
        st.error(wrong, icon=":material/error:")
        st.stop()


def _walk(chosen: _Chosen, settings: TrainSettings) -> Walk:
    """The session's training; where anything about it is new, it begins again."""
    source = network_state.line() if chosen.ref is None else (chosen.ref.key, chosen.ref.stamp)
    identity = (source, chosen.architecture, settings)
    known: object
    walk: Walk | None
    known, walk = st.session_state.get(Key.WALK, (None, None))
    if known != identity or walk is None:
        ref = chosen.ref
        model = build(chosen.architecture, settings.seed) if ref is None else loaded(ref).model
        data = datasets.load(chosen.dataset)
        walk = Walk(model, settings, data.x_train, data.y_train)
        if known is not None:
            st.session_state[Key.AT] = 0
        st.session_state[Key.STARTS] = {}
        st.session_state[Key.WALK] = (identity, walk)
    _follow_link(STEP.seconds(chosen.architecture, settings.batch_size))
    return walk


def _follow_link(step_seconds: float) -> None:
    """Stand where the link says, if that takes no longer than one waits for a page."""
    if not link_is_new(Key.AT):
        return
    named = linked(Key.AT, "[0-9]{1,3}")
    if named is not None and int(named) * step_seconds <= LONGEST_REPLAY:
        st.session_state[Key.AT] = int(named)
