"""What a page's link holds: which controls stand in it, and what of it is taken.

A value in a link comes from anybody. `checked_link` takes out what no control of these pages can mean before the
first one reads it, and `linked` is how a value is read that no control holds.
"""

import math
import re
from collections.abc import Sequence
from typing import Literal, TypedDict

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import get_session_state

from pages.ui.keys import Shared


class InLink(TypedDict):
    """What makes a control part of the link and lets it survive a change of page, as `st.slider` takes it."""

    key: str
    bind: Literal["query-params"]
    persist_state: Literal["session"]


def in_link(key: str) -> InLink:
    """The arguments of a control whose value stands in the link as `key`, and is there when its page is seen again."""
    _say_in_link(key)
    return {"key": key, "bind": "query-params", "persist_state": "session"}


def _say_in_link(key: str) -> None:
    """Put what a control was set to into the link, where the browser did not.

    A control that comes up elsewhere on its page (in another tab, below a new sentence) is no longer bound to the
    address in the browser: Streamlit 1.67 binds the new one before it unbinds the old. On Back and Forward, though, the
    link is right and the control is not.
    """
    context = get_script_run_ctx()
    if context is None or context.is_history_navigation:
        return
    state = context.session_state
    with state.query_params() as link:
        bound = link.get_binding_for_param(key)
        metadata = None if bound is None else state._state.get_widget_metadata(bound.widget_id)
        if bound is None or metadata is None or key not in state:
            return  # it stands on this page for the first time
        value = state[key]
        if value == metadata.deserializer(None):
            if bound.widget_id in state._state._new_widget_state:  # else the link is to set it
                link.remove_param(key)
        elif not link.has_param(key):
            link.set_corrected_value(key, metadata.serializer(value), bound.value_type)


def checked_link(empty: Sequence[str] = ()) -> None:
    """Take out of the link what would end a page in an error: such a control then stands at its default.

    That is: an infinite number or one beyond all floats (Streamlit makes a whole number of it before it looks at the
    limits), characters that cannot be typed, and nothing at all where a control always has a value. `empty` names the
    keys whose value may be nothing.
    """
    _note_page()
    wrong = [
        key for key in st.query_params if any(_wrong(v, key in empty) for v in st.query_params.get_all(key))
    ]
    if wrong:
        # `del st.query_params[key]` would leave the values that the controls begin with.
        with get_session_state().query_params() as link:
            for key in wrong:
                link.remove_param(key)
            link.set_initial_query_params_from_current()


def _wrong(value: str, may_be_empty: bool) -> bool:
    if not value:
        return not may_be_empty
    try:
        return not math.isfinite(float(value))
    except ValueError:
        return not value.isprintable()


def linked(key: str, pattern: str) -> str | None:
    """The value that the link has for `key`, which no control holds; None, and out of it, where it is no `pattern`."""
    value = st.query_params.get(key)
    if value is None or re.fullmatch(pattern, value):
        return value
    del st.query_params[key]
    return None


def _note_page() -> None:
    """Where another page was opened, what its link says is new.

    On Back and Forward all of the link is this page's own, but Streamlit leaves out of it what the page before has too.
    """
    context = get_script_run_ctx()
    if context is not None and went_back():
        with get_session_state().query_params() as link:
            link.populate_from_query_string(context.query_string)
            link.set_initial_query_params_from_current()
    page = "" if context is None else context.page_script_hash
    if st.session_state.get(Shared.PAGE) != page or went_back():
        st.session_state[Shared.PAGE] = page
        st.session_state[Shared.LINK_READ] = frozenset()


def link_is_new(key: str) -> bool:
    """Whether `key` is asked for the first time since this page was opened, or since Back or Forward led to it.

    Only then what the link says of it is more than what was put there: a browser may send what the link was before.
    """
    read: frozenset[str] = st.session_state.get(Shared.LINK_READ, frozenset())
    st.session_state[Shared.LINK_READ] = read | {key}
    return key not in read


def went_back() -> bool:
    """Whether this run was asked for by the browser's Back or Forward: then what the link says is what is meant."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def put_in_link(key: str, value: str | None) -> None:
    """Have the link hold this value for `key`, which no control holds; None takes it out."""
    if value is None:
        if key in st.query_params:
            del st.query_params[key]
    elif st.query_params.get(key) != value:
        st.query_params[key] = value
