"""The admin: whoever has the token that this server was started with. A session is one from then until it ends."""

import hmac
import logging
import os
import threading
import time
from collections import deque

TOKEN = "CONVLENS_ADMIN_TOKEN"
SHORTEST = 16  # characters of a token
PER_ADDRESS, IN_ALL = 5, 30  # wrong tries within `SECONDS`
SECONDS = 60.0
TOO_SHORT = f"{TOKEN} is shorter than {SHORTEST} characters and is ignored: nobody is this server's admin."


class Refused(RuntimeError):
    """A token that was not taken; the message says why."""


class _WrongTries:
    """Wrong tokens of the last minute, of all sessions of this server."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._tries: deque[tuple[float, str | None]] = deque()

    def check(self, right: str, given: str, address: str | None) -> None:
        """Raises `Refused` for a wrong token, and for any where too many were wrong."""
        now = time.monotonic()
        with self._mutex:
            while self._tries and self._tries[0][0] < now - SECONDS:
                self._tries.popleft()
            here = sum(1 for _, other in self._tries if other == address)
            if here >= PER_ADDRESS or len(self._tries) >= IN_ALL:
                raise Refused("Too many wrong tokens. Wait a minute, then try again.")
            if not hmac.compare_digest(right.encode(), given.encode()):
                self._tries.append((now, address))
                raise Refused("This is not the server's token.")


_wrong = _WrongTries()


def token() -> str | None:
    """The admin's token; None where this server has none, or one that is too short."""
    given = os.environ.get(TOKEN, "")
    return given if len(given) >= SHORTEST else None


def warn_if_too_short() -> None:
    """Say in the server's log, at its start, that a token is ignored."""
    if os.environ.get(TOKEN) and token() is None:
        logging.getLogger(__name__).warning(TOO_SHORT)


def check(given: str, address: str | None) -> None:
    """Compare a token with the server's, in constant time. Raises `Refused` where it is not it, or tried too often."""
    right = token()
    if right is None:
        raise Refused("This server has no admin.")
    _wrong.check(right, given, address)
