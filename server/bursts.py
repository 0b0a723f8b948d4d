"""What a script says is sent in one go, for a browser draws the whole page anew for some of what arrives by itself.

Streamlit's page renders every element when a run begins, when it is told that the script runs and when that has ended,
and all on the way to what changed for each moment in which something came. A click's script takes some 50 ms: its
beginning is sent at once, so that the browser is busy meanwhile, and the rest together.
"""

import asyncio
import contextlib

from starlette.types import Message, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from server.messages import NEW_SESSION, SCRIPT_FINISHED, STATUS_CHANGED, kind_of

LONGEST_HOLD = 0.1  # seconds; a click's script is done by then, and who waits for a longer one sees it come
MOST_HELD = 500  # messages


class Bursts:
    """Sends messages on in their order, but holds those of a script that runs until it ends, or for `hold` seconds.

    Only that it runs is said last: told before what it says, it costs a render more.
    """

    def __init__(self, send: Send, hold: float = LONGEST_HOLD) -> None:
        self._send, self._hold = send, hold
        self._held: list[Message] = []
        self._status: Message | None = None
        self._timer: asyncio.Task[None] | None = None
        self._sending = asyncio.Lock()
        self._runs = self._goes_on = False

    async def send(self, message: Message) -> None:
        """Take a message; it is sent before this returns, unless a script runs that will say more.

        Raises what sending raises, of what was held before it too.
        """
        begins = self._takes_as_beginning(message)
        if begins or not self._runs or self._sending.locked() or len(self._held) >= MOST_HELD:
            await self._release()
        elif self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._release_later())

    def stop(self) -> None:
        """Nobody listens any more."""
        self._held, self._status = [], None
        if self._timer is not None:
            self._timer.cancel()

    def _takes_as_beginning(self, message: Message) -> bool:
        """Put a message where it waits, and see whether a script runs after it; whether it is the first of one."""
        data = message.get("bytes")
        kind = kind_of(data) if data else None
        first = kind == NEW_SESSION and not self._held
        if data is None or message["type"] != "websocket.send":
            self._runs = False
        elif kind == NEW_SESSION:
            self._runs, self._goes_on = True, False
        elif kind == SCRIPT_FINISHED:
            status = ForwardMsg.FromString(data).script_finished
            self._goes_on = status == ForwardMsg.FINISHED_EARLY_FOR_RERUN  # and begins anew at once
        elif kind == STATUS_CHANGED:
            if self._goes_on or ForwardMsg.FromString(data).session_status_changed.script_is_running:
                self._status = message
                return False
            self._runs = False
        if not self._runs:
            self._take_status()
        self._held.append(message)
        return first

    def _take_status(self) -> None:
        if self._status is not None:
            self._held.append(self._status)
            self._status = None

    async def _release_later(self) -> None:
        await asyncio.sleep(self._hold)
        with contextlib.suppress(OSError):  # nobody listens: the next message is told so
            await self._release()

    async def _release(self) -> None:
        async with self._sending:
            self._take_status()
            held, self._held = self._held, []
            for message in held:
                await self._send(message)
