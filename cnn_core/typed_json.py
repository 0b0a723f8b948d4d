"""JSON that anybody may have written or damaged, read with the types that a `TypedDict` promises.

A hint may be a plain type, `Literal`, `… | None`, `list`, `dict[str, …]`, a `TypedDict`, `Annotated` with `Range`.
"""

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Required,
    TypeVar,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from cnn_core import files
from cnn_core.arrays import not_allowed

LARGEST_INTEGER = 2**53  # beyond it a JSON number is no longer exact everywhere
T = TypeVar("T")


class JsonError(ValueError):
    """Something that is not JSON, or not what it should hold; the message says what and where."""


@dataclass(frozen=True)
class Range:
    """The numbers that a field may hold, both ends included."""

    low: float
    high: float = math.inf


Count = Annotated[int, Range(0)]
Share = Annotated[float, Range(0, 1)]


def parse(data: bytes) -> object:
    """The value of a JSON text in UTF-8.

    Raises `JsonError` where it is none, where it holds NaN or infinity, a number of thousands of digits, half a
    character (which no page can show), is nested more deeply than Python reads, or longer than any file that is read.
    """
    if len(data) > files.MOST_WHOLE:
        raise JsonError(f"it is longer than {files.megabytes(files.MOST_WHOLE)}")
    try:
        value: object = _DECODER.decode(data.decode("utf-8"))
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise JsonError(f"it is no readable JSON ({str(error)[:100]})") from error


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


_DECODER = json.JSONDecoder(parse_constant=_refuse)  # made once: it costs as much as an event


def read(path: Path, kind: type[T]) -> T:
    """The file's value as `kind`, a `TypedDict`. Raises `JsonError`, and `OSError` where the file cannot be read."""
    return checked(parse(files.read_whole(path)), kind)


def checked(value: object, kind: type[T]) -> T:
    """`value` unchanged, if it is what the `TypedDict` `kind` says; keys that `kind` does not know may be there.

    Raises `JsonError` naming the field, its value and what is allowed.
    """
    _check(value, kind, "it")
    return cast(T, value)


@functools.cache
def _fields(kind: type) -> tuple[tuple[str, Any, bool], ...]:
    required = cast(frozenset[str], vars(kind)["__required_keys__"])
    return tuple(
        (name, hint, name in required) for name, hint in get_type_hints(kind, include_extras=True).items()
    )


def _check(value: object, hint: Any, where: str) -> None:
    if is_typeddict(hint):
        if not isinstance(value, Mapping):
            raise _wrong(where, value, "an object")
        for name, of, required in _fields(hint):
            if name in value:
                _check(value[name], of, name if where == "it" else f"{where}.{name}")
            elif required:
                raise JsonError(f"{where} has no {name!r}")
        return
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Required, NotRequired):
        _check(value, arguments[0], where)
    elif origin is Annotated:
        _check(value, arguments[0], where)
        _check_range(value, arguments[1], where)
    elif origin is Literal:
        if not isinstance(value, str) or value not in arguments:
            raise _wrong(where, value, " or ".join(map(repr, arguments)))
    elif origin in (Union, UnionType):
        if value is not None:
            (other,) = (argument for argument in arguments if argument is not NoneType)
            _check(value, other, where)
    elif origin is list:
        if not isinstance(value, list):
            raise _wrong(where, value, "a list")
        for index, item in enumerate(value):
            _check(item, arguments[0], f"{where}[{index}]")
    elif origin is dict:
        if not isinstance(value, dict):
            raise _wrong(where, value, "an object")
        for name, item in value.items():
            _check(item, arguments[1], f"{where}.{name[:40]}")
    else:
        _check_plain(value, hint, where)


def _check_plain(value: object, hint: Any, where: str) -> None:
    if hint is object:
        return
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if hint is float:
        # Comparing is exact for integers of any length, which turning one into a float is not.
        if not number or not abs(cast(float, value)) <= 1e300:
            raise _wrong(where, value, "a number")
    elif hint is int:
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_INTEGER:
            raise _wrong(where, value, "a whole number")
    elif not isinstance(value, hint):
        raise _wrong(where, value, {str: "a text", bool: "true or false"}[hint])


def _check_range(value: object, allowed: Range, where: str) -> None:
    if not allowed.low <= cast(float, value) <= allowed.high:
        upper = "" if allowed.high == math.inf else f" to {allowed.high:g}"
        raise _wrong(where, value, f"{allowed.low:g}{upper or ' or more'}")


def _wrong(where: str, value: object, allowed: str) -> JsonError:
    if isinstance(value, dict | list):
        text = f"a {type(value).__name__} of {len(value)}"
    elif isinstance(value, int) and abs(value) > 10**30:  # Python refuses to print the longest
        text = "a number of many digits"
    else:
        text = repr(value) if len(repr(value)) <= 40 else f"{repr(value)[:39]}…"
    return JsonError(not_allowed(where, text, allowed).removesuffix("."))
