"""Where files lie, and files that are never half there: written beside their place and renamed into it.

JSON and safetensors only.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes `path`'s place at the end, or is removed where an error came.

    Raises what the writing raises (`OSError` on a full disk); `path` is then as it was.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        os.replace(part, path)  # noqa: PTH105 - the call whose atomicity is meant
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as JSON to `path`, all or nothing."""
    with replacing(path) as part:
        part.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def write_tensors(path: Path, tensors: dict[str, Any], metadata: dict[str, str] | None = None) -> None:
    """Write named torch tensors to `path` as safetensors, all or nothing. Raises `OSError` on a full disk."""
    from safetensors.torch import save

    with replacing(path) as part:
        part.write_bytes(save(tensors, metadata))  # safetensors' own writer hides what the disk said


def append_line(path: Path, text: str) -> None:
    """Add a line to `path`; a line that a killed process left half written is ended first."""
    line = text + "\n"
    with path.open("a+b") as file:
        if file.tell() and file.seek(-1, 2) is not None and file.read(1) != b"\n":
            line = "\n" + line
        file.write(line.encode())


def remove(path: Path) -> None:
    """Remove a file that may be gone already."""
    path.unlink(missing_ok=True)


def home() -> Path:
    """The folder ConvLens keeps data and runs in: `CONVLENS_HOME`, or `.convlens` in the user's home."""
    return Path(os.environ.get("CONVLENS_HOME") or "~/.convlens").expanduser()


def megabytes(count: float) -> str:
    """`count` bytes for a reader, as `12 MB`."""
    return f"{count / 1e6:,.0f} MB"
