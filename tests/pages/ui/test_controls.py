"""Controls that pages share."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import controls


def page() -> None:
    import streamlit as st

    from pages.ui.controls import shut, stays_shut

    st.checkbox("open", key="part", on_change=stays_shut, args=("part",))  # as a popover tells that it is
    st.button("Use it", on_click=shut, args=("part",))


@pytest.mark.parametrize(("late", "is_open"), [(60.0, False), (0.0, True)])
def test_a_part_that_has_served_stays_shut_until_its_browser_has_heard(
    monkeypatch: pytest.MonkeyPatch, late: float, is_open: bool
) -> None:
    monkeypatch.setattr(controls, "LATE", late)
    at = AppTest.from_function(page).run()
    at.checkbox[0].check().run()
    assert at.checkbox[0].value
    at.button[0].click().run()
    assert not at.checkbox[0].value
    at.checkbox[0].check().run()
    assert at.checkbox[0].value is is_open
