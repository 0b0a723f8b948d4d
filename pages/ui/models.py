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
from cnn_core.runs.naming import SEPARATOR
from pages.ui.keys import Shared
from pages.ui.link import link_is_new, put_in_link, went_back
from pages.ui.run_names import RUN_PREFIX, begun, run_key, run_name, told_apart
from pages.ui.site import link_to
from pages.ui.visitor import visitor
from pages.ui.words import as_text, percent, sentence

MOST_OPENED = 20  # by links, that a session remembers
OFFERED = (
    "Shipped networks, those you trained in this browser, those that a link opened in this tab, and the "
    "server's own. What others train here is not listed: they can send you its link."
)
# A list as wide as the sidebar would cut off what tells runs apart.
WIDE = "<style>[data-testid=stSelectboxVirtualDropdown] { min-width: min(26rem, 90vw); }</style>"
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


def models() -> Models:
    """The shipped models, the visitor's own, those that links opened, then the server's own; the newest first."""
    found = Models([], {})
    for name in checkpoints.names():
        _add(found, name, name, checkpoints.folder(name))
    runs = list(_runs())
    labels = told_apart({run.id: run_name(run) for run in runs if run.has_model})
    for run in runs:
        if run.has_model:
            _add(found, run_key(run.id), labels[run.id], records.run_path(run.id))
    own = {run.id for run in listing.own(visitor().owner).runs}  # those are named in the list of runs
    found.damaged.update((run.id, run.damaged) for run in runs if run.damaged and run.id not in own)
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


def linked_model(key: str) -> str | None:
    """The key of the model that the link names as `key`; a run is offered to this session from now on, whoever's it is.

    None where the link names none, or one that is not there. What a link of old has before the run's id
    ("title · id") counts for nothing: it may be made up.
    """
    value = st.query_params.get(key, "")
    if value in checkpoints.names():
        return value
    run_id = (
        value.removeprefix(RUN_PREFIX) if value.startswith(RUN_PREFIX) else value.rpartition(SEPARATOR)[2]
    )
    run = listing.head(run_id) if run_id != value else None
    if run is None or not run.has_model:
        return None
    opened: list[str] = st.session_state.get(Shared.OPENED, [])
    st.session_state[Shared.OPENED] = [*(other for other in opened if other != run_id), run_id][-MOST_OPENED:]
    return run_key(run_id)


def pick_model(where: DeltaGenerator | None = None) -> ModelRef | None:
    """The model that all pages look at, chosen in the sidebar (or `where`); None, with a sentence, if there is none."""
    where = where or st.sidebar
    ref = choose_model(Shared.MODEL, where, help=OFFERED)
    if ref is None:
        trains = "Train one on the Builder page." if limits().trains else SHOWS_ONLY
        where.info(f"No model fits this page yet. {trains}", icon=":material/model_training:")
        return None
    where.caption(describe(ref))
    return ref


def choose_model(key: str, where: DeltaGenerator, *, help: str | None = None) -> ModelRef | None:
    """One of the models that the visitor may choose, remembered and in the link as `key`; None if there is none.

    The link holds the model's key, not what the list calls it, and the list is no part of the link: Streamlit would put
    there what it shows, which changes with the run's title and scores.
    """
    picker = f"{key}-picker"
    if link_is_new(key):
        named = linked_model(key)
        if named is not None or went_back():
            st.session_state[key] = named
    refs = {ref.key: ref for ref in models().refs}
    if not refs:
        return None
    first = next(iter(refs))
    if st.session_state.get(key) not in refs:
        st.session_state[key] = first
    st.session_state[picker] = st.session_state[key]

    def take() -> None:
        st.session_state[key] = st.session_state[picker]

    with where:
        st.html(WIDE)
        st.selectbox(
            "Model",
            list(refs),
            format_func=lambda one: refs[one].label,
            key=picker,
            on_change=take,
            help=help,
        )
    chosen: str = st.session_state[key]
    put_in_link(key, None if chosen == first else chosen)
    return refs[chosen]


def describe(ref: ModelRef) -> str:
    """One line on a model: its data, its size, its test score or why it has none."""
    card = ref.card
    run = listing.head(ref.path.name) if ref.key.startswith(RUN_PREFIX) else None
    scores = untested(ref) if card.test is None else f"test accuracy {percent(card.test['accuracy'], 2)}"
    parts = [
        as_text(catalog.title(card.dataset)),
        f"{card.architecture.parameters:,} parameters",
        scores,
        "" if run is None else begun(run.created),
    ]
    return SEPARATOR.join(part for part in parts if part)


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


def chosen_ref(what: str) -> ModelRef:
    """The model picked in the sidebar, its weights not read. Where there is none, the page ends here with a sentence:
    `what` says what would be shown ("The filters of a network")."""
    ref = pick_model()
    if ref is None:
        trains = "Train a network first." if limits().trains else SHOWS_ONLY
        st.info(f"{what} will be here. {trains}", icon=":material/model_training:")
        if limits().trains:
            link_to("builder", "Build and train one")
        st.stop()
    return ref


def chosen_model(what: str) -> tuple[ModelRef, Checkpoint]:
    """The model picked in the sidebar, loaded. Where there is none, or its files are damaged, the page ends here
    with a sentence, as `chosen_ref`."""
    ref = chosen_ref(what)
    return ref, loaded(ref)


def loaded(ref: ModelRef) -> Checkpoint:
    """The model's network and card; where its files are damaged, the page ends here with a sentence."""
    try:
        return load_model(ref)
    except CheckpointError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        st.stop()
