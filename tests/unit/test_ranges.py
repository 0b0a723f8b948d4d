"""A setting says once what it may be: the check, the sentence and the reading of text follow from it."""

from dataclasses import dataclass

import pytest

from cnn_core import ranges
from cnn_core.ranges import setting


@dataclass(frozen=True)
class Oven:
    """One setting of every kind."""

    minutes: int = setting(30, label="Minutes", low=1, high=1200)
    power: float = setting(0.5, label="Power", low=0.000001, high=1.0)
    heat: str = setting("top", label="Heat from", choices={"top": "Above", "all": "All sides"})
    note: str = setting("", label="Note")
    light: bool = setting(False, label="Light")
    rest: int | None = setting(None, label="Rest", low=2, high=9)
    name: str = "no setting"


OVEN = ranges.ranges(Oven)


def test_settings_are_the_fields_that_have_a_range_in_their_order() -> None:
    assert list(OVEN) == ["minutes", "power", "heat", "note", "light", "rest"]
    assert [one.kind for one in OVEN.values()] == [int, float, str, str, bool, int]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("minutes", "a whole number from 1 to 1,200"),
        ("power", "a number from 0.000001 to 1"),
        ("heat", "one of: top, all"),
        ("note", "a text"),
        ("light", "True or False"),
        ("rest", "a whole number from 2 to 9, or None"),
    ],
)
def test_what_is_allowed_in_words(name: str, allowed: str) -> None:
    assert OVEN[name].allowed == allowed
    assert OVEN[name].problem(...) == f"{name} is Ellipsis; allowed is {allowed}."


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("minutes", (1, 1200), (0, 1201, 1.0, "1", True, None, float("nan"))),
        ("power", (0.000001, 1.0, 1), (0.0, 1.1, float("nan"), float("inf"), "0.5", True, None)),
        ("heat", ("top", "all"), ("Above", "", None, 1)),
        ("note", ("", "anything"), (None, 1)),
        ("light", (True, False), (0, 1, "True", None)),
        ("rest", (None, 2, 9), (1, 10, 2.0, "None")),
    ],
)
def test_limits_belong_to_the_range_and_types_are_not_mixed(name: str, right: tuple, wrong: tuple) -> None:
    assert [value for value in right if OVEN[name].problem(value)] == []
    assert [value for value in wrong if not OVEN[name].problem(value)] == []


def test_the_first_wrong_setting_is_named() -> None:
    assert ranges.problem(Oven()) == ""
    assert ranges.problem(Oven(power=2.0, rest=1)) == "power is 2.0; allowed is a number from 0.000001 to 1."


def test_text_is_read_as_what_it_means_and_left_alone_where_it_means_nothing() -> None:
    assert OVEN["minutes"].read("12") == 12
    assert OVEN["minutes"].read("1.5") == 1.5  # no whole number: `problem` says so
    assert OVEN["minutes"].read("soon") == "soon"
    assert OVEN["power"].read("1") == 1.0
    assert isinstance(OVEN["power"].read("1"), float)
    assert OVEN["heat"].read("1") == "1"
    assert OVEN["rest"].read("None") is None
    assert OVEN["minutes"].read("None") == "None"
