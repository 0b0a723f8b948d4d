"""The processes that decode what strangers upload: few, kept warm, and ended where a picture takes too long.

A decoder written in C cannot be stopped from within, and one that fails takes its process along. So a file is decoded
in a `decoder_process`, at most `AT_ONCE` at a time; who comes then waits a while. These processes end with this one,
whose pipe they read from.
"""

import atexit
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from cnn_core.data.decoder_process import READY, REPLY, REQUEST
from cnn_core.data.decoding import KEPT_SIDE, Picture
from cnn_core.data.picture_kinds import Undecodable

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2
SECONDS = 2.5  # for one picture, from its first byte to the last of the answer
SECONDS_TO_START = 20.0
SECONDS_TO_WAIT = 10.0  # for one's turn
MAX_TEXT = 2_000  # bytes that a sentence takes at most
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_",
    "LD_",
    "DYLD_",
    "PYTHON",
    "VIRTUAL_ENV",
    "SYSTEMROOT",
    "TMP",
    "TEMP",
)
_LOG = logging.getLogger(__name__)


class _Gone(Exception):
    """The process ended, or was ended, before it had answered; or its answer is none."""


class _Decoder:
    """One process. Its methods are called by one thread at a time."""

    def __init__(self) -> None:
        # No secret of this process's environment is needed for decoding.
        environment = {name: text for name, text in os.environ.items() if name.upper().startswith(_PASSED_ON)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cnn_core.data.decoder_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**environment, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,  # Ctrl-C in the server's terminal is for the server; Windows has the next
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self.ready = False

    @property
    def lives(self) -> bool:
        return self.process.poll() is None

    def end(self) -> None:
        """Kill the process and wait for it to be gone."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(OSError):  # what was still to be written finds nobody
                pipe.close()

    def decode(self, data: bytes) -> Picture:
        """What the process answers to a file.

        Raises:
            Undecodable: as `decoding.decode`.
            _Gone: it did not answer in time, or nothing that is an answer.
        """
        if not self.ready:
            with self._ended_after(SECONDS_TO_START):
                if self._read(len(READY)) != READY:
                    raise _Gone
            self.ready = True
        with self._ended_after(SECONDS):
            self._write(REQUEST.pack(len(data)) + data)
            depth, height, width, length = REPLY.unpack(self._read(REPLY.size))
            if depth not in (0, 3, 4) or max(height, width) > KEPT_SIDE or length > MAX_TEXT:
                raise _Gone
            text = self._read(length).decode(errors="replace")
            planes = np.frombuffer(self._read(depth * height * width), np.uint8)
        if depth == 0:
            raise Undecodable(text)
        pixels, alpha = np.split(planes, [3 * height * width])
        return Picture(
            pixels.reshape(height, width, 3), text, alpha.reshape(height, width) if depth == 4 else None
        )

    @contextmanager
    def _ended_after(self, seconds: float) -> Iterator[None]:
        """Kill the process if what is done here takes longer: the reading or writing then ends at once."""
        timer = threading.Timer(seconds, self.process.kill)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _read(self, count: int) -> bytes:
        assert self.process.stdout is not None
        found = self.process.stdout.read(count)
        if len(found) < count:
            raise _Gone
        return found

    def _write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except OSError:
            raise _Gone from None


_turns = threading.BoundedSemaphore(AT_ONCE)
_idle: list[_Decoder] = []  # append and pop are atomic


def decode(data: bytes) -> Picture:
    """Decode a file of whatever content in another process, in bounded time and memory.

    Raises:
        Undecodable: says what is wrong: with the file, or that none can be decoded now.
    """
    if not _turns.acquire(timeout=SECONDS_TO_WAIT):
        raise Undecodable("has to wait: many pictures are being read at the moment. Try again in a minute.")
    try:
        return _decode_in_turn(data)
    finally:
        _turns.release()


def running() -> list[int]:
    """The processes that wait for a picture, by their numbers."""
    return [decoder.process.pid for decoder in list(_idle) if decoder.lives]


def _decode_in_turn(data: bytes) -> Picture:
    try:
        decoder = _one_that_lives()
    except OSError as error:
        _LOG.warning("no process to decode pictures in: %s", error)
        raise Undecodable(
            "cannot be read now: the server has no room to decode it. Try again later."
        ) from None
    try:
        picture = decoder.decode(data)
    except _Gone:
        started = decoder.ready
        decoder.end()
        with suppress(OSError):  # then the next picture tries again, and says so
            _idle.append(_Decoder())  # which starts while nobody waits for it
        if not started:
            raise Undecodable("cannot be read now: the server is too busy. Try again later.") from None
        raise Undecodable(
            f"takes longer than {SECONDS:g} seconds to decode, or cannot be decoded at all. "
            "Open it in an image editor and save it again, smaller."
        ) from None
    except Undecodable:
        _idle.append(decoder)
        raise
    _idle.append(decoder)
    return picture


def _one_that_lives() -> _Decoder:
    while _idle:
        decoder = _idle.pop()
        if decoder.lives:
            return decoder
        decoder.end()
    return _Decoder()


@atexit.register
def _end_all() -> None:
    while _idle:
        _idle.pop().end()
