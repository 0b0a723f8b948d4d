"""What a visitor does to a run by a button. The queue decides whether it may; a page only says why it may not."""

from collections.abc import Callable

import streamlit as st

from cnn_core.limits import LimitReached
from cnn_core.runs.about import NoteError, TitleError
from cnn_core.runs.jobs import JobManager, manager
from cnn_core.runs.ownership import NotYours
from cnn_core.runs.records import RunError
from cnn_core.training.settings import SettingsError
from pages.ui.keys import Shared
from pages.ui.visitor import visitor
from pages.ui.words import sentence


def act(what: Callable[..., None], run_id: str, *values: object) -> None:
    """Have the queue do something to a run (`JobManager.pause`, say) for this visitor.

    A refusal is told in passing: what stands on the page may be older than what is so.
    """
    done(what, run_id, *values)


def done(what: Callable[..., None], run_id: str, *values: object) -> bool:
    """The same; whether the queue did it."""
    try:
        what(manager(), visitor(), run_id, *values)
    except (LimitReached, NoteError, NotYours, RunError, SettingsError, TitleError) as error:
        st.toast(sentence(str(error)), icon=":material/info:")
        return False
    return True


def delete(run_id: str) -> None:
    """Delete a run; the Builder, where it may be open, shows it no longer."""
    if done(JobManager.delete, run_id) and st.session_state.get(Shared.RUN) == run_id:
        forget()


def forget() -> None:
    """Let the Builder show no run."""
    st.session_state.pop(Shared.RUN, None)
    if Shared.RUN in st.query_params:
        del st.query_params[Shared.RUN]
