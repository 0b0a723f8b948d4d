"""What is often believed, met with today's numbers; and the way back from settings that do not fit."""

from collections.abc import Callable, Mapping

import streamlit as st

from pages.ui.words import as_text

Settings = Mapping[str, object]  # values of controls, by their keys


def show(settings: Settings, then: Callable[[], None] | None = None) -> None:
    """Set the controls, and `then` what is set in another way."""
    for key, value in settings.items():
        st.session_state[key] = value
    if then is not None:
        then()


def lesson(
    belief: str,
    truth: str,
    label: str = "",
    settings: Settings | None = None,
    *,
    then: Callable[[], None] | None = None,
) -> None:
    """One belief, what is true of it, and the button `label` that shows it with these settings, and `then` more."""
    with st.container(border=True):
        st.markdown(f"**“{belief}”** {truth}")
        if label:
            st.button(label, on_click=show, args=(settings, then))


def misfit(error: ValueError, label: str, back: Settings) -> None:
    """Settings that do not fit each other: why, and the button `label` to settings that do."""
    st.warning(f"These settings do not fit each other: {as_text(str(error))}")
    st.button(label, on_click=show, args=(back,))
