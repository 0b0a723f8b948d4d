"""The log under strangers: a traceback stands in it once in a while, however often somebody provokes it."""

import logging
import time
from collections.abc import Callable

from typing_extensions import override

SECONDS = 60.0  # in which the same traceback is written once
MOST_PLACES = 200  # places in the code that are remembered


class OneTraceback(logging.Filter):
    """Lets the first of equal tracebacks pass, then only the line without it; after a while the next with a count.

    Equal is what was raised by the same line of code and logged by the same one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        # Place to when it was written, and how many were left out since.
        self._seen: dict[tuple[object, ...], tuple[float, int]] = {}

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written; may say in it how many were not."""
        if not record.exc_info or record.exc_info[0] is None:
            return True
        place = (record.pathname, record.lineno, record.exc_info[0], *_raised_at(record))
        now = self._clock()
        written, left_out = self._seen.get(place, (-SECONDS, 0))
        if now - written < SECONDS:
            self._seen[place] = (written, left_out + 1)
            return False
        if len(self._seen) >= MOST_PLACES:
            self._seen.clear()
        self._seen[place] = (now, 0)
        if left_out:
            record.msg = f"{record.msg} (and {left_out} more like it since it was last written)"
        return True


def _raised_at(record: logging.LogRecord) -> tuple[str, int]:
    traceback = record.exc_info[2] if record.exc_info else None
    place = ("", 0)
    while traceback is not None:
        place = (traceback.tb_frame.f_code.co_filename, traceback.tb_lineno)
        traceback = traceback.tb_next
    return place


def install() -> None:
    """Filter what Streamlit and uvicorn write. Once is enough."""
    only_one = OneTraceback()
    for name in ("streamlit", "uvicorn.error", "asyncio"):
        logger = logging.getLogger(name)
        for handler in logger.handlers:
            if not any(isinstance(one, OneTraceback) for one in handler.filters):
                handler.addFilter(only_one)
