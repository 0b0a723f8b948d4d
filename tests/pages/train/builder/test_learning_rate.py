"""The ladder of learning rates: 1, 2, 5 and their tens, up and down from any number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.train.builder.learning_rate import stepped


@pytest.mark.parametrize(
    ("rate", "down", "up"),
    [
        (0.004, 0.002, 0.005),
        (0.001, 0.0005, 0.002),
        (0.1, 0.05, 0.2),
        (5.0, 2.0, 10.0),
        (0.0099, 0.005, 0.01),
    ],
)
def test_each_step_is_the_next_rung(rate, down, up):
    assert (stepped(rate, up=False), stepped(rate, up=True)) == (down, up)


@given(st.floats(1e-6, 1e4))
def test_a_step_is_a_factor_and_comes_back(rate):
    for up in (True, False):
        there = stepped(rate, up)
        assert 1 < max(there / rate, rate / there) <= 5.000001
        assert stepped(stepped(there, up), not up) == there
