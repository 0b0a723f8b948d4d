"""What is said about a run after it began: its owner's title and note, and whether it is to be kept.

It stands in `about.json` in the run's folder. Only a server writes there, never the process that trains, so that
neither undoes what the other wrote.
"""

import unicodedata
from pathlib import Path
from typing import NotRequired, TypedDict

from filelock import FileLock, Timeout

from cnn_core import files, typed_json
from cnn_core.runs.records import SPEC, GoneError, RunError, damaged, runs_home

ABOUT = "about.json"
LONGEST_TITLE = 80
LONGEST_NOTE, MOST_LINES = 1000, 20
_LOCK = ".about.lock"  # one for all runs: a folder of a run must not be made anew by a lock in it
_PATIENCE_SECONDS = 5.0
# What has no place in a line of text: control characters, line ends, halves of characters, changes of direction.
_NO_TEXT = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class About(TypedDict):
    """What `about.json` holds; a title there wins over the one in `spec.json`."""

    title: NotRequired[str]
    kept: NotRequired[bool]  # not cleared away, however old
    note: NotRequired[str]  # what its owner wrote down of it, some lines


class TitleError(ValueError):
    """A title that a run cannot have; the message says why and what is allowed."""


class NoteError(ValueError):
    """A note that a run cannot have; the message says why and what is allowed."""


def read(path: Path) -> About:
    """What is said about the run in `path`; nothing where nothing was said. Raises `RunError` where it is damaged."""
    try:
        return typed_json.read(path / ABOUT, About)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise damaged(path, ABOUT, error) from error


def change(path: Path, title: str | None = None, kept: bool | None = None, note: str | None = None) -> None:
    """Write down a new title or note, or whether the run is kept; what is None stays as it was.

    Raises `TitleError`, `NoteError`, and `RunError` where the run is gone or the disk takes nothing.
    """
    said: About = {}
    if title is not None:
        said["title"] = checked_title(title)
    if kept is not None:
        said["kept"] = kept
    if note is not None:
        said["note"] = checked_note(note)
    try:
        with FileLock(runs_home() / _LOCK, timeout=_PATIENCE_SECONDS):
            if not (path / SPEC).is_file():
                raise GoneError(path.name)
            files.write_json(path / ABOUT, {**read(path), **said})
    except Timeout as error:
        raise RunError("The runs of this server are being written to. Try again in a moment.") from error
    except OSError as error:
        raise RunError(
            f"The run's folder cannot be written ({error.strerror}). Free some space, then try again."
        ) from error


def checked_title(title: str) -> str:
    """The title without blanks around it. Raises `TitleError` for one that is empty, too long, or no line of text."""
    title = title.strip()
    if not title:
        raise TitleError("The title is empty. Write a few words.")
    if len(title) > LONGEST_TITLE:
        raise TitleError(f"The title has {len(title):,} characters, more than {LONGEST_TITLE}. Shorten it.")
    if not _can_be_shown(title):
        raise TitleError(
            "The title has a character that cannot be shown. Write it as one line of plain text."
        )
    return title


def checked_note(note: str) -> str:
    """The note without blanks at its end; empty where there is to be none.

    Raises `NoteError` for one that is too long, or no text.
    """
    lines = [line.rstrip() for line in note.replace("\r\n", "\n").replace("\t", " ").strip().split("\n")]
    note = "\n".join(lines)
    if len(note) > LONGEST_NOTE:
        raise NoteError(f"The note has {len(note):,} characters, more than {LONGEST_NOTE:,}. Shorten it.")
    if len(lines) > MOST_LINES:
        raise NoteError(f"The note has {len(lines)} lines, more than {MOST_LINES}. Shorten it.")
    if not all(_can_be_shown(line) for line in lines):
        raise NoteError("The note has a character that cannot be shown. Write plain text.")
    return note


def _can_be_shown(line: str) -> bool:
    return not any(unicodedata.category(letter) in _NO_TEXT or letter in _TURNING for letter in line)
