"""A browser tab without a browser: Streamlit's websocket, at which a test says what a browser would, or never would.

with connect(port, "builder", cookies={"convlens_browser": secret}) as tab:
    tab.press("builder-train")          # by the widget's key; what it answered stands in `tab`
    tab.set("builder-epochs", 3)
    assert not tab.exceptions
"""

import contextlib
import re
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_websocket
from websockets.typing import Subprotocol

COOKIE = "convlens_browser"
TRIGGERS = ("trigger_value", "string_trigger_value", "json_trigger_value", "chat_input_value")
# The kind of value that a widget sends, by its element's name in the protocol.
KINDS = {
    "button": "trigger_value",
    "download_button": "trigger_value",
    "checkbox": "bool_value",
    "expandable": "bool_value",
    "popover": "bool_value",
    "number_input": "double_value",
    "slider": "double_array_value",
    "text_input": "string_value",
    "text_area": "string_value",
    "selectbox": "string_value",
    "radio": "string_value",
    "tab_container": "string_value",
    "vega_lite_chart": "string_value",
    "dataframe": "string_value",
    "multiselect": "string_array_value",
    "button_group": "string_array_value",
    "file_uploader": "file_uploader_state_value",
    "camera_input": "file_uploader_state_value",
    "bidi_component": "json_value",
}
ARRAYS = ("double_array_value", "int_array_value", "string_array_value")
WORDS = ("body", "label", "code_text", "text", "title", "help", "caption")


# What a widget may be said to be: a plain value, several, or one of the protocol's own messages.
Value: TypeAlias = bool | float | str | bytes | Sequence[float] | Sequence[str] | Message | None


class Closed(Exception):
    """The server closed the websocket, or refused it."""


def widget_state(widget_id: str, kind: str, value: Value) -> WidgetState:
    """A widget's value of any kind (the oneof's field in `WidgetStates.proto`), whether it fits or not."""
    state = WidgetState(id=widget_id)
    if kind in ARRAYS:
        array = getattr(state, kind)
        array.SetInParent()
        array.data.extend(value)
    elif kind == "string_trigger_value":
        state.string_trigger_value.data = str(value)
    elif kind in ("file_uploader_state_value", "arrow_value", "chat_input_value"):
        getattr(state, kind).SetInParent()
        if value is not None:
            getattr(state, kind).CopyFrom(value)
    else:
        setattr(state, kind, value)
    return state


class Tab:
    """One open page: what stands on it, and what its visitor does next."""

    def __init__(self, connection: ClientConnection, port: int, page: str, query: str) -> None:
        self.connection = connection
        self.port = port
        self.page = "" if page == "home" else page
        self.query = query
        self.page_hash = ""
        self.session: NewSession | None = None  # the latest run's first message
        self.elements: dict[tuple[int, ...], Element] = {}
        self.blocks: dict[tuple[int, ...], Block] = {}
        self.polls: dict[str, float] = {}  # fragment to the seconds after which a browser asks for it again
        self.messages: list[ForwardMsg] = []  # of the latest run, in the order in which they came
        self._states: dict[str, WidgetState] = {}
        self._fragments: dict[tuple[int, ...], str] = {}
        self._touched: set[tuple[int, ...]] = set()

    # What a visitor sees.

    @property
    def exceptions(self) -> list[str]:
        """What the page's red error boxes say: an error nobody foresaw."""
        return [e.exception.message for e in self.elements.values() if e.WhichOneof("type") == "exception"]

    @property
    def has_error(self) -> bool:
        """Whether the page broke: an exception's box on it, or a script that could not be compiled or found."""
        events = [m.session_event for m in self.messages if m.WhichOneof("type") == "session_event"]
        lost = any(m.WhichOneof("type") == "page_not_found" for m in self.messages)
        return bool(
            self.exceptions or lost or any(event.HasField("script_compilation_exception") for event in events)
        )

    @property
    def texts(self) -> list[str]:
        """Every text on the page, in its order: headings, paragraphs, messages, code, labels."""
        found: list[str] = []
        for path in sorted([*self.elements, *self.blocks]):
            for thing in (self.elements.get(path), self.blocks.get(path)):
                kind = thing.WhichOneof("type") if thing is not None else None
                if thing is None or kind is None:
                    continue
                content = getattr(thing, kind)
                found += [
                    text for word in WORDS if isinstance(text := getattr(content, word, None), str) and text
                ]
        return found

    @property
    def keys(self) -> dict[str, tuple[str, str]]:
        """The widgets on the page: key to their id and the kind of value they send."""
        found: dict[str, tuple[str, str]] = {}
        things: list[Element | Block] = [*self.elements.values(), *self.blocks.values()]
        for thing in things:
            name = thing.WhichOneof("type")
            content = getattr(thing, name) if name else None
            widget_id = getattr(content, "id", "") or (thing.id if isinstance(thing, Block) else "")
            if not name or not widget_id or name not in KINDS:
                continue
            kind = KINDS[name]
            if isinstance(content, Slider) and content.type == Slider.SELECT_SLIDER:
                kind = "string_array_value"
            found[_key_of(widget_id)] = (widget_id, kind)
        return found

    def url_of(self, key: str) -> str:
        """The address of a download button's file."""
        widget_id, _ = self.keys[key]
        buttons = (
            e.download_button for e in self.elements.values() if e.WhichOneof("type") == "download_button"
        )
        return next(f"http://127.0.0.1:{self.port}{b.url}" for b in buttons if b.id == widget_id)

    # What a visitor does.

    def rerun(self, *, fragment: str = "", auto: bool = False, seconds: float = 60) -> None:
        """Ask for a run and take in all that it draws; raises TimeoutError where none finishes."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        asked.page_script_hash = self.page_hash
        asked.page_name = self.page
        asked.fragment_id = fragment
        asked.is_auto_rerun = auto
        asked.widget_states.widgets.extend(self._states.values())
        self._states = {k: s for k, s in self._states.items() if s.WhichOneof("value") not in TRIGGERS}
        self.send(message)
        self.await_run(seconds)

    def set(self, key: str, value: Value, seconds: float = 60) -> None:
        """Set a widget, and rerun as a browser does."""
        self.fill(key, value)
        self.rerun(seconds=seconds)

    def fill(self, key: str, value: Value) -> None:
        """Set a widget without a rerun: sent with the next one."""
        widget_id, kind = self.keys[key]
        if kind in ARRAYS and (isinstance(value, str) or not isinstance(value, Sequence)):
            value = [value]
        self._states[widget_id] = widget_state(widget_id, kind, value)

    def press(self, key: str, seconds: float = 60) -> None:
        """Click a button."""
        self.set(key, True, seconds)

    def go(self, page: str, query: str = "") -> None:
        """Another page by the menu; `query` is the address's part after the question mark."""
        self.page, self.query = ("" if page == "home" else page), query
        pages = self.session.app_pages if self.session is not None else []
        self.page_hash = next((p.page_script_hash for p in pages if p.url_pathname == self.page), "")
        self._states.clear()
        self.rerun()

    def poll(self) -> None:
        """What a browser's timers ask for: every fragment that wants to be run again."""
        for fragment in list(self.polls):
            self.rerun(fragment=fragment, auto=True)

    def wait_for(self, happened: "Callable[[Tab], object]", seconds: float = 60) -> None:
        """Poll until something stands on the page; raises TimeoutError with the page's texts."""
        end = time.monotonic() + seconds
        while not happened(self):
            if time.monotonic() > end:
                raise TimeoutError(f"not in {seconds} s; on the page: {self.texts}")
            time.sleep(0.2)
            if self.polls:
                self.poll()
            else:
                self.rerun()

    def upload(self, content: bytes, name: str = "picture.png", file_id: str = "") -> tuple[int, str, str]:
        """Put a file under this tab's address, as an uploader does: the answer's status and text, and the file's id."""
        _, headers, _ = fetch(self.port, "/_stcore/health")
        token = next(value for key, value in headers if key == "set-cookie").split(";")[0].partition("=")[2]
        assert self.session is not None
        kind, body = multipart(content, name)
        file_id = file_id or str(uuid.uuid4())
        status, _, text = fetch(
            self.port,
            f"/_stcore/upload_file/{self.session.initialize.session_id}/{file_id}",
            method="PUT",
            headers={"Content-Type": kind, "X-Xsrftoken": token, "Cookie": f"_streamlit_xsrf={token}"},
            body=body,
        )
        return status, text.decode(), file_id

    def send(self, message: BackMsg | bytes | str) -> None:
        """Send any frame; text goes as a text frame. Raises Closed where the websocket is closed."""
        from websockets.exceptions import ConnectionClosed

        try:
            self.connection.send(message.SerializeToString() if isinstance(message, BackMsg) else message)
        except ConnectionClosed as error:
            raise Closed(str(error)) from error

    # What the server answers.

    def await_run(self, seconds: float = 60) -> None:
        """Take in messages until a run has finished."""
        self.messages = []
        end = time.monotonic() + seconds
        while True:
            message = self.receive(end - time.monotonic())
            if (
                message.WhichOneof("type") == "script_finished"
                and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return

    def receive(self, seconds: float = 60) -> ForwardMsg:
        """The next message; raises TimeoutError, or Closed."""
        from websockets.exceptions import ConnectionClosed

        try:
            frame = self.connection.recv(timeout=max(0.0, seconds))
        except ConnectionClosed as error:
            raise Closed(str(error)) from error
        message = ForwardMsg()
        message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
        self.messages.append(message)
        self._take_in(message)
        return message

    def _take_in(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.session = message.new_session
            self._touched = set()
            if not message.metadata.run.fragment_ids:
                self.polls = {}
        elif kind == "navigation":
            self.page_hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.polls[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "delta":
            self._take_in_delta(message)
        elif kind == "script_finished":
            self._forget_what_is_stale(message)

    def _take_in_delta(self, message: ForwardMsg) -> None:
        path = tuple(message.metadata.delta_path)
        self._touched.add(path)
        self._fragments[path] = message.delta.fragment_id
        if message.delta.WhichOneof("type") == "new_element":
            self.blocks.pop(path, None)
            self.elements[path] = message.delta.new_element
        elif message.delta.WhichOneof("type") == "add_block":
            self.elements.pop(path, None)
            self.blocks[path] = message.delta.add_block

    def _forget_what_is_stale(self, message: ForwardMsg) -> None:
        """Drop what a finished run did not draw again; a fragment's run only what is the fragment's."""
        if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return
        own = set(message.metadata.run.fragment_ids)
        for path in [*self.elements, *self.blocks]:
            if path not in self._touched and (not own or self._fragments.get(path) in own):
                self.elements.pop(path, None)
                self.blocks.pop(path, None)


def _key_of(widget_id: str) -> str:
    """The key that a widget's id ends in (`$$ID-<hash>-<key>`), or the whole id."""
    match = re.fullmatch(r"\$\$ID-[0-9a-f]+-(.*)", widget_id, re.DOTALL)
    return match[1] if match and match[1] != "None" else widget_id


@contextlib.contextmanager
def connect(
    port: int,
    page: str = "home",
    query: str = "",
    *,
    cookies: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    session: str = "",
    run: bool = True,
) -> Iterator[Tab]:
    """A tab on `page` (its name in `pages.ui.site`), its first run done unless `run` is off.

    `session` is the id of a lost session to take up again. Raises Closed where the server refuses the websocket.
    """
    from websockets.exceptions import InvalidHandshake

    sent = {"Origin": f"http://127.0.0.1:{port}", **(headers or {})}
    if cookies:
        sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    origin = sent.pop("Origin", None)
    protocols = [
        Subprotocol("streamlit"),
        *([Subprotocol("PLACEHOLDER"), Subprotocol(session)] if session else []),
    ]
    try:
        connection = connect_websocket(
            f"ws://127.0.0.1:{port}/_stcore/stream",
            subprotocols=protocols,
            origin=origin,  # type: ignore[arg-type]
            additional_headers=sent,
            max_size=None,
            open_timeout=120,
            ping_interval=None,  # where nobody reads its messages for a while, a tab would take the server for dead
        )
    except (InvalidHandshake, OSError) as error:
        raise Closed(str(error)) from error
    with connection:
        tab = Tab(connection, port, page, query)
        if run:
            tab.rerun()
        yield tab


def browser_cookie(port: int, path: str = "/") -> dict[str, str]:
    """The cookie that the server gives a browser which asks for the page, ready for `connect(cookies=…)`."""
    _, headers, _ = fetch(port, path, headers={"Accept": "text/html"})
    given = next(value for name, value in headers if name == "set-cookie" and value.startswith(f"{COOKIE}="))
    return {COOKIE: given.split(";")[0].partition("=")[2]}


def multipart(content: bytes, name: str = "picture.png") -> tuple[str, bytes]:
    """The content type and body in which a browser sends a file."""
    head = f'--frontier\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return "multipart/form-data; boundary=frontier", head.encode() + content + b"\r\n--frontier--\r\n"


def fetch(
    port: int,
    path: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> tuple[int, list[tuple[str, str]], bytes]:
    """One HTTP request: its status, headers (names in lower case) and body."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data=body, method=method, headers=dict(headers or {})
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, [(k.lower(), v) for k, v in answer.headers.items()], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, [(k.lower(), v) for k, v in error.headers.items()], error.read()
