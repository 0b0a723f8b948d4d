"""Which experiment is shown: the one that was just started, the link's, or the visitor's newest."""

from typing import NamedTuple

import streamlit as st

from cnn_core.limits import SHOWS_ONLY, limits
from cnn_core.runs import series
from cnn_core.runs.jobs import manager
from cnn_core.runs.series import Series, SeriesFileError
from cnn_core.series import KINDS
from pages.train.series.keys import Key
from pages.ui.link import link_is_new, put_in_link, went_back
from pages.ui.run_names import begun, told_apart
from pages.ui.visitor import visitor
from pages.ui.words import as_text, count, sentence

EMPTY = "Press Start: every run's score appears here as soon as it has ended, and what they say together."


def show(series_id: str) -> None:
    """Make this the experiment of the page."""
    st.session_state[Key.SHOWN] = series_id


def pick_shown() -> str | None:
    """The id of the experiment to show, and a list of the visitor's where there are several; None: there is none."""
    if link_is_new(Key.SHOWN) and (Key.SHOWN in st.query_params or went_back()):
        st.session_state[Key.SHOWN] = st.query_params.get(Key.SHOWN)
    chosen: str | None = st.session_state.get(Key.SHOWN)
    known = _known(chosen)
    if chosen and chosen not in known:
        st.info(sentence(str(SeriesFileError(series.NOT_THERE))), icon=":material/info:")
        chosen = None
    if chosen is None:
        chosen = next(iter(known), None)
    st.session_state[Key.SHOWN] = chosen
    put_in_link(Key.SHOWN, chosen)
    if chosen is None:
        st.info(EMPTY if limits().trains else SHOWS_ONLY, icon=":material/experiment:")
        return None
    if len(known) > 1:
        _list(known, chosen)
    return chosen


def _known(chosen: str | None) -> dict[str, Series]:
    """The experiments that can be shown here, by their ids: that of the link, and the visitor's own."""
    found: dict[str, Series] = {}
    for name in dict.fromkeys((*series.own(visitor().owner), *([chosen] if chosen else []))):
        try:
            one = manager().series.get(name)
        except SeriesFileError:
            continue
        if name == chosen or one.owner == visitor().owner:
            found[name] = one
    return found


def _list(known: dict[str, Series], chosen: str) -> None:
    names = told_apart({key: called(one) for key, one in known.items()})
    st.session_state[Key.LIST] = chosen

    def take() -> None:
        st.session_state[Key.SHOWN] = st.session_state[Key.LIST]

    st.selectbox(
        "Your experiments",
        list(known),
        format_func=names.__getitem__,
        key=Key.LIST,
        on_change=take,
        label_visibility="collapsed",
    )


def called(one: Series) -> str:
    """An experiment's name in a list: what kind it is, what it varies, how many runs, when."""
    kind = KINDS.get(one.kind)
    title = one.kind if kind is None else kind.title
    varied = f" ({kind.axis(one.subject)})" if kind is not None and one.subject else ""
    return f"{title}{varied} · {count(len(one.runs), 'run')} · {begun(one.created)}"


class Names(NamedTuple):
    """What the parts of an experiment are called on the page, in Markdown."""

    title: str
    axis: str
    log: bool


def names_of(one: Series) -> Names:
    """The names; those of a kind that this version does not know are its own."""
    kind = KINDS.get(one.kind)
    if kind is None:
        return Names(as_text(one.kind), "variant", False)
    return Names(kind.title, kind.axis(one.subject), kind.log(one.subject))
