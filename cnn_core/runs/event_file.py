"""A run's events on disk, read while a process goes on writing them: only what is new, or only the end."""

import os
from pathlib import Path
from typing import BinaryIO

from cnn_core import files
from cnn_core.runs import events
from cnn_core.runs.events import Event
from cnn_core.runs.folding import Folding
from cnn_core.runs.records import EVENTS

PORTION = 1 << 20  # bytes read at a time
MOST_BYTES = 500_000_000  # a week of training; a longer file is no run's
END_BYTES = 8192  # where the last event is looked for first
_SEAL_BYTES = 64


class EventFile:
    """The events of the run in `path`, folded as far as they are written; `catch_up` reads on. Not thread-safe.

    Where the file was replaced, cut or written anew, it is read from its beginning.
    """

    def __init__(self, path: Path) -> None:
        self.folding = Folding()
        self._path = path / EVENTS
        self._stamp: files.Stamp | None = None
        self._begin()

    def _begin(self) -> None:
        self.folding = Folding()
        self._offset = 0  # bytes that are folded
        self._seal = b""  # the last of them: whoever writes the file anew does not write the same
        self._in_long_line = False

    def catch_up(self) -> bool:
        """Fold what was written since the last call; whether the file has changed. Raises `OSError`.

        A file that is not there has no events. A line that is half written is read once it is whole.
        """
        stamp = files.stamp(self._path)
        if stamp == self._stamp:
            return False
        if stamp is None:
            self._begin()
        else:
            with files.open_regular(self._path) as file:
                # Of before it is read: what comes later is new.
                stamp = files.stamp_of(os.fstat(file.fileno()))
                files.check_length(stamp.size, MOST_BYTES)
                if self._stamp is not None and (stamp.inode != self._stamp.inode or not self._goes_on(file)):
                    self._begin()
                self._read_on(file)
        self._stamp = stamp
        return True

    def _goes_on(self, file: BinaryIO) -> bool:
        file.seek(self._offset - len(self._seal))
        return file.read(len(self._seal)) == self._seal

    def _read_on(self, file: BinaryIO) -> None:
        file.seek(self._offset)
        rest = b""
        while portion := file.read(PORTION):
            if self._in_long_line:
                end = portion.find(b"\n")
                if end < 0:
                    continue
                self._in_long_line, portion = False, portion[end + 1 :]
            *lines, rest = (rest + portion).split(b"\n")
            self.folding.add(lines)
            if len(rest) > events.LONGEST_LINE:  # no event, however it ends
                self._in_long_line, rest = True, b""
        self._offset = file.tell() - len(rest)
        if rest and events.read(rest) is not None:  # whole but for the end of its line
            self.folding.add([rest])
            self._offset += len(rest)
        seal = min(_SEAL_BYTES, self._offset)
        file.seek(self._offset - seal)
        self._seal = file.read(seal)


def last_event(path: Path) -> Event | None:
    """The last readable event of the run in `path`, found from the end of the file; None where there is none.

    Raises `OSError` where something else lies in the file's place, or it cannot be read.
    """
    try:
        file = files.open_regular(path / EVENTS)
    except FileNotFoundError:
        return None
    with file:
        end = file.seek(0, os.SEEK_END)
        files.check_length(end, MOST_BYTES)
        rest, size = b"", END_BYTES
        while end > 0:
            start = max(0, end - size)
            file.seek(start)
            first, *lines = (file.read(end - start) + rest).split(b"\n")
            if start == 0:
                lines.insert(0, first)
            for line in reversed(lines):
                if line and (event := events.read(line)) is not None:
                    return event
            rest = first if len(first) <= events.LONGEST_LINE else b""
            end, size = start, PORTION
    return None
