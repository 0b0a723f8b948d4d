"""A visitor's own runs with their state, on Home and on the Builder: found again in any tab of the browser.

One that is opened is shown on the Builder; a small menu renames, keeps and deletes.
"""

from collections import Counter
from collections.abc import Callable

import streamlit as st

from cnn_core.limits import limits
from cnn_core.runs import clearing, listing
from cnn_core.runs.about import LONGEST_TITLE
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.listing import Listed, RunHead
from pages.ui import run_state
from pages.ui.keys import Shared
from pages.ui.run_acts import delete, done
from pages.ui.site import link_to
from pages.ui.visitor import NO_COOKIES, keeps_cookies, visitor
from pages.ui.words import as_text, count, sentence

SHOWN = 3  # on Home, before the rest folds away
POLL_SECONDS = 2.0  # while one waits or trains
NONE_YET = "What you train in this browser is listed here, also when you come back tomorrow."
States = tuple[tuple[str, ...], ...]
Opener = Callable[[RunHead], None]


def own() -> Listed:
    """The visitor's runs: those that wait or train first, then the newest."""
    runs, more = listing.own(visitor().owner)
    return Listed(tuple(sorted(runs, key=lambda run: not run.active)), more)


def section() -> None:
    """On Home: the runs under a heading; nothing where there are none."""
    runs = own().runs
    if runs:
        st.subheader("Your runs", anchor=False)
        st.fragment(_section, run_every=_pace(runs))(_states(runs))


def menu(show: Callable[[str], None]) -> None:
    """On the Builder: a button that says how many there are and what they do, and opens the list; `show` shows one."""
    runs = own().runs
    st.fragment(_menu, run_every=_pace(runs))(_states(runs), show)


def _pace(runs: tuple[RunHead, ...]) -> float | None:
    return POLL_SECONDS if any(run.active for run in runs) else None


def _states(runs: tuple[RunHead, ...]) -> States:
    """What the rest of a page may depend on: when it changes, the whole page is asked for again."""
    return tuple((run.id, run.title, run.status, str(run.kept), run.damaged) for run in runs)


def _section(states: States) -> None:
    runs, more = own()
    if _states(runs) != states:
        st.rerun()
    with st.container(gap="xsmall"):
        for run in runs[:SHOWN]:
            _row(run, _link)
    if runs[SHOWN:]:
        rest = st.expander(
            f"{count(len(runs) - SHOWN + more, 'run')} more", key=Shared.RUN_REST, on_change="rerun"
        )
        if rest.open:
            with rest:
                _rest(runs[SHOWN:], more, _link)
    _cookies()


def _menu(states: States, show: Callable[[str], None]) -> None:
    runs, more = own()
    if _states(runs) != states:
        st.rerun()

    def opener(run: RunHead) -> None:
        if st.button(f"**{as_text(run.title)}**", key=f"{Shared.RUN_OPEN}-{run.id}", type="tertiary"):
            show(run.id)
            st.rerun()

    label = f"Your runs: {summary(runs, more)}" if runs else "Your runs"
    list_ = st.popover(label, icon=":material/history:", key=Shared.RUN_LIST, on_change="rerun")
    if list_.open:
        with list_:
            _cookies()
            if not runs:
                st.markdown(NONE_YET)
            _rest(runs, more, opener)


def summary(runs: tuple[RunHead, ...], more: int) -> str:
    """How many there are, or what the active ones do: "1 training, 2 waiting"."""
    active = Counter(run_state.LOOKS[run.status].words for run in runs if run.active)
    return ", ".join(f"{number} {words}" for words, number in active.items()) or f"{len(runs) + more:,}"


def _rest(runs: tuple[RunHead, ...], more: int, opener: Opener) -> None:
    for run in runs:
        _row(run, opener)
    if more:
        st.caption(f"And {count(more, 'older run')}. To see one, delete newer ones, or open it by its link.")


def _cookies() -> None:
    if not keeps_cookies():
        st.caption(NO_COOKIES)


def _link(run: RunHead) -> None:
    link_to("builder", f"**{as_text(run.title)}**", {Shared.RUN: run.id})


def _row(run: RunHead, opener: Opener) -> None:
    mine = visitor().may_change(run.owner)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if run.damaged:
            st.markdown(f"**{as_text(run.title)}**", width="content")
        else:
            opener(run)
        run_state.badge(run)
        st.caption(sentence(run.damaged) if run.damaged else run_state.about(run), width="stretch")
        if mine:
            st.button(
                "",
                icon=":material/more_vert:",
                key=f"{Shared.RUN_MENU}-{run.id}",
                type="tertiary",
                help="Rename, keep or delete",
                on_click=_toggle,
                args=(run.id,),
            )
    if mine and st.session_state.get(Shared.RUN_MENU) == run.id:
        with st.container(border=True, gap="small"):
            _changes(run)


def _toggle(run_id: str) -> None:
    """Open the run's menu, and no other; or close it."""
    st.session_state.pop(Shared.RUN_ASKED, None)
    if st.session_state.pop(Shared.RUN_MENU, None) != run_id:
        st.session_state[Shared.RUN_MENU] = run_id


def _changes(run: RunHead) -> None:
    """What a run's owner may change about it."""
    title, kept = f"{Shared.RUN_TITLE}-{run.id}", f"{Shared.RUN_KEEP}-{run.id}"
    st.text_input(
        "Title",
        run.title[:LONGEST_TITLE],
        max_chars=LONGEST_TITLE,
        key=title,
        on_change=_rename,
        args=(run.id, title),
    )
    st.checkbox("Keep", run.kept, key=kept, on_change=_keep, args=(run.id, kept), help=keeping())
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if st.session_state.get(Shared.RUN_ASKED) != run.id:
            st.button("Delete", icon=":material/delete:", on_click=_ask, args=(run.id,), key=_key("ask", run))
            return
        st.markdown("Delete it with its weights and scores, for good?", width="content")
        st.button("Delete for good", type="primary", on_click=delete, args=(run.id,), key=_key("yes", run))
        st.button("Leave it", on_click=_toggle, args=(run.id,), key=_key("no", run))


def _key(what: str, run: RunHead) -> str:
    return f"{Shared.RUN_ASKED}-{what}-{run.id}"


def keeping() -> str:
    """What it means to keep a run."""
    return f"A run that is kept is never cleared away. {clearing.rule(limits())}"


def _ask(run_id: str) -> None:
    st.session_state[Shared.RUN_ASKED] = run_id


def _rename(run_id: str, key: str) -> None:
    if not done(JobManager.rename, run_id, st.session_state[key]):
        del st.session_state[key]  # the field shows the title that it has


def _keep(run_id: str, key: str) -> None:
    if not done(JobManager.keep, run_id, st.session_state[key]):
        del st.session_state[key]
