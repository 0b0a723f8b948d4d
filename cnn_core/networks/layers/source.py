"""Pieces of exported source: calls, and the classes of blocks as they stand here."""

import functools
import inspect
import re
import textwrap
from collections.abc import Callable


def call(name: str, *given: object, **settings: tuple[object, object]) -> str:
    """A call with those settings, `name=(value, default)`, that differ from their default."""
    changed = [f"{key}={value!r}" for key, (value, default) in settings.items() if value != default]
    return f"{name}({', '.join([*(repr(value) for value in given), *changed])})"


@functools.cache
def class_source(maker: Callable[[], type]) -> str:
    """The source of the class that `maker` defines and returns, for a file of its own: the code at work is what leaves.

    `maker` is not called, so that torch, from which such classes inherit, need not be there yet.
    """
    lines = textwrap.dedent(inspect.getsource(maker)).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("    class "))
    end = max(i for i, line in enumerate(lines) if line.startswith("    return "))
    source = textwrap.dedent("\n".join(lines[start:end])).strip("\n")
    return re.sub(r"  # type: ignore\[[a-z, -]+\]", "", source)


def keras_padding(padding: int | str) -> tuple[str, ...]:
    """Keras' layer for `padding` zeros at each side; none where there is nothing to add, or Keras adds it itself."""
    return (f"layers.ZeroPadding2D({padding})",) if padding not in (0, "same") else ()


def keras_same(padding: int | str) -> tuple[str, str]:
    """Keras' `padding` argument and its default, for `call`."""
    return ("same" if padding == "same" else "valid", "valid")
