"""The open tabs: how many there may be, from one address and in all, and what is left of those that were closed."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from streamlit import config
from streamlit.runtime import Runtime

from server.buckets import Bucket

MOST_KEPT = 48  # closed tabs whose state waits for them to come back
MOST_KEPT_PER_ADDRESS = 40  # a class whose network fails for a moment
SHORTEST_VISIT = 3.0  # seconds; what was open for less has nothing to come back to
# Messages a second that one address may send with all its tabs: a class behind one address clicks less.
ADDRESS_RATE, ADDRESS_BURST = 200, 400


@dataclass(frozen=True)
class _Kept:
    """A closed tab's session: where it was open, since when (`time.monotonic`), and what will end it."""

    address: str
    began: float
    timer: asyncio.TimerHandle


@dataclass
class Tabs:
    """Counts the open websockets and ends what closed ones left. Used on the event loop only."""

    most: int
    most_per_address: int
    open: Counter[str] = field(default_factory=Counter)  # address to its open tabs
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _kept: dict[str, _Kept] = field(default_factory=dict)  # by session
    _browsers: dict[str, str | None] = field(
        default_factory=dict
    )  # by session, the secret of the browser that has it

    def has_room(self, address: str) -> bool:
        """Whether one more tab may be opened from there."""
        return self.open.total() < self.most and self.open[address] < self.most_per_address

    def opened(self, address: str) -> Bucket:
        """Count a tab; its address's share of messages."""
        self.open[address] += 1
        if address not in self._buckets:
            self._buckets[address] = Bucket(ADDRESS_RATE, ADDRESS_BURST)
        return self._buckets[address]

    def closed(self, address: str) -> None:
        """Count a tab no longer."""
        self.open[address] -= 1
        if self.open[address] <= 0:
            del self.open[address]
        for other in [a for a, bucket in self._buckets.items() if a not in self.open and bucket.is_full]:
            del self._buckets[other]

    def keep(self, session_id: str, address: str, began: float) -> None:
        """A tab's connection is gone: keep its state for a while, for it may only have lost the network.

        Streamlit keeps it by itself, but ends it only when the next tab closes, and its uploads with it. Where too many
        are kept, the youngest visit goes: a flood of tabs displaces nobody who has been here for longer.
        """
        if Runtime.instance().is_active_session(session_id):  # taken up again already
            return
        if time.monotonic() - began < SHORTEST_VISIT:
            self.end(session_id)
            return
        # A little sooner than Streamlit, which else forgets it without ending it.
        seconds = max(1.0, 0.9 * float(config.get_option("server.disconnectedSessionTTL")))
        timer = asyncio.get_running_loop().call_later(seconds, self.end, session_id)
        self._kept[session_id] = _Kept(address, began, timer)
        mine = [session for session, kept in self._kept.items() if kept.address == address]
        if len(mine) > MOST_KEPT_PER_ADDRESS:
            self._end_youngest(mine)
        if len(self._kept) > MOST_KEPT:
            self._end_youngest(list(self._kept))

    def _end_youngest(self, sessions: list[str]) -> None:
        self.end(max(sessions, key=lambda session: self._kept[session].began))

    def end(self, session_id: str) -> None:
        """End a closed tab's session with all that it holds, unless it is open again."""
        self._take_back(session_id)
        if not Runtime.instance().is_active_session(session_id):
            self._browsers.pop(session_id, None)
            Runtime.instance().close_session(session_id)

    def may_resume(self, session_id: str, browser: str | None) -> bool:
        """Whether a session is this browser's to take up again; one that is not known here is nobody's."""
        return self._browsers.get(session_id, browser) == browser

    def begun(self, session_id: str, browser: str | None) -> float | None:
        """A browser has a session: since when, where it is one that came back, which is not to be ended; else None."""
        self._browsers[session_id] = browser
        return self._take_back(session_id)

    def _take_back(self, session_id: str) -> float | None:
        kept = self._kept.pop(session_id, None)
        if kept is None:
            return None
        kept.timer.cancel()
        return kept.began
