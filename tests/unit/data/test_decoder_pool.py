"""The processes that decode: few, warm, ended where a picture takes too long, and never the server's loss."""

import os
import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest

from cnn_core.data import decoder_pool
from cnn_core.data.decoding import Picture
from cnn_core.data.picture_kinds import Undecodable
from tests.support.hostile_pictures import jpeg_of_scans, png, sound_pictures

PNG = sound_pictures()["PNG RGBA"]
SLOW = jpeg_of_scans(3_000, 80)  # more than a second


@pytest.fixture(autouse=True)
def fresh():
    """No process of another test's, and none left."""
    decoder_pool._end_all()
    yield
    decoder_pool._end_all()


def test_a_picture_with_its_transparency():
    picture = decoder_pool.decode(PNG)
    assert picture.pixels.shape == (36, 48, 3)
    np.testing.assert_array_equal(picture.alpha, np.mgrid[:36, :48].sum(0) * 3 % 256)
    assert decoder_pool.decode(sound_pictures()["PNG RGB"]).alpha is None


def test_the_process_is_kept_for_the_next_picture_whatever_this_one_was():
    decoder_pool.decode(PNG)
    (first,) = decoder_pool.running()
    with pytest.raises(Undecodable, match=r"^is not a picture"):
        decoder_pool.decode(b"\x80")
    decoder_pool.decode(png(300, 200))
    assert decoder_pool.running() == [first]


def test_what_takes_too_long_is_ended_and_the_next_is_read(monkeypatch):
    decoder_pool.decode(PNG)
    (first,) = decoder_pool.running()
    monkeypatch.setattr(decoder_pool, "SECONDS", 0.2)
    begun = time.monotonic()
    with pytest.raises(Undecodable, match=r"^takes longer than 0.2 seconds to decode"):
        decoder_pool.decode(SLOW)
    assert time.monotonic() - begun < 2
    assert not psutil.pid_exists(first)
    monkeypatch.setattr(decoder_pool, "SECONDS", 20)
    (second,) = decoder_pool.running()  # it starts while nobody waits
    assert decoder_pool.decode(PNG).pixels.shape == (36, 48, 3)
    assert decoder_pool.running() == [second]


def test_a_process_that_died_while_idle_is_replaced():
    decoder_pool.decode(PNG)
    (first,) = decoder_pool.running()
    killed = psutil.Process(first)
    killed.kill()
    while killed.is_running() and killed.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert decoder_pool.running() == []
    assert decoder_pool.decode(PNG).pixels.shape == (36, 48, 3)
    assert first not in decoder_pool.running()


def test_a_process_that_dies_while_it_decodes_is_a_sentence():
    decoder_pool.decode(PNG)
    (first,) = decoder_pool.running()
    killer = threading.Timer(0.2, psutil.Process(first).kill)
    killer.start()
    with pytest.raises(Undecodable, match="or cannot be decoded at all"):
        decoder_pool.decode(SLOW)
    assert decoder_pool.decode(PNG).pixels.shape == (36, 48, 3)


def test_without_a_process_there_is_a_sentence_and_the_next_one_tries_again(monkeypatch):
    def no_process(*arguments: object, **options: object) -> None:
        raise OSError(11, "Resource temporarily unavailable")

    with monkeypatch.context() as full:
        full.setattr(subprocess, "Popen", no_process)
        for _ in range(3):  # nothing is taken for good
            with pytest.raises(
                Undecodable, match=r"^cannot be read now: the server has no room to decode it"
            ):
                decoder_pool.decode(PNG)
    assert decoder_pool.decode(PNG).pixels.shape == (36, 48, 3)


def test_a_process_that_does_not_begin_is_no_fault_of_the_picture(monkeypatch):
    monkeypatch.setattr(decoder_pool, "SECONDS_TO_START", 0.0)
    with pytest.raises(Undecodable, match=r"^cannot be read now: the server is too busy"):
        decoder_pool.decode(PNG)


def test_at_most_so_many_at_once_and_the_others_wait_their_turn(monkeypatch):
    at_once: list[int] = []
    now = [0]
    lock = threading.Lock()

    def slowly(data: bytes) -> Picture:
        with lock:
            now[0] += 1
            at_once.append(now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        return Picture(np.zeros((1, 1, 3), np.uint8))

    monkeypatch.setattr(decoder_pool, "_decode_in_turn", slowly)
    threads = [threading.Thread(target=decoder_pool.decode, args=(PNG,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(at_once) == 12
    assert max(at_once) == decoder_pool.AT_ONCE


def test_who_waits_too_long_is_told(monkeypatch):
    monkeypatch.setattr(decoder_pool, "SECONDS_TO_WAIT", 0.05)
    taken = [decoder_pool._turns.acquire() for _ in range(decoder_pool.AT_ONCE)]
    try:
        with pytest.raises(Undecodable, match=r"^has to wait: many pictures are being read"):
            decoder_pool.decode(PNG)
    finally:
        for _ in taken:
            decoder_pool._turns.release()


@pytest.mark.parametrize(
    "answer", [b"", b"\3\0", b"\3" + b"\xff" * 12, b"\7" + bytes(12), bytes(9) + b"\xff" * 4]
)
def test_an_answer_that_is_none_is_not_believed(answer, monkeypatch):
    say = f"import sys; sys.stdout.buffer.write(b'+' + {answer!r}); sys.stdout.flush(); sys.stdin.buffer.read(9)"
    monkeypatch.setattr(decoder_pool.sys, "executable", _python_that_says(say, monkeypatch))
    with pytest.raises(Undecodable, match="or cannot be decoded at all"):
        decoder_pool.decode(PNG)


def _python_that_says(code: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let the process run `code` in place of the decoder; the interpreter stays."""
    start = subprocess.Popen

    def other(command: list[str], **options: object) -> subprocess.Popen:
        return start([command[0], "-c", code], **options)

    monkeypatch.setattr(subprocess, "Popen", other)
    return sys.executable


SERVER = """
import os, sys
from cnn_core.data import decoder_pool
decoder_pool.decode(sys.stdin.buffer.read())
print(decoder_pool.running()[0], flush=True)
if sys.argv[1] == "kill":
    os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("way", ["end", "kill"])
def test_it_ends_with_the_server(way):
    asked = [sys.executable, "-c", SERVER, way]
    server = subprocess.run(asked, cwd=decoder_pool.ROOT, input=PNG, capture_output=True, check=way == "end")
    pid = int(server.stdout)
    end = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "an orphan"
        time.sleep(0.02)


def test_it_knows_no_secret_of_the_server(monkeypatch):
    monkeypatch.setenv("CONVLENS_ADMIN_TOKEN", "a secret of the server")
    decoder_pool.decode(PNG)
    environment = psutil.Process(decoder_pool.running()[0]).environ()
    assert "CONVLENS_ADMIN_TOKEN" not in environment
    assert environment["PATH"] == os.environ["PATH"]
