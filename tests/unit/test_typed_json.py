"""JSON read with types: what is right goes through unchanged, all else is one sentence that names the field."""

from typing import Annotated, Literal, NotRequired, TypedDict

import pytest

from cnn_core import typed_json
from cnn_core.typed_json import Count, JsonError, Range, Share


class Inner(TypedDict):
    share: Share


class Thing(TypedDict):
    kind: Literal["a", "b"]
    count: Count
    size: Annotated[float, Range(-1)]
    name: str | None
    rows: list[list[int]]
    words: dict[str, str]
    inner: Inner
    on: NotRequired[bool]


GOOD = {
    "kind": "a",
    "count": 0,
    "size": -1,
    "name": None,
    "rows": [[1], []],
    "words": {"x": "y"},
    "inner": {"share": 0.5},
    "more": [1],
}


def test_what_is_right_goes_through_unchanged() -> None:
    assert typed_json.checked(GOOD, Thing) is GOOD
    assert typed_json.checked({**GOOD, "on": True, "name": "n"}, Thing)["on"] is True


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": ["a"]}, "kind is a list of 1; allowed is 'a' or 'b'"),
        ({"kind": "c"}, "kind is 'c'; allowed is 'a' or 'b'"),
        ({"count": True}, "count is True; allowed is a whole number"),
        ({"count": 1.0}, "count is 1.0; allowed is a whole number"),
        ({"count": -1}, "count is -1; allowed is 0 or more"),
        ({"count": 10**40}, "count is a number of many digits; allowed is a whole number"),
        ({"size": "1"}, "size is '1'; allowed is a number"),
        ({"size": 10**400}, "size is a number of many digits; allowed is a number"),
        ({"size": float("nan")}, "size is nan; allowed is a number"),
        ({"name": 3}, "name is 3; allowed is a text"),
        ({"rows": [[1], ["x"]]}, "rows[1][0] is 'x'; allowed is a whole number"),
        ({"words": {"x": 1}}, "words.x is 1; allowed is a text"),
        ({"inner": {"share": 1.5}}, "inner.share is 1.5; allowed is 0 to 1"),
        ({"inner": {}}, "inner has no 'share'"),
        ({"inner": []}, "inner is a list of 0; allowed is an object"),
        ({"on": 1}, "on is 1; allowed is true or false"),
    ],
)
def test_what_is_wrong_is_named_with_its_value_and_what_is_allowed(
    change: dict[str, object], message: str
) -> None:
    with pytest.raises(JsonError) as refused:
        typed_json.checked({**GOOD, **change}, Thing)
    assert str(refused.value) == message


def test_a_missing_field_and_another_value_altogether() -> None:
    with pytest.raises(JsonError, match="it has no 'kind'"):
        typed_json.checked({}, Thing)
    with pytest.raises(JsonError, match="it is 3; allowed is an object"):
        typed_json.checked(3, Thing)


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b'{"a": NaN}', b"[1e, 2]", b'{"a": 1}\x80', b"1" * 5000, b"[" * 100_000 + b"]" * 100_000],
)
def test_what_is_no_json_is_refused_whatever_it_is(text: bytes) -> None:
    with pytest.raises(JsonError, match="it is no readable JSON"):
        typed_json.parse(text)


def test_a_text_longer_than_any_file_is_refused_unread() -> None:
    with pytest.raises(JsonError, match="it is longer than 8 MB"):
        typed_json.parse(b" " * 8_000_000 + b"1")
    assert typed_json.parse(b" " * 7_999_999 + b"1") == 1
