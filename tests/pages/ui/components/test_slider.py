"""The slider's numbers: those it offers, what it makes of a link, and what of a told step that is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from pages.ui.components.slider import spelled, steps
from tests.support.sliders import sliders


def page() -> None:
    """A slider, what it stands at, and a switch for another rerun."""
    import streamlit as st

    from pages.ui.components.slider import slider, steps

    st.write(slider("Rate", steps(0.0, 0.9, 0.05), 0.5, key="t-rate"))
    st.toggle("Again")


def opened(**link: str) -> AppTest:
    at = AppTest.from_function(page, default_timeout=300)
    at.query_params.update(link)
    return at.run()


def link(at: AppTest) -> dict[str, str]:
    """The values in the link; after a change `AppTest` has a list of each."""
    return {key: "".join(value) for key, value in at.query_params.items()}


@given(st.integers(-50, 50), st.integers(1, 60), st.sampled_from([0.05, 0.1, 0.5, 1.0]))
def test_steps_are_even_and_exact(low: int, count: int, step: float) -> None:
    values = steps(low * step, (low + count) * step, step)
    assert len(values) == count + 1
    np.testing.assert_allclose(np.diff(values), step)
    assert all(f"{value:g}" == repr(value).removesuffix(".0") for value in values)
    assert all(float(text.replace("−", "-")) == value for text, value in zip(spelled(values), values))


def test_whole_numbers_stay_whole() -> None:
    assert steps(-2, 2, 1) == [-2, -1, 0, 1, 2]
    assert all(type(value) is int for value in steps(-2, 2, 1))
    assert spelled([0.1, 2.0, 10.0]) == ["0.1", "2.0", "10.0"]


@pytest.mark.parametrize(
    ("said", "shown", "left"),
    [
        ("0.3", "0.3", {"t-rate": "0.3"}),
        ("0.31", "0.3", {"t-rate": "0.3"}),
        ("0.50", "0.5", {}),
        ("-1", "0.5", {}),
        ("2", "0.5", {}),
        ("1e9", "0.5", {}),
        ("<b>", "0.5", {}),
    ],
)
def test_a_link_sets_it_and_is_corrected(said: str, shown: str, left: dict[str, str]) -> None:
    at = opened(**{"t-rate": said})
    assert at.markdown[0].value == f"`{shown}`"
    assert link(at) == left
    assert sliders(at) == {"Rate": spelled(steps(0.0, 0.9, 0.05))}


def test_it_keeps_its_value_where_the_link_no_longer_says_it() -> None:
    at = opened(**{"t-rate": "0.3"})
    at.query_params.clear()  # as on the way to another page and back
    at.run()
    assert at.markdown[0].value == "`0.3`"
    assert link(at) == {"t-rate": "0.3"}
