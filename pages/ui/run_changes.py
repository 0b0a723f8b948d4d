"""What a run's owner may change about it: its title and note, whether it is kept, and that it is there at all."""

from collections.abc import Callable

import streamlit as st

from cnn_core.limits import limits
from cnn_core.runs import clearing
from cnn_core.runs.about import LONGEST_NOTE, LONGEST_TITLE
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.listing import RunHead
from pages.ui.keys import Shared
from pages.ui.run_acts import delete, done
from pages.ui.run_names import run_name


def changes(run: RunHead, leave: Callable[[], None]) -> None:
    """The fields for a run that is the visitor's; `leave` is called where it is not to be deleted after all."""
    title, kept, note = (f"{key}-{run.id}" for key in (Shared.RUN_TITLE, Shared.RUN_KEEP, Shared.RUN_NOTE))
    st.text_input(
        "Title",
        run.title[:LONGEST_TITLE] if run.named else "",
        max_chars=LONGEST_TITLE,
        placeholder=run_name(run),
        key=title,
        on_change=_change,
        args=(JobManager.rename, run.id, title),
    )
    st.text_area(
        "Note",
        run.note[:LONGEST_NOTE],
        max_chars=LONGEST_NOTE,
        placeholder="What was tried, and what came of it",
        help="Whoever opens the run by its link reads it too.",
        key=note,
        height=80,
        on_change=_change,
        args=(JobManager.note, run.id, note),
    )
    st.checkbox(
        "Keep",
        run.kept,
        key=kept,
        on_change=_change,
        args=(JobManager.keep, run.id, kept),
        help=keeping(),
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.session_state.get(Shared.RUN_ASKED) != run.id:
            st.button("Delete", icon=":material/delete:", on_click=_ask, args=(run.id,), key=_key("ask", run))
            return
        st.markdown("Delete it with its weights and scores, for good?", width="content")
        st.button("Delete for good", type="primary", on_click=delete, args=(run.id,), key=_key("yes", run))
        st.button("Leave it", on_click=leave, key=_key("no", run))


def keeping() -> str:
    """What it means to keep a run."""
    return f"A run that is kept is never cleared away. {clearing.rule(limits())}"


def unasked() -> None:
    """No run is to be deleted."""
    st.session_state.pop(Shared.RUN_ASKED, None)


def _key(what: str, run: RunHead) -> str:
    return f"{Shared.RUN_ASKED}-{what}-{run.id}"


def _ask(run_id: str) -> None:
    st.session_state[Shared.RUN_ASKED] = run_id


def _change(what: Callable[..., None], run_id: str, key: str) -> None:
    if not done(what, run_id, st.session_state[key]):
        del st.session_state[key]  # the field shows what is so
