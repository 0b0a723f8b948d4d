"""What an experiment begins with: the network and the settings of the Builder, or a run with all that it had."""

from dataclasses import dataclass

import streamlit as st

from cnn_core.data import catalog, datasets
from cnn_core.networks import repairs
from cnn_core.runs import history, listing, live, records
from cnn_core.runs.series import Planned
from cnn_core.series.base import Base
from cnn_core.training.settings_line import to_line
from pages.train.series.keys import Key
from pages.train.series.settings import pick_settings
from pages.ui.keys import Shared
from pages.ui.link import link_is_new, put_in_link, went_back
from pages.ui.network import state as network_state
from pages.ui.network.dataset import dataset_problem, pick_dataset
from pages.ui.network.words import title
from pages.ui.own_runs import own
from pages.ui.run_names import run_name, told_apart
from pages.ui.site import link_to
from pages.ui.words import as_text, sentence

BUILT = ""
BUILT_TITLE = "The network below"


@dataclass(frozen=True)
class BeginWith:
    """The base of an experiment, and the run that it is, if that has its scores already."""

    base: Base
    done: Planned | None = None


def pick_base() -> BeginWith | None:
    """What is chosen in the sidebar; None, with a sentence that says why, where nothing can be trained with it."""
    with st.sidebar:
        run_id = _pick_run()
        if run_id == BUILT:
            info = pick_dataset()
            network_state.text_input()
            architecture = network_state.network(info)
            found = BeginWith(Base(architecture, pick_settings(info.name, architecture.layers)))
        else:
            read = _of_run(run_id)
            if read is None:
                return None
            found = read
        st.caption(_words(found.base))
    return found if _works(found.base, run_id == BUILT) else None


def _pick_run() -> str:
    """The id of the run to begin with; empty for the network that is being built."""
    if link_is_new(Key.FROM):
        named = st.query_params.get(Key.FROM) or st.query_params.get(Shared.RUN)
        if named or went_back():
            st.session_state[Key.FROM] = named or BUILT
        put_in_link(Shared.RUN, None)
    chosen: str = st.session_state.get(Key.FROM) or BUILT
    linked = listing.head(chosen) if chosen else None
    runs = {
        run.id: run
        for run in (*([linked] if linked else []), *own().runs, *listing.servers().runs)
        if not run.damaged
    }
    if chosen not in runs:
        chosen = BUILT
    st.session_state[Key.FROM] = st.session_state[Key.FROM_PICKER] = chosen
    names = {BUILT: BUILT_TITLE, **told_apart({key: run_name(run) for key, run in runs.items()})}

    def take() -> None:
        st.session_state[Key.FROM] = st.session_state[Key.FROM_PICKER]

    st.selectbox(
        "Begin with", list(names), format_func=names.__getitem__, key=Key.FROM_PICKER, on_change=take
    )
    put_in_link(Key.FROM, chosen or None)
    return chosen


def _of_run(run_id: str) -> BeginWith | None:
    try:
        run = live.read(run_id)
    except records.RunError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        return None
    return BeginWith(Base(run.architecture, run.settings), done(run))


def done(run: history.Run) -> Planned | None:
    """The run as a part of an experiment that needs not be trained again; None where it has no scores."""
    if run.status != "finished" or run.test is None or run.learning_rates:
        return None
    return Planned("", run.architecture, run.settings, run=run.id)


def _words(base: Base) -> str:
    settings = to_line(base.settings).replace("_", " ").replace("=", " ").split(" ")
    rest = as_text(" ".join(settings)) or "the usual settings"
    data = as_text(catalog.title(base.settings.dataset))
    return f"{as_text(title(base.architecture))} on {data}: {rest}."


def _works(base: Base, built: bool) -> bool:
    """Whether it can be trained; else a sentence says why not."""
    if built and (misread := network_state.misread()):
        st.error(misread, icon=":material/error:")
    info = catalog.find(base.settings.dataset)
    if info is None:
        st.error("The images that this run learned from are not known here.", icon=":material/error:")
        return False
    if datasets.problem(info.name):
        dataset_problem(info)
        return False
    if wrong := repairs.to_do(base.architecture):
        st.error(wrong, icon=":material/build:")
        link_to("builder", "To the Builder, which offers the repair")
        return False
    return True
