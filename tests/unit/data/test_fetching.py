"""A dataset fetched in a process of its own: what it says arrives here, and it never outlives who wants it."""

import json
import socket
import threading
from pathlib import Path
from threading import Event

import psutil
import pytest

from cnn_core.data import catalog, fetching
from cnn_core.data.catalog import DownloadFailed

PROXIES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy", "NO_PROXY")


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch):
    """A place where every request of the process ends, and which answers none."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        for name in PROXIES:
            monkeypatch.setenv(
                name, "" if "no" in name.lower() else f"http://127.0.0.1:{server.getsockname()[1]}"
            )
        yield server


def fetchers() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children()
        if "cnn_core.data.fetching" in " ".join(child.cmdline())
    ]


def test_what_it_brought_is_where_it_would_be(tmp_path: Path):
    ready = fetching.fetch_apart(catalog.info("digits"), tmp_path, lambda: None, Event())
    assert ready == tmp_path / "ready"
    assert ready.is_dir()
    assert fetchers() == []


def test_what_went_wrong_there_is_the_same_sentence_here(tmp_path: Path, proxy: socket.socket):
    proxy.close()  # nobody listens there any more
    with pytest.raises(DownloadFailed) as caught:
        fetching.fetch_apart(catalog.info("mnist"), tmp_path, lambda: None, Event())
    assert str(caught.value).startswith("MNIST could not be downloaded: none of the servers")


def test_it_ends_when_nobody_wants_it_any_more(tmp_path: Path, proxy: socket.socket):
    abandoned, ended = Event(), Event()
    proxy.settimeout(60)

    def wait_and_leave() -> None:
        connection, _ = proxy.accept()  # it asks for the first file, and waits
        abandoned.set()
        ended.wait(60)
        connection.close()

    leaver = threading.Thread(target=wait_and_leave)
    leaver.start()
    with pytest.raises(DownloadFailed, match="The download of MNIST was ended"):
        fetching.fetch_apart(catalog.info("mnist"), tmp_path, lambda: None, abandoned)
    ended.set()
    leaver.join()
    assert fetchers() == []


def test_it_says_when_the_last_byte_has_arrived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def bring(info: catalog.DatasetInfo, staging: Path, converting, abandoned: Event) -> Path:
        converting()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fetching, "fetch", bring)
    assert fetching.main("mnist", str(tmp_path)) == 1
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert said[0] is True
    assert said[1].startswith("The disk became full while MNIST was being written.")
