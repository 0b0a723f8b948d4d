"""Pieces of exported source: calls, and the classes of blocks as they stand here."""

import inspect
import re
import textwrap


def call(name: str, *given: object, **settings: tuple[object, object]) -> str:
    """A call with those settings, `name=(value, default)`, that differ from their default."""
    changed = [f"{key}={value!r}" for key, (value, default) in settings.items() if value != default]
    return f"{name}({', '.join([*(repr(value) for value in given), *changed])})"


def class_source(made: type) -> str:
    """The source of a class of this package, for a file of its own: the code at work is the code that leaves."""
    source = textwrap.dedent(inspect.getsource(made))
    return re.sub(r"  # type: ignore\[[a-z-]+\]", "", source)


def keras_padding(padding: int | str) -> tuple[str, ...]:
    """Keras' layer for `padding` zeros at each side; none where there is nothing to add, or Keras adds it itself."""
    return (f"layers.ZeroPadding2D({padding})",) if padding not in (0, "same") else ()


def keras_same(padding: int | str) -> tuple[str, str]:
    """Keras' `padding` argument and its default, for `call`."""
    return ("same" if padding == "same" else "valid", "valid")
