"""What a browser brought or drew last, kept on the server for when its page is opened anew.

In memory only, under the browser's secret cookie (`visitor`), so that nobody else is shown it; a browser without
cookies keeps nothing. It goes after `CONVLENS_KEPT_HOURS` without a visit, where others need the room
(`CONVLENS_KEPT_MB`, the longest unused first), and when the server ends.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from cnn_core.limits import MEGABYTE, limits
from pages.ui.visitor import keeps_cookies, visitor

HOUR = 3600.0  # seconds


@dataclass(frozen=True)
class _Thing:
    what: object
    size: int  # bytes
    used: float  # time.monotonic


# What the browser (the hash of its secret) has under a name; the longest unused first.
_things: "OrderedDict[tuple[str, str], _Thing]" = OrderedDict()
_lock = threading.Lock()


def keep(name: str, what: object, size: int) -> None:
    """Keep `what`, of `size` bytes in memory, under `name` for this browser, in place of what it had there."""
    if not keeps_cookies():
        return
    allowed = limits()
    with _lock:
        _things.pop((visitor().owner, name), None)
        _things[visitor().owner, name] = _Thing(what, size, time.monotonic())
        _let_go(allowed.kept_mb * MEGABYTE, allowed.kept_hours * HOUR)


def of_browser(name: str) -> object | None:
    """What this browser kept last under `name`; None where there is nothing, or nothing any more."""
    if not keeps_cookies():
        return None
    with _lock:
        _let_go(limits().kept_mb * MEGABYTE, limits().kept_hours * HOUR)
        thing = _things.pop((visitor().owner, name), None)
        if thing is None:
            return None
        _things[visitor().owner, name] = _Thing(thing.what, thing.size, time.monotonic())
        return thing.what


def forget(name: str) -> None:
    """Keep nothing under `name` for this browser any more."""
    with _lock:
        _things.pop((visitor().owner, name), None)


def _let_go(most: float, seconds: float) -> None:
    """Drop what is too old, then the longest unused, until the rest is no more than `most` bytes."""
    now = time.monotonic()
    held = sum(thing.size for thing in _things.values())
    for key, thing in list(_things.items()):
        if held <= most and now - thing.used <= seconds:
            return
        del _things[key]
        held -= thing.size
