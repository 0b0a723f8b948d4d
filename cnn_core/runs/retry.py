"""When something that failed is tried again."""

import time
from dataclasses import dataclass

FIRST_PAUSE = 0.4
LONGEST_PAUSE = 30.0


@dataclass(eq=False)
class Retry:
    """Due at first; after each failure later, from `FIRST_PAUSE` to `LONGEST_PAUSE` seconds."""

    failures: int = 0
    at: float = 0.0

    @property
    def due(self) -> bool:
        """Whether it is time to try."""
        return time.monotonic() >= self.at

    def failed(self) -> None:
        """It was tried, and failed."""
        self.at = time.monotonic() + min(LONGEST_PAUSE, FIRST_PAUSE * 2**self.failures)
        self.failures += 1
