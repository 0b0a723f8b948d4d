"""Work through all runs' folders that leaves the machine to those who look at pages."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

BETWEEN_RESTS = 20  # items
T = TypeVar("T")


def unhurried(items: Iterable[T]) -> Iterator[T]:
    """The items one after another; after each few of them a rest, as long as the work on them took."""
    begun = time.monotonic()
    for number, item in enumerate(items, 1):
        yield item
        if number % BETWEEN_RESTS == 0:
            time.sleep(time.monotonic() - begun)
            begun = time.monotonic()
