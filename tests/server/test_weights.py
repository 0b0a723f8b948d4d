"""The weights' route: the very files, for whoever has the address, and nothing else of the disk."""

import asyncio
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import Message, Scope

from cnn_core import checkpoints
from cnn_core.runs import ownership, records, weights
from server.weights import AT_ONCE_AN_ADDRESS, CHUNK, WeightFiles
from tests.server.conftest import Served
from tests.support import event_loop
from tests.support.socket_client import fetch
from tests.support.trained_models import write_model

OWNER = ownership.owner_of("somebody else's browser")
NAME = f"20260101-120000-digits-{OWNER[:8]}01234567"


@pytest.fixture
def run(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A run of another browser's on the server."""
    monkeypatch.setenv("CONVLENS_HOME", str(served.home))
    write_model(served.home, NAME, owner=OWNER)
    folder = served.home / "runs" / NAME
    records.epoch_weights(folder, 0).write_bytes(b"of the first epoch")
    yield folder
    shutil.rmtree(folder)


def test_whoever_has_an_address_gets_the_very_file_once_for_ever(served: Served, run: Path) -> None:
    shipped = checkpoints.folder("mnist-3conv")
    for address, file in (
        (weights.address(shipped), shipped / "weights.safetensors"),
        (weights.address(run), run / "best.safetensors"),
        (weights.address(run, 0), run / "epochs" / "001.safetensors"),
    ):
        status, listed, body = fetch(served.port, f"/{address}")
        headers = dict(listed)
        assert (status, body) == (200, file.read_bytes())
        assert headers["cache-control"] == "private, max-age=31536000, immutable"
        assert headers["content-type"] == "application/octet-stream"
        assert headers["x-content-type-options"] == "nosniff"
        assert int(headers["content-length"]) == len(body)
        assert "set-cookie" not in headers
        assert "access-control-allow-origin" not in headers
        status, listed, body = fetch(served.port, f"/{address}", headers={"If-None-Match": headers["etag"]})
        assert (status, body) == (304, b"")
        status, listed, body = fetch(served.port, f"/{address}", method="HEAD")
        assert (status, body, dict(listed)["content-length"]) == (200, b"", headers["content-length"])


def test_a_file_replaced_since_is_sent_as_it_is_now_and_not_kept(served: Served, run: Path) -> None:
    before = weights.address(run)
    (run / "best.safetensors").write_bytes(b"better")
    status, headers, body = fetch(served.port, f"/{before}")
    assert (status, body, dict(headers)["cache-control"]) == (200, b"better", "no-store")


def test_a_part_is_not_sent_and_nothing_is_taken(served: Served, run: Path) -> None:
    address = weights.address(run)
    for asked in ("bytes=0-3", "bytes=5-1", "bytes=" + ",".join("0-" for _ in range(500))):
        status, _, body = fetch(served.port, f"/{address}", headers={"Range": asked})
        assert (status, body) == (200, (run / "best.safetensors").read_bytes())
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        status, headers, _ = fetch(served.port, f"/{address}", method=method)
        assert (status, dict(headers)["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/shipped/mnist-3conv/best",
        "/shipped/unknown/best/0",
        "/shipped/..%2f..%2fmodels%2fmnist-3conv/best/0",
        "/shipped/%2e%2e/best/0",
        "/run/unknown/best/0",
        "/run/../../app.py",
        "/run/..%5c..%5cx/best/0",
        f"/run/{NAME}/..%2fspec.json/0",
        f"/run/{NAME}/spec.json/0",
        f"/run/{NAME}/resume.safetensors/0",
        f"/run/{NAME}/7/0",
        "/run/%00/best/0",
        "/run/" + "a" * 5000 + "/best/0",
        "/" + "a/" * 900,
    ],
)
def test_what_is_no_weights_is_not_found(path: str, served: Served, run: Path) -> None:
    status, headers, body = fetch(served.port, f"/weights{path}")
    assert (status, body) == (404, b"Not found")
    assert dict(headers)["cache-control"] == "no-store"


def scope_of(path: str, address: str) -> Scope:
    return {"type": "http", "method": "GET", "path": path, "headers": [], "client": (address, 1)}


async def never(*_: object) -> Message:
    raise AssertionError


def test_one_address_cannot_take_all_places_and_who_waits_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twelve that take nothing: a thirteenth of them waits, then hears no; another address is served meanwhile."""
    monkeypatch.setattr("server.weights.PATIENCE", 0.2)
    path = f"/{weights.address(checkpoints.folder('mnist-3conv'))}"

    async def ask(address: str, stalled: bool) -> list[Message]:
        said: list[Message] = []

        async def send(message: Message) -> None:
            said.append(message)
            if stalled and message["type"] == "http.response.body":
                await asyncio.sleep(60)

        await app(scope_of(path, address), never, send)
        return said

    async def all_of_them() -> None:
        greedy = [asyncio.create_task(ask("10.0.0.1", True)) for _ in range(AT_ONCE_AN_ADDRESS)]
        while app._places._taken["10.0.0.1"] < AT_ONCE_AN_ADDRESS:
            await asyncio.sleep(0)
        refused, served = await asyncio.gather(ask("10.0.0.1", False), ask("10.0.0.2", False))
        assert served[0]["status"] == 200
        assert not served[-1]["more_body"]
        assert refused[0]["status"] in (200, 503)  # the others' patience may have ended first
        ended = await asyncio.gather(*greedy)
        assert all(answer[-1].get("more_body") for answer in ended), "who takes nothing gets no end"
        assert not app._places._taken
        assert (await ask("10.0.0.1", False))[0]["status"] == 200

    app = WeightFiles(never)
    event_loop.run(all_of_them())


def test_it_is_read_piece_by_piece_and_who_goes_away_frees_the_place(served: Served, run: Path) -> None:
    large = records.epoch_weights(run, 1)
    large.write_bytes(bytes(40 * CHUNK))
    path = f"/{weights.address(run, 1)}"
    for _ in range(3 * AT_ONCE_AN_ADDRESS):
        with socket.create_connection(("127.0.0.1", served.port)) as client:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert client.recv(12) == b"HTTP/1.1 200"
    assert len(fetch(served.port, path)[2]) == 40 * CHUNK
