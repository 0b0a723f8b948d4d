"""The models of this machine, shipped and trained: the picker that every page shares, and the loader behind it."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core import checkpoints
from cnn_core.checkpoints import Card, Checkpoint, CheckpointError
from cnn_core.data import catalog
from cnn_core.runs import history, records
from pages.ui.controls import in_link
from pages.ui.keys import Shared
from pages.ui.site import link_to
from pages.ui.words import as_text, percent, sentence

RUN_PREFIX = "run:"
# What is said of a network without scores, by the state of the run that it comes from.
UNTESTED = {
    "queued": "waiting to be trained further, not tested yet",
    "running": "still training, not tested yet",
    "paused": "paused in training, not tested yet",
    "interrupted": "interrupted in training, not tested yet",
    "failed": "its training failed, not tested",
}


@dataclass(frozen=True)
class ModelRef:
    """One model: `key` is "mnist-3conv" or "run:<run id>"; `stamp` changes whenever its files do (a cache key)."""

    key: str
    label: str
    path: Path
    stamp: int
    card: Card


def run_label(title: str, run_id: str) -> str:
    """How a run's model reads in the picker, and so in a link to a page (`?model=…` holds what the picker shows)."""
    return f"{title} · {run_id}"


@st.cache_data(max_entries=256, show_spinner=False)
def _card(path: Path, stamp: int) -> Card | str:
    """The card, or the sentence that says what is wrong with it, in Markdown."""
    try:
        return checkpoints.read_card(path)
    except checkpoints.CheckpointError as error:
        return sentence(str(error))


def _folders() -> list[tuple[Path, str, int, Card | str]]:
    """Every model's folder, prefix, stamp and card: the shipped ones, then the trained, newest first."""
    shipped = [(checkpoints.folder(name), "") for name in checkpoints.names()]
    trained = sorted(records.runs_home().glob(f"*/{checkpoints.CARD}"), reverse=True)
    found = []
    for path, prefix in [*shipped, *((card.parent, RUN_PREFIX) for card in trained)]:
        try:
            stamp = (path / checkpoints.CARD).stat().st_mtime_ns
        except OSError:
            continue  # deleted in this moment
        found.append((path, prefix, stamp, _card(path, stamp)))
    return found


def list_models() -> list[ModelRef]:
    """The shipped models, then the trained ones, newest first; damaged ones are in `damaged_models`."""
    return [
        ModelRef(
            prefix + path.name, run_label(card.title, path.name) if prefix else path.name, path, stamp, card
        )
        for path, prefix, stamp, card in _folders()
        if isinstance(card, Card)
    ]


def damaged_models() -> dict[str, str]:
    """The folders whose card cannot be read, by name, and what is wrong with each, in Markdown."""
    return {path.name: card for path, _, _, card in _folders() if isinstance(card, str)}


def pick_model(where: DeltaGenerator | None = None) -> ModelRef | None:
    """The model that all pages look at, chosen in the sidebar (or `where`); None, with a sentence, if there is none."""
    where = where or st.sidebar
    refs = {ref.key: ref for ref in list_models()}
    if not refs:
        where.info(
            "No model fits this page yet. Train one on the Builder page.", icon=":material/model_training:"
        )
        return None
    if Shared.MODEL not in st.query_params and st.session_state.get(Shared.MODEL) in refs:
        # A value that came with the URL is lost at the first switch to another page unless it is set again.
        st.session_state[Shared.MODEL] = st.session_state[Shared.MODEL]
    key = where.selectbox(
        "Model",
        list(refs),
        format_func=lambda key: refs[key].label,
        **in_link(Shared.MODEL),
        help="Shipped networks, and every network trained on this machine.",
    )
    ref = refs[key]
    where.caption(describe(ref))
    return ref


def describe(ref: ModelRef) -> str:
    """One line on a model: its data, its size, its test score or why it has none."""
    card = ref.card
    text = f"{as_text(catalog.title(card.dataset))} · {card.architecture.parameters:,} parameters"
    if card.test is None:
        return f"{text} · {untested(ref)}"
    return f"{text} · test accuracy {percent(card.test['accuracy'], 2)}"


def untested(ref: ModelRef) -> str:
    """Why a model has no test score: what became of its run."""
    if not ref.key.startswith(RUN_PREFIX):
        return "not tested"
    try:
        status = history.read_status(ref.path)
    except records.RunError as error:
        return sentence(str(error))
    return UNTESTED.get(status, "not tested")


@st.cache_resource(max_entries=8, show_spinner="Loading the model…")
def _load(path: Path, stamp: int) -> Checkpoint:
    return checkpoints.load(path)


def load_model(ref: ModelRef) -> Checkpoint:
    """The model's network and card, shared by all sessions: never hook, train or change it.

    Raises `CheckpointError` where its files are damaged.
    """
    return _load(ref.path, ref.stamp)


def chosen_model(what: str) -> tuple[ModelRef, Checkpoint]:
    """The model picked in the sidebar, loaded. Where there is none, or its files are damaged, the page ends here
    with a sentence: `what` says what would be shown ("The filters of a network")."""
    ref = pick_model()
    if ref is None:
        st.info(f"{what} will be here. Train a network first.", icon=":material/model_training:")
        link_to("builder", "Build and train one")
        st.stop()
    try:
        return ref, load_model(ref)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        st.stop()
