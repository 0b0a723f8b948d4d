"""Which runs are listed, and which of them are compared: those stand in the link, each in the place of its letter."""

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from cnn_core.runs import listing
from cnn_core.runs.listing import RunHead
from pages.train.runs.keys import Key
from pages.ui.link import link_is_new, put_in_link, went_back
from pages.ui.own_runs import own

LETTERS = "ABCDEFGH"
BETWEEN = "/"  # the ids in a link: no run's id holds one
MORE = listing.MOST_OWN  # further own runs with each press
Heads = Mapping[str, RunHead]  # by their letters


class Listing(NamedTuple):
    """The runs that may be chosen: the visitor's own, those that a link opened, the server's; `older` own ones."""

    own: tuple[RunHead, ...]
    linked: tuple[RunHead, ...]
    servers: tuple[RunHead, ...]
    older: int

    @property
    def all(self) -> tuple[RunHead, ...]:
        """All of them, each once."""
        return (*self.own, *self.linked, *self.servers)


def read_link() -> None:
    """Take what a link says, where the page was opened by one."""
    if link_is_new(Key.CHOSEN) and (Key.CHOSEN in st.query_params or went_back()):
        value = st.query_params.get(Key.CHOSEN)
        st.session_state[Key.CHOSEN] = None if value is None else value.split(BETWEEN)[: len(LETTERS)]


def listed() -> Listing:
    """The runs that may be chosen now."""
    mine, older = own(st.session_state.get(Key.MOST, listing.MOST_OWN))
    servers = listing.servers().runs
    known = {run.id for run in (*mine, *servers)}
    named = (listing.head(run_id) for run_id in dict.fromkeys(_ids()) if run_id and run_id not in known)
    return Listing(mine, tuple(run for run in named if run is not None), servers, older)


def chosen(runs: Listing) -> Heads:
    """Those that are compared; before anybody chose, the newest two that have something to show."""
    if st.session_state.get(Key.CHOSEN) is None:
        st.session_state[Key.CHOSEN] = _first(runs)
    there = {run.id: run for run in runs.all if not run.damaged}
    taken = _ids()
    return {letter: there[one] for letter, one in zip(LETTERS, taken) if one in there}


def put_link(heads: Heads) -> None:
    """Have the link say which are compared."""
    places = [heads[letter].id if letter in heads else "" for letter in LETTERS]
    put_in_link(Key.CHOSEN, BETWEEN.join(places).rstrip(BETWEEN) or None)


def toggle(run_id: str) -> None:
    """Choose a run, in the first free place, or choose it no more."""
    taken = [run_id_ if listing.head(run_id_ or "/") is not None else "" for run_id_ in _ids()]
    if run_id in taken:
        st.session_state[Key.CHOSEN] = ["" if one == run_id else one for one in taken]
        return
    places = [*taken, *[""] * (len(LETTERS) - len(taken))]
    if "" not in places:
        st.toast(f"{len(LETTERS)} runs are compared at most: take one away first.", icon=":material/info:")
        return
    places[places.index("")] = run_id
    st.session_state[Key.CHOSEN] = places


def _ids() -> list[str]:
    ids: list[str] = st.session_state.get(Key.CHOSEN) or []
    return ids


def _first(runs: Listing) -> list[str]:
    shown = [run for run in runs.all if not run.damaged and run.status != "queued"]
    same = [run for run in shown if run.dataset == shown[0].dataset]
    return [run.id for run in same[:2]]
