"""JSON with something wrong in it: another value, another type, something missing, text that is no JSON."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any, TypeAlias

from tests.support.hostile_texts import ONE_OF_ALL, TEXTS

Json: TypeAlias = Any
# Stand in a file's text in the place of values that Python would not write.
LITERALS = {
    "<NaN>": "NaN", "<infinity>": "-Infinity", "<digits>": "9" * 5_000, "<deep>": "[" * 100_000, "<exponent>": "1e999",
    "<half>": '"\\ud800"', "<zero>": '"\\u0000"', "<twice>": '1, "twice": 2', "<nothing>": "",
    "<long>": '"' + "a" * 100_000 + '"',
}  # fmt: skip
VALUES: tuple[Json, ...] = (
    None, True, False, [], {}, "", 0, -1, 1, 0.5, -0.0, 1e308, 2**53, 2**53 + 1, 2**63, -(2**63), [[]], [None] * 1_000,
    {"a": {}}, "a" * 5_000, ONE_OF_ALL, "../../etc", "/etc/passwd", "2", "NaN", [1, "1", None], {"type": "Conv2d"},
)  # fmt: skip


def changed(rng: Random, value: Json) -> tuple[str, str]:
    """The JSON text of a value with something in it changed, and what that is."""
    places = list(_places(value))
    if not places:
        return json.dumps(rng.choice(VALUES)), "replaced"
    holder, key = rng.choice(places)
    what = rng.choice(["value", "value", "value", "literal", "literal", "removed", "added", "text", "all"])
    new: Json = rng.choice(VALUES)
    if what == "literal":
        new = rng.choice(list(LITERALS))
    elif what == "text":
        new = rng.choice([text for text in TEXTS.values() if text.isascii() or text.isprintable()])
    if what == "all":
        value = new
    elif what == "removed":
        del holder[key]
    elif what == "added" and isinstance(holder, dict):
        holder[rng.choice(["extra", "", "a" * 1_000, "type"])] = new
    else:
        holder[key] = new
    text = json.dumps(value)
    for word, literal in LITERALS.items():
        text = text.replace(json.dumps(word), literal)
    return text, f"{key!r} {what} {str(new)[:30]!r}"


def _places(value: Json) -> Iterator[tuple[Json, Json]]:
    """(Holder, key or index) of everything in a JSON value, at most some of a long list."""
    items = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value[:3]))
        if isinstance(value, list)
        else []
    )
    for key, part in items:
        yield value, key
        yield from _places(part)
