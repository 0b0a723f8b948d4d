"""Uploaded files: taken only where a page asks for one, as large and as many as its visitor needs, and no longer.

Streamlit keeps whatever is put under an open tab's address, as often as it is put, until that tab is forgotten.
"""

import asyncio
import contextlib
import time
from collections import Counter

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.state.session_state import SessionState

from server.addresses import address_of
from server.routes import local_path

ROUTE = "_stcore/upload_file"
MEGABYTE = 1024 * 1024  # as Streamlit counts uploads
FILES_A_TAB = 3  # the pictures of the pages that a visitor goes back and forth between
# So many files of the largest size are kept in all; pages keep the pictures that they have read.
TABS_FULL = 2
FRAMING = 4096  # bytes around a file in the request's body
SECONDS = 120.0  # in which a body has to arrive
DRAINED = 64 * MEGABYTE  # of a refused body
DRAINED_SECONDS = 30.0
MOST_AT_ONCE, MOST_AT_ONCE_PER_ADDRESS = 24, 12
NO_PLACE = "No page of this tab asks for a file."
TOO_LARGE = "The file is too large; at most {} MB are taken."
TOO_SLOW = "The file took too long to arrive; try a smaller one."
TOO_MANY = "Too many files are on their way; try again in a moment."


class _Refused(Exception):
    """An upload that is not taken: the answer's status and sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class UploadGate:
    """Stands before Streamlit's upload address. `megabytes` is the size of the largest file taken."""

    def __init__(self, app: ASGIApp, megabytes: int) -> None:
        self.app = app
        self.megabytes = megabytes
        self._on_their_way: Counter[str] = Counter()  # address to its uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        path = local_path(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else ""
        if not path.startswith(f"{ROUTE}/"):
            await self.app(scope, receive, send)
            return
        address, session_id = address_of(scope), path.removeprefix(f"{ROUTE}/").split("/")[0]
        try:
            await self._take(address, session_id, scope, receive, send)
        except _Refused as refused:
            await _read_on(receive)
            answer = PlainTextResponse(refused.sentence, refused.status, {"Connection": "close"})
            await answer(scope, receive, send)

    async def _take(self, address: str, session_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        if not asks_for_a_file(session_id):
            raise _Refused(403, NO_PLACE)
        length = Headers(scope=scope).get("content-length", "0")
        if length.isascii() and length.isdigit() and int(length[:15]) > self.megabytes * MEGABYTE + FRAMING:
            raise _Refused(413, TOO_LARGE.format(self.megabytes))
        if (
            self._on_their_way.total() >= MOST_AT_ONCE
            or self._on_their_way[address] >= MOST_AT_ONCE_PER_ADDRESS
        ):
            raise _Refused(429, TOO_MANY)
        self._on_their_way[address] += 1
        try:
            await self.app(scope, _Body(receive, self.megabytes).receive, send)
        finally:
            self._on_their_way[address] -= 1
            if not self._on_their_way[address]:
                del self._on_their_way[address]
        make_room(session_id, TABS_FULL * self.megabytes * MEGABYTE)


async def _read_on(receive: Receive) -> None:
    """Read what else comes of a body, up to a bound, and drop it: a browser hears an answer only after it has sent."""
    left = DRAINED
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAINED_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return


class _Body:
    """A request's body, refused once it is too large or too slow: its length may be a lie, or not be given."""

    def __init__(self, receive: Receive, megabytes: int) -> None:
        self._receive, self._megabytes = receive, megabytes
        self._left = megabytes * MEGABYTE + FRAMING
        self._end = time.monotonic() + SECONDS

    async def receive(self) -> Message:
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._end - time.monotonic()))
        except TimeoutError:
            raise _Refused(408, TOO_SLOW) from None
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise _Refused(413, TOO_LARGE.format(self._megabytes))
        return message


def asks_for_a_file(session_id: str) -> bool:
    """Whether an open tab has an uploader or a camera on its page."""
    session = Runtime.instance().get_app_session(session_id)
    if session is None:
        return False
    state: SessionState = session.session_state
    # What left the page is removed after its run.
    shown = {*state._new_widget_state.states, *state._old_state}
    return any(
        metadata.value_type == "file_uploader_state_value" and widget_id in shown and not metadata.disabled
        for widget_id, metadata in list(state._new_widget_state.widget_metadata.items())
    )


def make_room(session_id: str, most_bytes: int) -> None:
    """Drop a tab's oldest files beyond `FILES_A_TAB`; while all take more than `most_bytes`, of the tab that has most.

    Whoever fills the memory loses their own files first; a picture that a page has read stays on it.
    """
    manager = Runtime.instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    for file_id in list(manager.file_storage.get(session_id, {}))[:-FILES_A_TAB]:
        manager.remove_file(session_id, file_id)
    while True:
        held = {
            tab: sum(len(file.data) for file in files.values())
            for tab, files in manager.file_storage.items()
            if files
        }
        if sum(held.values()) <= most_bytes:
            return
        largest = max(held, key=lambda tab: (not Runtime.instance().is_active_session(tab), held[tab]))
        manager.remove_file(largest, next(iter(manager.file_storage[largest])))
