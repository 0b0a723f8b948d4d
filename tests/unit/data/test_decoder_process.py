"""The decoding process, started as the server starts it and spoken to in bytes."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_core.data import decoder_process, decoding
from cnn_core.data.decoder_pool import ROOT
from cnn_core.data.decoder_process import READY, REPLY, REQUEST
from cnn_core.data.picture_kinds import READ
from tests.support.hostile_pictures import sound_pictures


@pytest.fixture
def process() -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "cnn_core.data.decoder_process"]
    started = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert started.stdout.read(1) == READY
    yield started
    started.kill()
    started.wait()


def ask(process: subprocess.Popen, data: bytes) -> tuple[int, str, bytes]:
    process.stdin.write(REQUEST.pack(len(data)) + data)
    process.stdin.flush()
    depth, height, width, length = REPLY.unpack(process.stdout.read(REPLY.size))
    text = process.stdout.read(length).decode()
    return depth, text, process.stdout.read(depth * height * width)


def test_a_file_goes_in_and_its_pixels_come_out_then_the_next(process):
    for name in ("PNG RGB", "PNG RGBA", "JPEG RGB"):
        picture = decoding.decode(sound_pictures()[name])
        depth, text, planes = ask(process, sound_pictures()[name])
        assert text == ""
        assert planes[: 36 * 48 * 3] == picture.pixels.tobytes()
        assert depth == (3 if picture.alpha is None else 4)
        if picture.alpha is not None:
            assert planes[36 * 48 * 3 :] == picture.alpha.tobytes()
    assert ask(process, b"\x80\x81")[:2] == (0, f"is not a picture: {READ} can be read.")
    assert ask(process, b"\x80") == ask(process, b"\x80\x81")


def test_it_ends_with_its_input(process):
    process.stdin.close()
    assert process.wait(timeout=10) == 0


def test_it_ends_when_nobody_reads_its_answer(process):
    process.stdout.close()
    process.stdin.write(REQUEST.pack(1) + b"x")
    process.stdin.flush()
    assert process.wait(timeout=10) == 0


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="reads the limits where Linux shows them")
def test_the_system_holds_it_to_memory_and_time_and_no_file(process):
    ask(process, b"x")
    shown = Path(f"/proc/{process.pid}/limits").read_text("ascii").splitlines()
    lines = {line[:26].strip(): line[26:].split() for line in shown}
    assert lines["Max file size"][0] == "0"
    assert lines["Max core file size"][0] == "0"
    assert (
        decoder_process.MAX_MEMORY
        < int(lines["Max address space"][0])
        < decoder_process.MAX_MEMORY + 2_000_000_000
    )
    assert int(lines["Max cpu time"][0]) <= decoder_process.MAX_CPU_SECONDS + 3


def test_memory_that_is_not_there_is_a_sentence(monkeypatch, tmp_path):
    def no_memory(data: bytes) -> decoding.Picture:
        raise MemoryError

    monkeypatch.setattr(decoder_process, "decode", no_memory)
    with (tmp_path / "answer").open("w+b") as sink:
        decoder_process._answer(b"x", sink)
        sink.seek(0)
        answer = sink.read()
    depth, _, _, length = REPLY.unpack(answer[: REPLY.size])
    assert depth == 0
    assert answer[REPLY.size :] == (
        b"needs more memory to be decoded than is spent on a picture. Make it smaller first."
    )
    assert length == len(answer) - REPLY.size


def test_it_imports_nothing_heavy():
    code = "import sys, cnn_core.data.decoder_process; print(*{m.split('.')[0] for m in sys.modules})"
    names = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(names.stdout.split())
    assert {"numpy", "PIL"} <= loaded
    assert not loaded & {"torch", "streamlit", "scipy", "sklearn", "pandas", "matplotlib"}
