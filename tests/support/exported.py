"""Exported source, run as on a stranger's machine."""

import builtins
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any


def run(source: str) -> dict[str, Any]:
    """The names that a source defines; it may import torch and the standard library."""

    def importing(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        assert name.split(".")[0] in {"torch", "collections", "copy"}
        return builtins.__import__(name, globals, locals, fromlist, level)

    names: dict[str, Any] = {
        "__builtins__": vars(builtins) | {"__import__": importing},
        "__name__": "exported",
    }
    exec(compile(source, "exported.py", "exec"), names)
    return names
