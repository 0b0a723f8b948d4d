"""A visitor's own runs with their state, on Home and on the Builder: found again in any tab of the browser.

One that is opened is shown on the Builder; a small menu has what its owner may change (`run_changes`).
"""

from collections import Counter
from collections.abc import Callable
from functools import partial

import streamlit as st

from cnn_core.limits import limits
from cnn_core.runs import listing
from cnn_core.runs.jobs import manager
from cnn_core.runs.listing import Listed, RunHead
from pages.ui import run_state
from pages.ui.controls import shut, stays_shut
from pages.ui.keys import Shared
from pages.ui.run_changes import changes, keeping
from pages.ui.run_names import run_name
from pages.ui.site import info
from pages.ui.visitor import NO_COOKIES, keeps_cookies, visitor
from pages.ui.words import as_text, count

LAST = float("inf")
SHOWN = 3  # on Home, before the rest folds away
POLL_SECONDS = 2.0  # while one waits or trains
NONE_YET = "What you train in this browser is listed here, also when you come back tomorrow."
States = tuple[tuple[str, ...], ...]
Opener = Callable[[RunHead], None]


def own(most: int = listing.MOST_OWN) -> Listed:
    """The visitor's newest runs: those that train or wait first, by their turn, then the newest."""
    runs, more = listing.own(visitor().owner, most)
    return Listed(tuple(sorted(runs, key=_turn)), more)


def _turn(run: RunHead) -> float:
    """0 for a run in training, its position for one that waits, more for any other."""
    position = manager().position(run.id) if run.active else None
    return LAST if position is None else position


def section() -> None:
    """On Home: the runs under a heading; nothing where there are none."""
    runs = own().runs
    if runs:
        st.subheader("Your runs", anchor=False)
        st.fragment(_section, run_every=_pace(runs))(_states(runs))


def menu(show: Callable[[str], None]) -> None:
    """On the Builder: what they do, and a button that opens the list; `show` shows one.

    Nothing where there is none and none can be.
    """
    runs = own().runs
    if not (runs or limits().trains or visitor().admin):
        return
    st.fragment(_menu, run_every=_pace(runs))(_states(runs), show)


def _pace(runs: tuple[RunHead, ...]) -> float | None:
    return POLL_SECONDS if any(run.active for run in runs) else None


def _states(runs: tuple[RunHead, ...]) -> States:
    """What the rest of a page may depend on: when it changes, the whole page is asked for again."""
    return tuple((run.id, run_name(run), run.status, str(run.kept), run.damaged) for run in runs)


def _section(states: States) -> None:
    runs, more = own()
    with st.container(gap="xsmall"):
        for run in runs[:SHOWN]:
            _row(run, _link)
    if runs[SHOWN:]:
        rest = st.expander("Your earlier runs", key=Shared.RUN_REST, on_change="rerun")
        if rest.open:
            with rest:
                _rest(runs[SHOWN:], more, _link)
    _cookies()
    if _states(runs) != states:
        st.rerun()


def _menu(states: States, show: Callable[[str], None]) -> None:
    runs, more = own()

    def open_(run_id: str) -> None:
        show(run_id)
        st.session_state[Shared.RUN_OPEN] = True  # the whole page has to be asked for
        shut(Shared.RUN_LIST)  # it would lie over what is opened

    def opener(run: RunHead) -> None:
        st.button(
            f"**{as_text(run_name(run))}**",
            key=f"{Shared.RUN_OPEN}-{run.id}",
            type="tertiary",
            on_click=open_,
            args=(run.id,),
        )

    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        # Beside the button, not on it: with another label it is another button, and its list closes.
        if runs:
            st.caption(summary(runs, more), width="content")
        list_ = st.popover(
            "Your runs",
            icon=":material/history:",
            key=Shared.RUN_LIST,
            on_change=stays_shut,
            args=(Shared.RUN_LIST,),
        )
    if list_.open:
        with list_:
            _cookies()
            shown = (*_others(runs), *runs)
            if not shown:
                st.markdown(NONE_YET)
            _rest(shown, more, opener)
    if st.session_state.pop(Shared.RUN_OPEN, False) or _states(runs) != states:
        st.rerun()


def _others(runs: tuple[RunHead, ...]) -> list[RunHead]:
    """For the admin: the run that the Builder shows, where it is somebody else's."""
    shown = st.query_params.get(Shared.RUN)
    run = listing.head(shown) if shown and visitor().admin else None
    return [] if run is None or run.id in [own.id for own in runs] else [run]


def summary(runs: tuple[RunHead, ...], more: int) -> str:
    """What the active ones do, "1 training, 2 waiting", else how many there are: "7 runs"."""
    active = Counter(run_state.doing(run) for run in runs if run.active)
    doing = ", ".join(f"{number} {words}" for words, number in active.items())
    return doing or count(len(runs) + more, "run")


def _rest(runs: tuple[RunHead, ...], more: int, opener: Opener) -> None:
    for run in runs:
        _row(run, opener)
    if runs:
        st.caption(keeping())
    if more:
        st.caption(f"And {count(more, 'older run')}. To see one, delete newer ones, or open it by its link.")


def _cookies() -> None:
    if not keeps_cookies():
        st.caption(NO_COOKIES)


def _link(run: RunHead) -> None:
    page = info("builder").script
    st.page_link(page, label=f"**{as_text(run_name(run))}**", query_params={str(Shared.RUN): run.id})


def _row(run: RunHead, opener: Opener) -> None:
    mine = visitor().may_change(run.owner)
    with st.container(gap="xsmall"):  # one place a run: a menu that opens takes that of no other row
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
                if run.damaged:
                    st.markdown(f"**{as_text(run_name(run))}**", width="content")
                else:
                    opener(run)
                run_state.badge(run)
                if run.named or run.damaged:  # else its name says it
                    st.caption(run_state.about(run), width="content")
            if mine:
                st.button(
                    "Change",
                    key=f"{Shared.RUN_MENU}-{run.id}",
                    type="tertiary",
                    icon=":material/edit:",
                    help="Rename, note, keep or delete",
                    on_click=_toggle,
                    args=(run.id,),
                )
        if mine and st.session_state.get(Shared.RUN_MENU) == run.id:
            with st.container(border=True, gap="small"):
                changes(run, partial(_toggle, run.id))


def _toggle(run_id: str) -> None:
    """Open the run's menu, and no other; or close it."""
    st.session_state.pop(Shared.RUN_ASKED, None)
    if st.session_state.pop(Shared.RUN_MENU, None) != run_id:
        st.session_state[Shared.RUN_MENU] = run_id
