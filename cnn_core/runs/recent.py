"""What was asked for last is remembered, and no more of it than is said."""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Values by their folders, the `most` that were asked for last. Thread-safe."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._mutex = threading.Lock()
        self._known: OrderedDict[Path, T] = OrderedDict()

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._known)

    def get(self, path: Path) -> T | None:
        """What is remembered; None where nothing is."""
        with self._mutex:
            if path in self._known:
                self._known.move_to_end(path)
            return self._known.get(path)

    def put(self, path: Path, value: T) -> T:
        """Remember this value from now on, and return it."""
        with self._mutex:
            return self._put(path, value)

    def setdefault(self, path: Path, value: T) -> T:
        """What is remembered, and this value from now on where nothing is."""
        with self._mutex:
            return self._put(path, self._known.get(path, value))

    def _put(self, path: Path, value: T) -> T:
        self._known[path] = value
        self._known.move_to_end(path)
        while len(self._known) > self.most:
            self._known.popitem(last=False)
        return value

    def forget(self, path: Path, value: T) -> None:
        """Remember this value no longer; another that took its place stays."""
        with self._mutex:
            if self._known.get(path) is value:
                del self._known[path]
