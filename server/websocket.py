"""The gate of the websocket: who may open one, how fast it is listened to, and what of it reaches Streamlit."""

import asyncio
import threading
import time

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.web.server.starlette.starlette_websocket import StarletteSessionClient

from server.addresses import address_of
from server.browser import secret_in
from server.buckets import Bucket
from server.bursts import Bursts
from server.messages import LARGEST_FRAME, NEW_SESSION, Unreadable, admitted, kind_of, without_the_machine
from server.routes import local_path
from server.sessions import Tabs

STREAM = "_stcore/stream"
PROTOCOLS = "sec-websocket-protocol"
TAB = "convlens.tab"  # a websocket's own `_Tab` in its scope
# Messages a second of one tab: a slider that is dragged sends fewer, and a browser never waits for an answer.
TAB_RATE, TAB_BURST = 20, 60
# What costs more than a rerun counts as so many messages: a picture is drawn for each file asked for.
OPERATION_COST = 4
MOST_SCRIPTS = 3  # of one tab that run at once: those a newer message has made needless, until they notice
PATIENCE = 10.0  # seconds to wait for them; Streamlit takes a tab that is not heard for 30 s for lost
POLL = 0.02  # seconds
FULL = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>ConvLens</title>
<body style="font-family: sans-serif; margin: 4rem auto; max-width: 32rem">
<h1>All places are taken</h1>
<p>As many tabs are open on this server as it allows. Close one, or try again in a few minutes.</p>"""


class WebSocketGate:
    """Stands before Streamlit's websocket, and before the page while there is no room for one more tab."""

    def __init__(self, app: ASGIApp, tabs: Tabs) -> None:
        self.app = app
        self.tabs = tabs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif (
            scope["type"] == "http"
            and _asks_for_the_page(scope)
            and not self.tabs.has_room(address_of(scope))
        ):
            await HTMLResponse(FULL, 503, {"Retry-After": "60"})(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = address_of(scope)
        if local_path(scope["path"]) != STREAM or not self.tabs.has_room(address):
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        browser = secret_in(Headers(scope=scope).get("cookie", ""))
        tab = _Tab(self.tabs, address, browser, receive, send)
        try:
            await self.app({**self._with_own_session(scope, browser), TAB: tab}, tab.receive, tab.send)
        except Exception:
            if not tab.is_gone:
                raise
            # Streamlit closes once more what was closed while it answered: no news, and no traceback.
        finally:
            tab.stop()
            self.tabs.closed(address)
            if tab.session_id:
                self.tabs.keep(tab.session_id, address, tab.began)

    def _with_own_session(self, scope: Scope, browser: str | None) -> Scope:
        """The scope without the session that it asks to take up again, where that is another browser's.

        Streamlit gives a session to whoever knows its id, and the tab that had it falls silent. The id is the third
        entry of the websocket's protocols.
        """
        protocols = Headers(scope=scope).get(PROTOCOLS, "").split(",")
        if len(protocols) < 3 or self.tabs.may_resume(protocols[2].strip(), browser):
            return scope
        headers = [(name, value) for name, value in scope["headers"] if name != PROTOCOLS.encode()]
        own = (PROTOCOLS.encode(), ",".join(protocols[:2]).encode("latin-1"))
        return {**scope, "headers": [*headers, own]}


class _Tab:
    """One websocket: the two directions of it."""

    def __init__(self, tabs: Tabs, address: str, browser: str | None, receive: Receive, send: Send) -> None:
        self.tabs, self._browser = tabs, browser
        self.session_id = ""
        self.began = time.monotonic()
        self._receive, self._send = receive, send
        self._bursts = Bursts(send)
        self._buckets = (Bucket(TAB_RATE, TAB_BURST), tabs.opened(address))
        self._scripts: list[threading.Thread] = []
        self._closed = False
        self.is_gone = False  # whether nobody listens any more

    async def receive(self) -> Message:
        """The next message that Streamlit may see."""
        if not self.session_id:
            self._look_for_session()
        self._note_script()
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                self.is_gone = self.is_gone or message["type"] == "websocket.disconnect"
                return message
            frame = message.get("bytes")
            if frame is None:
                return await self._refuse(1003)  # a text; the protocol has none
            if len(frame) > LARGEST_FRAME:
                return await self._refuse(1009)
            try:
                said = admitted(frame, self.session_id, self._has_fragment)
            except Unreadable:
                return await self._refuse(1002)
            kind = said.WhichOneof("type") if said is not None else None
            cost = OPERATION_COST if kind == "backend_operation_request" else 1
            if wait := max(bucket.take(cost) for bucket in self._buckets):
                await asyncio.sleep(wait)
            if kind == "rerun_script":
                await self._await_scripts()
            if said is not None:
                return {"type": "websocket.receive", "bytes": said.SerializeToString()}

    async def send(self, message: Message) -> None:
        """What Streamlit says, without what it says of the machine."""
        if self._closed:  # by us: Streamlit has not noticed yet
            raise OSError("the websocket is closed")
        if message["type"] == "websocket.send":
            data = message.get("bytes")
            if data is not None and kind_of(data) == NEW_SESSION:
                message = {**message, "bytes": without_the_machine(data)}
        try:
            await self._bursts.send(message)
        except OSError:
            self.is_gone = True
            raise

    def stop(self) -> None:
        """Send nothing more of what waits."""
        self._bursts.stop()

    async def _refuse(self, code: int) -> Message:
        """Close the websocket; what Streamlit is told instead of the message."""
        self._closed = self.is_gone = True
        self._bursts.stop()
        await self._send({"type": "websocket.close", "code": code})
        return {"type": "websocket.disconnect", "code": code}

    def _look_for_session(self) -> None:
        """Streamlit asks for the first message as soon as it has made a session, or found the one that came back."""
        for one in Runtime.instance()._session_mgr.list_active_sessions():
            if (
                isinstance(one.client, StarletteSessionClient)
                and one.client._websocket.scope.get(TAB) is self
            ):
                self.session_id = one.session.id
                self.began = self.tabs.begun(self.session_id, self._browser) or self.began

    def _session(self) -> AppSession | None:
        return Runtime.instance().get_app_session(self.session_id) if self.session_id else None

    def _has_fragment(self, fragment: str) -> bool:
        session = self._session()
        return session is None or session.has_fragment(fragment)

    def _note_script(self) -> None:
        """Remember the thread that the last message started: a newer message does not end it, it only asks it to."""
        session = self._session()
        runner = session._scriptrunner if session is not None else None
        thread = runner._script_thread if runner is not None else None
        if thread is not None and thread not in self._scripts:
            self._scripts.append(thread)

    async def _await_scripts(self) -> None:
        """Wait while too many of this tab's scripts run; without it, a flood of clicks would be a flood of threads."""
        end = time.monotonic() + PATIENCE
        while True:
            self._scripts = [thread for thread in self._scripts if thread.is_alive()]
            if len(self._scripts) < MOST_SCRIPTS or time.monotonic() > end:
                return
            await asyncio.sleep(POLL)


def _asks_for_the_page(scope: Scope) -> bool:
    accept = b"".join(value for name, value in scope["headers"] if name == b"accept")
    return scope["method"] == "GET" and b"text/html" in accept
