"""How fast messages are taken in: a bucket of tokens that fills steadily; who has none left waits, nothing is lost."""

import time
from collections.abc import Callable


class Bucket:
    """`rate` tokens a second, at most `burst` of them at once."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._at = burst, clock()

    def take(self, cost: float = 1) -> float:
        """Take `cost` tokens; the seconds to wait before acting on it, 0 where there were enough."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - cost
        self._at = now
        return max(0.0, -self._tokens / self._rate)

    @property
    def is_full(self) -> bool:
        """Whether nothing was taken for so long that a new bucket would be the same."""
        return self._tokens + (self._clock() - self._at) * self._rate >= self._burst
