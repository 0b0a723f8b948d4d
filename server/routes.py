"""Which of Streamlit's addresses a visitor can reach: what no page needs is not there."""

import re
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

METRICS = "_stcore/metrics"
# Running the app's script for whoever asks, driving it without a browser, logging in: no part of ConvLens.
CLOSED = ("_stcore/script-health-check", "_stcore/agent", "auth", "oauth2callback")
# What Streamlit reads from a disk, for whoever asks: a name that could never be there is not looked for.
FILES = ("component", "_stcore/bidi-components")
_FILE = re.compile(r"[\w.@+-]{1,100}(/[\w.@+-]{1,100}){0,9}")


def local_path(path: str) -> str:
    """A request's path within the app, without its base path and the outer slashes."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    inner = path.strip("/")
    return inner.removeprefix(base).strip("/") if base else inner


class ClosedRoutes:
    """Answers 404 where a visitor has nothing to look for.

    The metrics are for the machine itself: they answer a request that comes straight from it, not one that a proxy
    passed on.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "http" and _is_closed(scope):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _is_closed(scope: Scope) -> bool:
    path = local_path(scope["path"])
    if _under(path, METRICS):
        return not _is_straight_from_this_machine(scope)
    if any(_under(path, closed) for closed in CLOSED):
        return True
    for folder in FILES:
        if _under(path, folder):
            return not _FILE.fullmatch(path.removeprefix(folder).lstrip("/")) or ".." in path
    return False


def _under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _is_straight_from_this_machine(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    if any(
        name in headers for name in ("x-forwarded-for", "x-forwarded-host", "x-real-ip", "forwarded", "via")
    ):
        return False
    try:
        return scope["client"] is not None and ip_address(scope["client"][0]).is_loopback
    except ValueError:  # a socket without addresses
        return False
