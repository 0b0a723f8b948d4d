"""A picture's file with nothing left in it but what decoding its first frame needs.

Metadata (EXIF, ICC, XMP, dpi, texts) are read by nobody: a fault in them is no fault of the picture, and none of them
costs anything. The orientation is the one thing taken from them. Frames after the first go too. What a decoder's
time grows with and its size limit does not hold, as a JPEG's scans, is counted here, before anything is decoded.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cnn_core.data.picture_kinds import Undecodable, kind_of

MAX_PIECES = 100_000  # chunks, segments, blocks; 20 MB in a GIF's usual blocks of 255 bytes are 80,000
MAX_SCANS = 100  # of a JPEG; the usual progressive one has 10
MAX_SCANNED_PIXELS = 1_000_000_000  # pixels times scans: each scan passes over all of them
MAX_TIFF_ENTRIES = 500


@dataclass(frozen=True)
class Bare:
    """A picture's file without metadata.

    `kind` is Pillow's name of its format and `orientation` EXIF's 1 to 8, 1 where there is none that can be read.
    `transparent` is the gray value or the colour of a PNG that means transparent, in the file's own `bits` a sample;
    `white_is_zero` is true of a TIFF whose 0 is white.
    """

    kind: str
    data: bytes
    orientation: int = 1
    transparent: tuple[int, ...] | None = None
    bits: int = 8
    white_is_zero: bool = False


def bare(data: bytes) -> Bare:
    """The file without what its first frame's pixels do not need.

    Raises:
        Undecodable: it is no picture that is read here, or one made to cost a decoder too much.
    """
    kind = kind_of(data)
    return _BY_KIND[kind](data) if kind in _BY_KIND else Bare(kind, data)


def orientation(exif: bytes) -> int:
    """The orientation, 1 to 8, in an EXIF block (a TIFF's header and first directory); 1 where it cannot be read."""
    for entry in _tiff_entries(exif.removeprefix(b"Exif\0\0"))[1]:
        if entry.tag == 0x0112 and entry.values == 1 and entry.form in (1, 3, 4) and 1 <= entry.value <= 8:
            return entry.value
    return 1


def _too_many_pieces() -> Undecodable:
    return Undecodable(
        f"is made of more than {MAX_PIECES:,} pieces. Open it in an image editor and save it again."
    )


def _png(data: bytes) -> Bare:
    first: dict[bytes, bytes] = {}
    pixels: list[bytes] = []
    at = 8
    for _ in range(MAX_PIECES):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind == b"IDAT":
            pixels.append(body)
        else:
            first.setdefault(kind, body)
        if kind == b"IEND" or at >= len(data):
            break
    else:
        raise _too_many_pieces()
    header = first.get(b"IHDR", b"").ljust(13, b"\0")
    bits, colours = header[8], header[9]
    kept = {b"IHDR": first.get(b"IHDR"), b"PLTE": first.get(b"PLTE"), b"tRNS": first.get(b"tRNS")}
    transparent = None
    if colours in (0, 2):  # Pillow compares the value with samples that it has already brought to 8 bits
        samples = kept.pop(b"tRNS") or b""
        if len(samples) == 2 * (1 + colours):
            transparent = tuple(v & ((1 << bits) - 1) for v in struct.unpack(f">{1 + colours}H", samples))
    chunks = [_png_chunk(kind, body) for kind, body in kept.items() if body is not None]
    whole = b"".join((data[:8], *chunks, _png_chunk(b"IDAT", b"".join(pixels)), _png_chunk(b"IEND", b"")))
    return Bare("PNG", whole, orientation(first.get(b"eXIf", b"")), transparent, bits)


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


# What ends a run of coded pixels in a JPEG: neither a stuffed 0, nor a restart, nor padding.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_HAS_SIZE = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def _jpeg(data: bytes) -> Bare:
    kept = [data[:2]]
    turned, pixels, scans, begin = 1, 0, 0, -1
    at, end = 2, len(data)
    for _ in range(MAX_PIECES):
        # Between segments other bytes may stand, and after a scan's header its pixels do.
        found = _MARKER.search(data, at)
        if found is None:
            break
        at, code = found.start(), data[found.start() + 1]
        if code == 0xD9:
            end = at + 2
            break
        size = 0 if code in (0x01, 0xD8) else int.from_bytes(data[at + 2 : at + 4], "big")
        segment = data[at : at + 2 + size]
        if code == 0xDA:
            scans += 1
            begin = at if begin < 0 else begin
        if code in _HAS_SIZE and size >= 8:
            pixels = max(pixels, int.from_bytes(segment[5:7], "big") * int.from_bytes(segment[7:9], "big"))
        if code == 0xE1 and segment[4:10] == b"Exif\0\0" and turned == 1:
            turned = orientation(segment[10:])
        if begin < 0 and (not (0xE0 <= code <= 0xEF or code == 0xFE) or _says_colours(segment)):
            kept.append(segment)
        at += 2 + size
    else:
        raise _too_many_pieces()
    if scans > MAX_SCANS or (scans > 1 and scans * pixels > MAX_SCANNED_PIXELS):
        raise Undecodable(
            f"is a JPEG of {scans:,} scans, which takes too long to decode. Save it again as a plain JPEG."
        )
    return Bare("JPEG", b"".join(kept) + data[begin if begin >= 0 else end : end], turned)


def _says_colours(segment: bytes) -> bool:
    """Whether a JPEG's application segment is one of the two that say how colours are coded."""
    return (segment[1] == 0xE0 and segment[4:9] == b"JFIF\0" and len(segment) >= 18) or (
        segment[1] == 0xEE and segment[4:9] == b"Adobe" and len(segment) >= 16
    )


def _gif(data: bytes) -> Bare:
    at = 13 + _colours(data[10:11])
    head, control = data[:at], b""
    budget = iter(range(MAX_PIECES))
    for _ in budget:
        mark = data[at : at + 1]
        if mark == b"\x21":
            after = _blocks_end(data, at + 2, budget)
            if data[at + 1 : at + 2] == b"\xf9":  # how the next frame is shown: what is transparent
                control = data[at:after]
            at = after
        elif mark == b"\x2c":
            pixels = at + 11 + _colours(data[at + 9 : at + 10])
            return Bare("GIF", head + control + data[at : _blocks_end(data, pixels, budget)] + b"\x3b")
        else:  # damaged: the decoder will say so
            return Bare("GIF", data[: at + 1])
    raise _too_many_pieces()


def _colours(flags: bytes) -> int:
    """Bytes of a GIF's table of colours."""
    return 3 << ((flags[0] & 7) + 1) if flags and flags[0] & 0x80 else 0


def _blocks_end(data: bytes, at: int, budget: Iterator[int]) -> int:
    """Where a GIF's chain of blocks ends, from `at` on; each takes one of `budget`."""
    for _ in budget:
        if at >= len(data):
            return len(data)
        size = data[at]
        at += 1 + size
        if size == 0:
            return at
    raise _too_many_pieces()


def _webp(data: bytes) -> Bare:
    kept: list[bytes] = []
    turned, animated, at = 1, False, 12
    for _ in range(MAX_PIECES):
        kind = data[at : at + 4]
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        chunk = data[at : at + 8 + size + size % 2]
        at += 8 + size + size % 2
        if kind == b"VP8X" and len(chunk) >= 18:
            kept.append(chunk[:8] + bytes([chunk[8] & ~0x2C & 0xFF]) + chunk[9:])  # no ICC, EXIF, XMP
        elif kind == b"EXIF":
            turned = orientation(chunk[8 : 8 + size])
        elif kind in (b"VP8 ", b"VP8L", b"ALPH", b"ANIM") or (kind == b"ANMF" and not animated):
            animated |= kind == b"ANMF"
            kept.append(chunk)
        if at >= len(data):
            break
    else:
        raise _too_many_pieces()
    body = b"WEBP" + b"".join(kept)
    return Bare("WEBP", b"RIFF" + struct.pack("<I", len(body)) + body, turned)


# Size, depth, compression, where the pixels lie and what they mean: all that a page of a TIFF needs.
_TIFF_NEEDED = {256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325}
_TIFF_NEEDED |= {338, 339, 347, 530, 532}
_TIFF_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}


class _Entry(NamedTuple):
    tag: int
    form: int
    values: int
    """How many."""
    value: int
    """The one number, or the first of two; else where the numbers lie in the file."""
    raw: bytes


def _tiff_entries(data: bytes) -> tuple[str, list[_Entry]]:
    """Byte order and entries of a TIFF's first directory, as far as they can be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4], "")
    if not order or len(data) < 8:
        return order or "<", []
    (at,) = struct.unpack(order + "I", data[4:8])
    count = struct.unpack(order + "H", data[at : at + 2])[0] if at + 2 <= len(data) else 0
    entries = []
    for number in range(min(count, MAX_TIFF_ENTRIES)):
        raw = data[at + 2 + 12 * number : at + 14 + 12 * number]
        if len(raw) < 12:
            break
        tag, form, values = struct.unpack(order + "HHI", raw[:8])
        (value,) = struct.unpack(order + {1: "B3x", 3: "H2x"}.get(form, "I"), raw[8:])
        entries.append(_Entry(tag, form, values, value, raw))
    return order, entries


def _tiff(data: bytes) -> Bare:
    order, entries = _tiff_entries(data)
    found = {entry.tag: entry.value for entry in entries}
    if found.get(254) == 1 or 0xC612 in found:  # the first picture is a small one of another; a DNG says so
        raise Undecodable(
            "is a camera's raw picture, or begins with a small picture of it. Export it as JPEG and upload that."
        )
    needed = sorted((entry for entry in entries if entry.tag in _TIFF_NEEDED), key=lambda entry: entry.tag)
    if sum(_TIFF_SIZES.get(entry.form, 1) * entry.values for entry in needed) > len(data):
        raise Undecodable("is damaged: its directory is larger than the file.")
    # A directory of its own behind all that is there: it names no other page, and no metadata.
    place = len(data) + len(data) % 2
    directory = struct.pack(order + "H", len(needed)) + b"".join(entry.raw for entry in needed) + bytes(4)
    whole = data[:4] + struct.pack(order + "I", place) + data[8:].ljust(place - 8, b"\0") + directory
    turned = found.get(0x0112, 1)
    return Bare("TIFF", whole, turned if 1 <= turned <= 8 else 1, white_is_zero=found.get(262) == 0)


def _avif(data: bytes) -> Bare:
    """With EXIF made unknown where it stands: how an AVIF is turned is said by boxes of its own."""
    at = 0
    for _ in range(100):
        size, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind == b"meta":
            names = data[at : at + size].replace(b"Exif", b"none")
            return Bare("AVIF", data[:at] + names + data[at + size :])
        if size < 8:
            break
        at += size
    return Bare("AVIF", data)


_BY_KIND = {"PNG": _png, "JPEG": _jpeg, "GIF": _gif, "WEBP": _webp, "TIFF": _tiff, "AVIF": _avif}
