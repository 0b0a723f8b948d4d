"""Files that are put on the server: where a page asks for one, and no others."""

import socket
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from server import uploads
from tests.server.conftest import start
from tests.support.socket_client import connect, fetch, multipart

MB = 1024 * 1024


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A server that takes 2 MB a file and forgets a closed tab after a few seconds."""
    environment = {"CONVLENS_UPLOAD_MB": "2", "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "5"}
    with start(tmp_path_factory.mktemp("small"), environment) as server:
        yield server


@contextmanager
def uploader_tab(port):
    """Feature maps, its uploader open."""
    with connect(port, "feature_maps") as tab:
        tab.set("maps-image-open", True)
        tab.set("maps-image-source", "Upload")
        assert "maps-image-upload" in tab.keys
        yield tab


def test_a_page_without_an_uploader_takes_no_file(served):
    with connect(served.port, "convolution") as tab:
        before = served.memory()
        for _ in range(20):
            status, text, _ = tab.upload(bytes(20 * MB - 4096))
            assert (status, text) == (403, "No page of this tab asks for a file.")
        assert served.memory() < before + 30
    assert served.memory() < before + 30  # nor is anything held after the tab was closed


def test_nobody_puts_a_file_into_a_tab_that_is_not_open(served):
    with connect(served.port, "convolution") as tab:
        tab.session.initialize.session_id = "11111111-2222-3333-4444-555555555555"
        assert tab.upload(b"x")[0] == 403


def test_the_page_that_asks_for_a_picture_gets_it(served):
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
        "0000000a49444154789c6368000000820081dd436af40000000049454e44ae426082"
    )
    with uploader_tab(served.port) as tab:
        status, text, file_id = tab.upload(png, "one.png")
        assert (status, text) == (204, "")
        chosen = FileUploaderState(
            uploaded_file_info=[UploadedFileInfo(file_id=file_id, name="one.png", size=len(png))]
        )
        tab.set("maps-image-upload", chosen)
        assert not tab.has_error
        assert any("1 × 1" in text or "one.png" in text for text in tab.texts), tab.texts


def test_a_file_over_the_limit_is_refused_in_a_sentence(small):
    with uploader_tab(small.port) as tab:
        status, text, _ = tab.upload(bytes(2 * MB + 8192))
        assert (status, text) == (413, "The file is too large; at most 2 MB are taken.")
        assert tab.upload(bytes(2 * MB - 8192))[0] == 204


def test_many_files_are_not_held_and_none_after_the_tab_was_closed(small):
    with uploader_tab(small.port) as tab:
        tab.upload(bytes(2 * MB - 8192))
        before = small.memory()
        for _ in range(40):
            assert tab.upload(bytes(2 * MB - 8192))[0] == 204
        assert small.memory() < before + 30  # three files and what a request needs, not forty
    end = time.monotonic() + 30
    while held(small) and time.monotonic() < end:
        time.sleep(0.5)
    assert held(small) == ""


def test_room_is_made_by_the_closed_tab_first_and_then_by_the_one_that_holds_most(monkeypatch):
    manager = MemoryUploadedFileManager("/upload")
    open_tabs = {"much", "little", "new"}
    runtime = SimpleNamespace(uploaded_file_mgr=manager, is_active_session=open_tabs.__contains__)
    monkeypatch.setattr(uploads.Runtime, "instance", lambda: runtime)
    for tab, sizes in {"closed": [10], "empty": [1], "much": [30, 20], "little": [5], "new": [40]}.items():
        for number, size in enumerate(sizes):
            manager.add_file(tab, UploadedFileRec(f"{tab}{number}", "a.png", "image/png", bytes(size)))
    manager.remove_file("empty", "empty0")  # a tab that held a file and holds none
    assert "empty" in manager.file_storage

    def held_now():
        return {tab: list(files) for tab, files in manager.file_storage.items() if files}

    uploads.make_room("new", 95)
    assert held_now() == {"much": ["much0", "much1"], "little": ["little0"], "new": ["new0"]}
    uploads.make_room("new", 70)
    assert held_now() == {"much": ["much1"], "little": ["little0"], "new": ["new0"]}
    uploads.make_room("new", 0)
    assert held_now() == {}


def held(server):
    """The names of the files in the server's memory, by its own metrics: empty where there are none."""
    _, _, metrics = fetch(server.port, "/_stcore/metrics?families=cache_memory_bytes")
    return "".join(line for line in metrics.decode().splitlines() if "UploadedFileManager" in line)


@pytest.mark.parametrize("length", [b"", b"Content-Length: 10\r\n"], ids=["chunked", "a lie"])
def test_a_body_that_does_not_end_is_cut_off(small, length):
    with (
        uploader_tab(small.port) as tab,
        socket.create_connection(("127.0.0.1", small.port), timeout=20) as raw,
    ):
        kind, body = multipart(bytes(1000))
        path = f"/_stcore/upload_file/{tab.session.initialize.session_id}/endless"
        framing = length or b"Transfer-Encoding: chunked\r\n"
        raw.sendall(f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n".encode())
        raw.sendall(b"Cookie: _streamlit_xsrf=1234\r\nX-Xsrftoken: 1234\r\n" + framing + b"\r\n")
        sent = 0
        piece = bytes(MB)
        try:
            raw.sendall(hex(len(body))[2:].encode() + b"\r\n" + body + b"\r\n")
            while sent < 200 * MB:
                raw.sendall(hex(len(piece))[2:].encode() + b"\r\n" + piece + b"\r\n")
                sent += len(piece)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert sent < 200 * MB
