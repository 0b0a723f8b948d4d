"""Where files lie, and files that are never half there: written beside their place and renamed into it.

JSON and safetensors only.
"""

import errno
import json
import logging
import os
import platform
import re
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

PART = ".part"
STALE_SECONDS = 600.0  # nobody writes a file or downloads a dataset without touching it for so long
MOST_WHOLE = 8_000_000  # bytes of a file that is read in one piece
_LOG = logging.getLogger(__name__)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; it takes `path`'s place at the end, or is removed where an error came.

    Raises what the writing raises (`OSError` on a full disk); `path` is then as it was.
    """
    part = path.with_name(f".{path.name}{writer()}")
    try:
        yield part
        os.replace(part, path)  # noqa: PTH105 - the call whose atomicity is meant
    finally:
        part.unlink(missing_ok=True)


def writer() -> str:
    """How a file or folder that this process is writing ends: `.<machine>.<process>.part`, so that others know whose
    it is."""
    return f".{platform.node()}.{os.getpid()}{PART}"


def half_written(folder: Path) -> list[Path]:
    """What lies half written in `folder`, whoever writes it; nothing where the folder is not there or not readable."""
    try:
        return [path for path in folder.iterdir() if path.name.startswith(".") and path.name.endswith(PART)]
    except OSError:
        return []


def remove_left_behind(folder: Path, unused: bool = False) -> None:
    """Remove what writers that are gone left half written in `folder`; never what a living one still writes.

    A writer is gone where its process on this machine is, where nothing was written for `STALE_SECONDS` (another
    machine's processes cannot be seen), or where the caller knows that the folder is `unused`.
    """
    for part in half_written(folder):
        try:
            if unused or _writer_is_gone(part):
                shutil.rmtree(part) if part.is_dir() else part.unlink()
        except OSError as error:  # another process removed it, or it is not ours to remove
            _LOG.warning("%s could not be removed: %s", part.name, error)


def _writer_is_gone(part: Path) -> bool:
    mine = re.search(rf"\.{re.escape(platform.node())}\.(\d+)\{PART}$", part.name)
    if mine is not None and not _lives(int(mine[1])):
        return True
    written = [path.stat().st_mtime for path in part.rglob("*") if path.is_file()]
    return time.time() - max(written, default=part.stat().st_mtime) > STALE_SECONDS


def _lives(process: int) -> bool:
    if os.name == "nt":  # there `os.kill` ends a process, whatever the signal; age has to decide
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # somebody else's, or no process's number at all
    return True


def write_json(path: Path, value: object) -> None:
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


def is_file(path: Path) -> bool:
    """Whether a file lies there; False too where the system cannot tell: `Path.is_file` raises for some odd links."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """Whether a folder lies there; False too where the system cannot tell."""
    return os.path.isdir(path)  # noqa: PTH112


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read, never waiting: a folder, a pipe or a device in its place is refused unopened.

    Raises `OSError` as opening does, with `EINVAL` and a few words for what is no file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "something else lies in its place")
    # Should a pipe have come in between, opening does not wait for whoever writes to it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "something else lies in its place")
    return file


def read_whole(path: Path, most: int = MOST_WHOLE) -> bytes:
    """The bytes of a file of at most `most` bytes. Raises `OSError`, with `EFBIG` for a longer one."""
    with open_regular(path) as file:
        data = file.read(most + 1)
    check_length(len(data), most)
    return data


def check_length(found: int, most: int) -> None:
    """Raise `OSError` (`EFBIG`) where a file has more bytes than are read."""
    if found > most:
        raise OSError(errno.EFBIG, f"it is longer than {megabytes(most)}")


class Stamp(NamedTuple):
    """What changes whenever a file does, as far as the system tells: its time of change, its size, which file it is."""

    changed: int  # ns since 1970
    size: int  # bytes
    inode: int


def stamp_of(found: os.stat_result) -> Stamp:
    """The stamp of a file's `stat`."""
    return Stamp(found.st_mtime_ns, found.st_size, found.st_ino)


def stamp(path: Path) -> Stamp | None:
    """A file's stamp; None where it is not there. Raises `OSError` where that cannot be seen."""
    try:
        return stamp_of(path.stat())
    except FileNotFoundError:
        return None


def remove(path: Path) -> None:
    """Remove a file that may be gone already."""
    path.unlink(missing_ok=True)


def home() -> Path:
    """The folder ConvLens keeps data and runs in: `CONVLENS_HOME`, or `.convlens` in the user's home."""
    return Path(os.environ.get("CONVLENS_HOME") or "~/.convlens").expanduser()


def megabytes(count: float) -> str:
    """`count` bytes for a reader, as `12 MB`."""
    return f"{count / 1e6:,.0f} MB"
