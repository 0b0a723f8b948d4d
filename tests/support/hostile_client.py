"""A visitor who means harm, seeded: everything that a websocket and HTTP let a stranger send, at once and for long."""

import contextlib
import itertools
import math
import random
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from http.client import HTTPException

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from pages.ui import site
from tests.support.socket_client import COOKIE, Closed, Tab, Value, connect, fetch, widget_state

PAGES = [page.name for page in site.PAGES]
# Values that no widget sends, or that some widget does not expect, by their kind.
ODD: dict[str, list[Value]] = {
    "trigger_value": [True],
    "bool_value": [True, False],
    "double_value": [0.0, -1.0, 1e308, math.nan, math.inf, 1.5, 3.0, 1e18],
    "int_value": [0, -1, 2**62],
    "string_value": [
        "", "x", "[]", "{}", "null", "[1,2]", "\x00", "0", "1e999", "9" * 5000, "a" * 70_000,
        '{"edited_rows":{"0":{"0":"x"}},"added_rows":[],"deleted_rows":[]}', '{"edited_rows":{"999":{"q":1}}}',
        '{"selection":{"cell":[1]}}', '{"selection":{"cell":[{"true":[],"predicted":{}}]}}',
        "[Sign in again](https://example.com/login)", "![x](https://example.com/x.png)",
    ],
    "double_array_value": [[], [1.0], [1.0, 2.0], [math.nan], [1e300] * 5],
    "int_array_value": [[], [1], [2**40]],
    "string_array_value": [[], ["x"], ["0"], ["x", "y"], ["z"] * 2000],
    "json_value": [
        "", "null", "[]", "{}", "[[[", '{"value":1}', '{"a":' * 3000, "1" * 5000, '{"objects":"x"}', "[" * 100_000,
        '{"raw":{"objects":[{"type":"path","path":[["Q",1]]}]}}', '{"cell":[1e999,-5]}',
        '{"drawing":"x"}', '{"drawing":{"data":"x"}}', '{"drawing":{"data":[1],"raw":3}}', '{"backgroundFit":{}}',
        '{"drawing":{"data":"data:image/png;base64,!!!","raw":{}}}', '{"pinned":"x"}', '{"pinned":[1,2,3]}',
        '{"drawing":{"data":"data:image/png;base64,AAAA","raw":[]}}', '{"pinned":{"row":1e99}}', '{"pinned":[-1,99]}',
        '{"picked":[1e9,"x"]}', '{"picked":-5}', '{"picked":{"a":1}}', '{"picked":[0]}', '{"picked":1e999}',
        '{"step":"x","selected":{},"choice":[1,2,3],"position":1e99}', '{"strokes":[[["a"]]],"drawing":{"version":1}}',
    ],
    "json_trigger_value": ["{}", "[]", "x", '[{"event":"x"}]', '[{"event":["a"]}]'],
    "string_trigger_value": ["x"],
    "bytes_value": [b"", b"x"],
    "arrow_value": [None],
    "chat_input_value": [None],
    "file_uploader_state_value": [
        None,
        FileUploaderState(uploaded_file_info=[UploadedFileInfo(file_id="nobody's", name="../../x", size=1)]),
    ],
}  # fmt: skip
PATHS = (
    "/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent/openapi.json", "/_stcore/agent/interact",
    "/component/../../app.py", "/component/x/%2e%2e/%2e%2e/etc/passwd", "/_stcore/bidi-components/x/y.js",
    "/media/../app.py", "/media/" + "a" * 3000, "/static/../../../etc/passwd", "/%00", "//example.com/x",
    "/oauth2callback?code=x", "/auth/login", "/builder?run=" + "a" * 5000, "/app.py", "/.streamlit/secrets.toml",
)  # fmt: skip


def odd_state(rng: random.Random, widget_id: str, kind: str | None = None) -> WidgetState:
    """A state for a widget that it would not send: of its own kind with an odd value, or of any kind."""
    chosen = kind if kind is not None and rng.random() < 0.6 else rng.choice(list(ODD))
    return widget_state(widget_id, chosen, rng.choice(ODD[chosen]))


def odd_message(rng: random.Random, tab: Tab) -> BackMsg | bytes | str:
    """A frame of any kind: one that harms where nobody looks at it, or one that is nothing."""
    message = BackMsg()
    what = rng.randrange(12)
    if what == 0:
        message.clear_cache = True
    elif what == 1:
        message.debug_shutdown_runtime = True
    elif what == 2:
        message.debug_disconnect_websocket = True
    elif what == 3:
        message.set_run_on_save = rng.random() < 0.5
    elif what == 4:
        message.load_git_info = True
    elif what == 5:
        message.stop_script = True
    elif what == 6:
        message.file_urls_request.file_names.extend(["x" * 1000] * rng.randrange(50))
    elif what == 7:
        message.backend_operation_request.request_id = "r" * rng.randrange(5000)
        message.backend_operation_request.session_id = (
            tab.session.initialize.session_id if tab.session else ""
        )
        payload = rng.choice(["install_skills", "deferred_file", "dataframe_chunk", "dismiss_skills_nudge"])
        getattr(message.backend_operation_request, payload).SetInParent()
    elif what == 8:
        message.rerun_script.fragment_id = "f" * rng.randrange(1, 2000)
    elif what == 9:
        message.rerun_script.query_string = "&".join(f"k{n}=v" for n in range(rng.randrange(3000)))
        message.rerun_script.context_info.timezone = "z" * 100_000
    elif what == 10:
        message.rerun_script.page_script_hash = rng.choice(["", "0" * 32, "p" * 10_000])
        message.rerun_script.page_name = rng.choice(["nowhere", "../app", "n" * 10_000])
    else:
        noise: list[bytes | str] = [
            rng.randbytes(rng.randrange(1, 2000)),
            b"",
            b"\x0a" * 5,
            b"\x22" + b"\xff" * 9,
        ]
        return [*noise, "text"][rng.randrange(5)]
    return message


class Hostile:
    """Does harm from several threads at once; how often it did what stands in `done`."""

    def __init__(
        self, port: int, seed: int, victim_run: Callable[[], str], victim_buttons: Callable[[], list[str]]
    ) -> None:
        """The run that is to be stopped, once there is one, and the ids of the buttons on its owner's page."""
        self.port, self.victim_run, self.victim_buttons = port, victim_run, victim_buttons
        self.seed = seed
        self.done: Counter[str] = Counter()
        self.acts = (
            self.garble, self.set_anything, self.flood_reruns, self.flood_sockets, self.upload, self.train,
            self.stop_others, self.ask_paths, self.never_read, self.huge_frames,
        )  # fmt: skip

    def run(self, seconds: float, threads: int = 3) -> None:
        """Act for so long."""
        end = time.monotonic() + seconds
        workers = [
            threading.Thread(target=self._act, args=(n, self.acts[n::threads], end)) for n in range(threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _act(self, number: int, acts: Sequence[Callable[[random.Random], None]], end: float) -> None:
        rng = random.Random(f"{self.seed}-{number}")
        for act in itertools.cycle(acts):
            if time.monotonic() > end:
                return
            # A server that closes, refuses or waits is doing what it should.
            with contextlib.suppress(Closed, TimeoutError, OSError, HTTPException, StopIteration):
                act(rng)
            self.done[act.__name__] += 1

    def garble(self, rng: random.Random) -> None:
        """Frames of every kind on one socket."""
        with connect(self.port, rng.choice(PAGES)) as tab:
            for _ in range(30):
                tab.send(odd_message(rng, tab))

    def set_anything(self, rng: random.Random) -> None:
        """Odd values for the widgets of a page, and for widgets that are not there."""
        with connect(self.port, rng.choice(PAGES)) as tab:
            for _ in range(15):
                message = BackMsg()
                message.rerun_script.page_script_hash = tab.page_hash
                message.rerun_script.page_name = tab.page
                widgets = list(tab.keys.values())
                for widget_id, kind in rng.sample(widgets, min(3, len(widgets))):
                    message.rerun_script.widget_states.widgets.append(odd_state(rng, widget_id, kind))
                made_up = rng.choice(["$$ID-" + "0" * 32 + "-x", "i" * 10_000, ""])
                message.rerun_script.widget_states.widgets.append(odd_state(rng, made_up))
                tab.send(message)
                tab.await_run(10)

    def flood_reruns(self, rng: random.Random) -> None:
        """A hundred clicks at once, the answers unread."""
        with connect(self.port, rng.choice(PAGES)) as tab:
            numbers = [(i, kind) for i, kind in tab.keys.values() if kind in ("double_value", "string_value")]
            for _ in range(100):
                message = BackMsg()
                message.rerun_script.page_script_hash = tab.page_hash
                message.rerun_script.page_name = tab.page
                for widget_id, kind in numbers:
                    value: Value = (
                        float(rng.randrange(50)) if kind == "double_value" else str(rng.randrange(50))
                    )
                    message.rerun_script.widget_states.widgets.append(widget_state(widget_id, kind, value))
                tab.send(message)

    def flood_sockets(self, rng: random.Random) -> None:
        """Many sockets at once, most of which never say anything."""
        with contextlib.ExitStack() as stack:
            for number in range(40):
                stack.enter_context(connect(self.port, rng.choice(PAGES), run=number % 10 == 0))

    def upload(self, rng: random.Random) -> None:
        """Large files, also to pages that ask for none."""
        with connect(self.port, rng.choice(["feature_maps", "draw", "convolution"])) as tab:
            if "maps-image-open" in tab.keys:
                tab.set("maps-image-open", True, 20)
                tab.set("maps-image-source", "Upload", 20)
            for _ in range(5):
                tab.upload(bytes(rng.randrange(1, 21) * 1_000_000))

    def train(self, rng: random.Random) -> None:
        """One more training of yet another visitor."""
        query = f"builder-epochs={rng.randrange(1, 200)}&builder-net=conv4-relu-pool2-flatten-linear10"
        with connect(self.port, "builder", query, cookies={COOKIE: secrets.token_urlsafe(32)}) as tab:
            for _ in range(4):
                tab.press("builder-train", 20)

    def stop_others(self, rng: random.Random) -> None:
        """Every button and field on the page of somebody else's run."""
        run = self.victim_run()
        with connect(self.port, "builder", f"run={run}", cookies={COOKIE: secrets.token_urlsafe(32)}) as tab:
            buttons = [key for key, (_, kind) in tab.keys.items() if kind == "trigger_value"]
            for key in rng.sample(buttons, len(buttons)):
                if key in tab.keys and "train" not in key:
                    tab.press(key, 20)
            # And the buttons that only its owner sees: a widget's id is the same in every session.
            for widget_id in self.victim_buttons():
                tab._states[widget_id] = widget_state(widget_id, "trigger_value", True)
            tab.rerun(seconds=20)

    def ask_paths(self, rng: random.Random) -> None:
        """Addresses where something might lie, by every method."""
        for path in PATHS:
            fetch(
                self.port,
                path.replace("\x00", ""),
                method=rng.choice(["GET", "POST", "DELETE", "HEAD", "OPTIONS"]),
            )

    def never_read(self, rng: random.Random) -> None:
        """Ask for much, read nothing, hang up."""
        with connect(self.port, "feature_maps", run=False) as tab:
            for _ in range(50):
                message = BackMsg()
                message.rerun_script.page_name = rng.choice(PAGES)
                tab.send(message)
            raw = tab.connection.socket
            with contextlib.suppress(OSError):
                raw.shutdown(socket.SHUT_RDWR)

    def huge_frames(self, rng: random.Random) -> None:
        """Frames of megabytes: one text for a widget, or nothing."""
        with connect(self.port, "draw", run=False) as tab:
            message = BackMsg()
            size = rng.choice([1_000_000, 3_500_000, 6_000_000])
            message.rerun_script.widget_states.widgets.append(
                widget_state("w", "json_value", '"' + "x" * size + '"')
            )
            for _ in range(5):
                tab.send(message)
            tab.receive(2)
