"""A process that decodes: `python -m cnn_core.data.decoder_process` reads files from its input and writes their pixels.

It imports Pillow and NumPy only, may use one core for a while and some memory, may write no file, and ends with its
input. Both ways, numbers are big-endian: in comes a file's length (8 bytes) and the file; out goes one byte when it is
ready, then for each file `REPLY` (bytes a pixel, height, width, bytes of text), the text in UTF-8 and the pixels. Where
a pixel has 0 bytes the text is the fault; with 3 it is the note, with 4 there follows uint8 `(H, W)`, the transparency.
"""

import contextlib
import os
import struct
import sys
from typing import BinaryIO

from cnn_core.arrays import Bytes
from cnn_core.data.decoding import decode
from cnn_core.data.picture_kinds import Undecodable

REQUEST = struct.Struct(">Q")
REPLY = struct.Struct(">BIII")
READY = b"+"
NICENESS = 5  # pages come first, and trainings last
MAX_CPU_SECONDS = 4  # for one file; who waits for it gives up sooner
MAX_MEMORY = 700_000_000  # bytes above what the process has when it is ready


def main() -> None:
    """Answer until the input ends."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no pixel
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    _warm_up()
    _limit_memory_and_files()
    sink.write(READY)
    sink.flush()
    while len(header := source.read(REQUEST.size)) == REQUEST.size:
        _limit_time()
        _answer(source.read(REQUEST.unpack(header)[0]), sink)


def _answer(data: bytes, sink: BinaryIO) -> None:
    planes: list[Bytes] = []
    try:
        picture = decode(data)
        planes = [plane for plane in (picture.pixels, picture.alpha) if plane is not None]
        text = picture.note
    except Undecodable as error:
        text = str(error)
    except MemoryError:
        text = "needs more memory to be decoded than is spent on a picture. Make it smaller first."
    words = text.encode()
    height, width = planes[0].shape[:2] if planes else (0, 0)
    sink.write(REPLY.pack((0, 3, 4)[len(planes)], height, width, len(words)) + words)
    for plane in planes:
        sink.write(plane.tobytes())
    sink.flush()


def _warm_up() -> None:
    """Decode something: what is imported then need not be imported while somebody waits."""
    with contextlib.suppress(Undecodable):
        decode(b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2L\1\0;")


def _limit_memory_and_files() -> None:
    """No file, and memory for one picture; where the system has no such limits, what is counted has to do."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in (
        (resource.RLIMIT_AS, _address_space() + MAX_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a system that knows the limit and does not take it
            resource.setrlimit(kind, (most, most))


def _address_space() -> int:
    """Bytes of address space this process has; most of them are not memory."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - before pathlib is needed
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 2_000_000_000


def _limit_time() -> None:
    """Let the system end this process if one file takes it too long, whoever still waits for it."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    most = int(used.ru_utime + used.ru_stime) + 1 + MAX_CPU_SECONDS
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):  # the server is gone
        main()
    sys.stderr.flush()
    os._exit(0)
