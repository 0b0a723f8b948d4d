"""The models that a visitor may choose: the picker that every page shares, and the loader behind it.

They are those that are shipped, the visitor's own, those that a link opened in this session, and the newest of the
server's own; never everybody's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core import checkpoints
from cnn_core.checkpoints import Card, Checkpoint, CheckpointError
from cnn_core.data import catalog
from cnn_core.limits import SHOWS_ONLY, limits
from cnn_core.runs import history, listing, records
from cnn_core.runs.listing import RunHead
from pages.ui.keys import Shared
from pages.ui.link import in_link, relabel
from pages.ui.site import link_to
from pages.ui.visitor import visitor
from pages.ui.words import as_text, percent, sentence

RUN_PREFIX = "run:"
SEPARATOR = " · "
MOST_OPENED = 20  # by links, that a session remembers
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


class Models(NamedTuple):
    """The models that a visitor may choose, and what is wrong with those that cannot be read, by their names."""

    refs: list[ModelRef]
    damaged: dict[str, str]


def run_label(title: str, run_id: str) -> str:
    """How a run's model reads in the picker, and so in a link to a page (`?model=…` holds what the picker shows)."""
    return f"{title}{SEPARATOR}{run_id}"


def models() -> Models:
    """The shipped models, the visitor's own, those that links opened, then the server's own; the newest first."""
    found = Models([], {})
    for name in checkpoints.names():
        _add(found, name, name, checkpoints.folder(name))
    for run in _runs():
        if run.has_model:
            _add(found, RUN_PREFIX + run.id, run_label(run.title, run.id), records.run_path(run.id))
        elif run.damaged and run.owner is None:  # a visitor's own are named in the list of runs
            found.damaged[run.id] = run.damaged
    return found


def _add(found: Models, key: str, label: str, path: Path) -> None:
    model = listing.model(path)
    if model.card is not None:
        found.refs.append(ModelRef(key, label, path, model.stamp, model.card))
    elif model.damaged:
        found.damaged[path.name] = model.damaged


def _runs() -> Iterator[RunHead]:
    """The runs whose models are offered, each once."""
    opened = (listing.head(run_id) for run_id in reversed(st.session_state.get(Shared.OPENED, [])))
    seen = set()
    for run in (*listing.own(visitor().owner).runs, *opened, *listing.servers().runs):
        if run is not None and run.id not in seen:
            seen.add(run.id)
            yield run


def open_linked(key: str) -> None:
    """Let this session choose the run whose model the link names as `key`, whoever trained it.

    Only the id at the end of the link's value counts: what stands before it may be made up, and gives way to the
    run's own title.
    """
    value = st.query_params.get(key, "")
    _, separator, run_id = value.rpartition(SEPARATOR)
    run = listing.head(run_id) if separator else None
    if run is None or not run.has_model:
        return
    opened: list[str] = st.session_state.get(Shared.OPENED, [])
    st.session_state[Shared.OPENED] = [*(other for other in opened if other != run_id), run_id][-MOST_OPENED:]
    if value != (label := run_label(run.title, run_id)):
        relabel(key, label)


def pick_model(where: DeltaGenerator | None = None) -> ModelRef | None:
    """The model that all pages look at, chosen in the sidebar (or `where`); None, with a sentence, if there is none."""
    where = where or st.sidebar
    open_linked(Shared.MODEL)
    refs = {ref.key: ref for ref in models().refs}
    if not refs:
        trains = "Train one on the Builder page." if limits().trains else SHOWS_ONLY
        where.info(f"No model fits this page yet. {trains}", icon=":material/model_training:")
        return None
    if Shared.MODEL not in st.query_params and st.session_state.get(Shared.MODEL) in refs:
        # A value that came with the URL is lost at the first switch to another page unless it is set again.
        st.session_state[Shared.MODEL] = st.session_state[Shared.MODEL]
    key = where.selectbox(
        "Model",
        list(refs),
        format_func=lambda key: refs[key].label,
        **in_link(Shared.MODEL),
        help="Shipped networks, those you trained in this browser, those that a link opened in this tab, and the "
        "server's own. What others train here is not listed: they can send you its link.",
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
        trains = "Train a network first." if limits().trains else SHOWS_ONLY
        st.info(f"{what} will be here. {trains}", icon=":material/model_training:")
        if limits().trains:
            link_to("builder", "Build and train one")
        st.stop()
    try:
        return ref, load_model(ref)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        st.stop()
