"""The weights of networks, for the browser's own engine: the very files, whoever knows a model's name or a run's id.

`cnn_core.runs.weights` says which address is which file. Nothing else of a disk is reached from here.
"""

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import AsyncIterator
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from cnn_core import files
from cnn_core.runs import weights
from cnn_core.runs.weights import Weights
from server.addresses import address_of
from server.routes import local_path

LONGEST_ADDRESS = 1000  # letters
CHUNK = 256 * 1024  # bytes that are in memory of a file
AT_ONCE, AT_ONCE_AN_ADDRESS = 32, 12  # files on their way
PATIENCE = 10.0  # seconds to wait for a place among them, and for a browser to take a chunk
FOR_EVER = "private, max-age=31536000, immutable"


class WeightFiles:
    """Answers what begins with `weights.FOLDER`; the rest passes on.

    A file that was replaced since its address was made is sent as it is now, and not kept. There are no ranges: a
    network is of use only whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._places = _Places()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        folder, _, rest = (
            local_path(scope["path"]).partition("/") if scope["type"] == "http" else ("", "", "")
        )
        if folder != weights.FOLDER:
            await self.app(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            refused: Response = PlainTextResponse("Method not allowed", 405, {"allow": "GET, HEAD"})
            await refused(scope, receive, send)
            return
        try:
            async with self._places.one(address_of(scope)):
                await _answer(scope, receive, send, rest)
        except TimeoutError:
            refused = PlainTextResponse("Too many at once", 503, {"retry-after": "5"})
            await refused(scope, receive, send)


async def _answer(scope: Scope, receive: Receive, send: Send, rest: str) -> None:
    place, _, stamp = rest.rpartition("/")
    opened = await run_in_threadpool(_open, place) if len(rest) <= LONGEST_ADDRESS else None
    if opened is None:
        await PlainTextResponse("Not found", 404, {"cache-control": "no-store"})(scope, receive, send)
        return
    found, file = opened
    with file:
        headers = {
            "cache-control": FOR_EVER if stamp == found.stamp else "no-store",
            "content-type": "application/octet-stream",
            "content-length": str(os.fstat(file.fileno()).st_size),
            "etag": f'"{found.stamp}"',
        }
        known = headers["etag"] in Headers(scope=scope).get("if-none-match", "")
        if known or scope["method"] == "HEAD":
            kept = {name: value for name, value in headers.items() if not known or name != "content-length"}
            await Response(None, 304 if known else 200, kept)(scope, receive, send)
            return
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        await _send_file(file, int(headers["content-length"]), send)


async def _send_file(file: BinaryIO, left: int, send: Send) -> None:
    """Send so many bytes; ends early for a browser that takes nothing for long, whose connection is then closed."""
    with contextlib.suppress(TimeoutError):
        while left > 0:
            chunk = await run_in_threadpool(file.read, min(CHUNK, left))
            left = left - len(chunk) if chunk else 0
            async with asyncio.timeout(PATIENCE):
                await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})


def _open(place: str) -> tuple[Weights, BinaryIO] | None:
    """The file of a place, opened; None where there is none."""
    found = weights.find(place)
    if found is None:
        return None
    try:
        return found, files.open_regular(found.path)
    except OSError:
        return None


class _Places:
    """How many files may be on their way at once, of one address and of all; who finds none free waits a while."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._freed = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def one(self, address: str) -> AsyncIterator[None]:
        """A place, given back afterwards. Raises `TimeoutError` where none comes free."""
        async with asyncio.timeout(PATIENCE), self._freed:
            await self._freed.wait_for(
                lambda: self._taken.total() < AT_ONCE and self._taken[address] < AT_ONCE_AN_ADDRESS
            )
            self._taken[address] += 1
        try:
            yield
        finally:
            async with self._freed:
                self._taken[address] -= 1
                self._taken += Counter()  # forgets who has none
                self._freed.notify_all()
