"""What a page told its server last, for the report of a test that failed: was the click sent, and what with it?"""

import time
from collections import deque
from weakref import WeakKeyDictionary

from google.protobuf.message import DecodeError
from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

LAST = 6  # messages
LONGEST = 1500  # characters of one

_said: "WeakKeyDictionary[Page, deque[tuple[float, bytes]]]" = WeakKeyDictionary()


def listen(page: Page) -> None:
    """Remember the last messages of this page from now on."""
    last = _said.setdefault(page, deque(maxlen=LAST))

    def note(frame: str | bytes) -> None:
        if isinstance(frame, bytes) and not _is_by_itself(frame):
            last.append((time.monotonic(), frame))

    def connected(socket: WebSocket) -> None:
        last.append(
            (time.monotonic(), b"")
        )  # a line of its own: whoever connects anew has lost what was sent meanwhile
        socket.on("framesent", note)

    page.on("websocket", connected)


def report(page: Page) -> str:
    """The page's address and its last messages, with how long ago each was sent."""
    now = time.monotonic()
    lines = [f"{now - at:.1f} s ago: {_text(frame)}" for at, frame in _said.get(page, ())]
    return "\n".join([page.url, *lines])


def _read(frame: bytes) -> BackMsg | None:
    message = BackMsg()
    try:
        message.ParseFromString(frame)
    except DecodeError:
        return None
    return message


def _is_by_itself(frame: bytes) -> bool:
    """Whether a clock of the page sent it, and no hand."""
    message = _read(frame)
    return message is not None and message.rerun_script.is_auto_rerun


def _text(frame: bytes) -> str:
    if not frame:
        return "connected"
    message = _read(frame)
    if message is None:
        return f"{len(frame)} bytes that are no message"
    message.rerun_script.ClearField("cached_message_hashes")
    return " ".join(str(message).split())[:LONGEST]
