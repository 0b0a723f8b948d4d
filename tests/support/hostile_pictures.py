"""Files that somebody uploads by mistake or to do harm: seeded, small to make, of every format that is read.

Each is a picture, or is refused in a sentence; none may cost more than a bound of time and memory.
"""

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from PIL import Image

SIGNATURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0",
    b"GIF89a",
    b"RIFF\x10\0\0\0WEBP",
    b"BM\x40\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"\0\0\0\x1cftypavif",
)
OTHERS = (
    b"\0\0\0\x1cftypheic\0\0\0\0mif1heic",
    b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    b"8BPS\0\1",
    b"PK\3\4\x14\0",
    b"\x1a\x45\xdf\xa3\x01",
    b"\0\0\0\x18ftypmp42",
    b"<!doctype html><img src=x onerror=alert(1)>",
    b"\0\0\1\0\1\0\x10\x10",
    b"II*\0\x10\0\0\0CR\2\0",
)
ENDINGS = ("png", "jpg", "gif", "webp", "bmp", "tif", "avif", "heic", "txt", "exe", "png.html", "")
_Maker = Callable[[random.Random], bytes]


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file of that kind."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """A piece of a PNG with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int, height: int, *more: bytes, bits: int = 8, colours: int = 0, rows: int | None = None
) -> bytes:
    """A black PNG that says it has that size, `more` chunks before its pixels, and so many `rows` of them."""
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colours]
    row = bytes(1 + (width * bits * samples + 7) // 8)
    packer = zlib.compressobj(1)
    body = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    chunks = (png_chunk(b"IHDR", header), *more, png_chunk(b"IDAT", body), png_chunk(b"IEND", b""))
    return SIGNATURES[0] + b"".join(chunks)


@cache
def sound_pictures() -> dict[str, bytes]:
    """Small pictures of every format and mode that is read, all of them sound."""
    rows, columns = np.mgrid[:36, :48]
    rgb = np.stack([rows * 7, columns * 5, (rows * columns) % 256], -1).astype(np.uint8)
    picture = Image.fromarray(rgb)
    alpha = Image.fromarray(((rows + columns) * 3).astype(np.uint8))
    with_alpha = picture.copy()
    with_alpha.putalpha(alpha)
    deep = Image.fromarray((rows * 1800 + columns).astype(np.uint16))
    modes = {
        "1": picture.convert("1"),
        "L": picture.convert("L"),
        "LA": with_alpha.convert("LA"),
        "P": picture.quantize(16),
        "RGB": picture,
        "RGBA": with_alpha,
        "I;16": deep,
        "CMYK": picture.convert("CMYK"),
        "F": Image.fromarray((rows / 36).astype(np.float32)),
    }
    takes = {
        "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
        "JPEG": ("L", "RGB", "CMYK"),
        "GIF": ("L", "P", "RGB"),
        "WEBP": ("RGB", "RGBA"),
        "BMP": ("1", "L", "P", "RGB"),
        "TIFF": tuple(modes),
        "AVIF": ("RGB", "RGBA"),
    }
    found = {f"{kind} {mode}": encoded(modes[mode], kind) for kind, some in takes.items() for mode in some}
    moving = [picture.rotate(90 * turn) for turn in range(4)]
    for kind in ("GIF", "PNG", "WEBP", "TIFF", "AVIF"):
        found[f"{kind} moving"] = encoded(moving[0], kind, save_all=True, append_images=moving[1:])
    found["JPEG progressive"] = encoded(picture, "JPEG", progressive=True)
    for compression in ("tiff_lzw", "tiff_deflate", "packbits", "jpeg"):
        found[f"TIFF {compression}"] = encoded(picture, "TIFF", compression=compression)
    return found


def phone_exif(order: str = "<", orientation: int = 6) -> bytes:
    """An EXIF block as phones write it: maker, model, orientation, resolutions, date, a sub-directory and a place."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    texts = {271: b"Phones Inc.\0", 272: b"Phone 12 Pro\0", 306: b"2026:05:01 10:11:12\0"}
    entries = [(271, 2), (272, 2), (274, 3), (282, 5), (283, 5), (296, 3), (306, 2), (34665, 4), (34853, 4)]
    at = 8 + 2 + 12 * len(entries) + 4
    tail, directory = b"", b""
    for tag, form in entries:
        if form == 3:
            value = struct.pack(order + "HH", {274: orientation, 296: 2}[tag], 0)
            count = 1
        elif form == 4:
            value, count = struct.pack(order + "I", at + len(tail)), 1
            inner = struct.pack(order + "HHHII", 1, 36864, 7, 4, 0x30323330)
            tail += inner + bytes(4)
        else:
            body = texts.get(tag, struct.pack(order + "II", 72, 1))
            value, count = struct.pack(order + "I", at + len(tail)), len(body) if form == 2 else 1
            tail += body
        directory += struct.pack(order + "HHI", tag, form, count) + value
    return mark + struct.pack(order + "IH", 8, len(entries)) + directory + bytes(4) + tail


def with_exif(kind: str, picture: Image.Image, exif: bytes) -> bytes:
    """A PNG, JPEG or lossless WebP with that EXIF block, sound or not, put in by hand."""
    if kind == "JPEG":
        body = b"Exif\0\0" + exif
        data = encoded(picture, "JPEG", quality=95)
        return data[:2] + b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body + data[2:]
    if kind == "PNG":
        data = encoded(picture, "PNG")
        return data[:33] + png_chunk(b"eXIf", exif) + data[33:]
    data = encoded(picture, "WEBP", lossless=True)
    width, height = picture.size
    extended = (
        struct.pack("<II", 10, 8) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBPVP8X" + extended + data[12:] + b"EXIF" + struct.pack("<I", len(exif)) + exif
    body += b"\0" * (len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_of_scans(side: int, count: int) -> bytes:
    """A progressive JPEG whose last scan is there so many times more: its time grows with them, not its size."""
    data = encoded(Image.new("RGB", (side, side), "gray"), "JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + data[-2:]


def gif_of_frames(count: int) -> bytes:
    """A GIF of so many frames of one pixel."""
    head = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
    return head + b"!\xf9\4\0\1\0\0\0,\0\0\0\0\1\0\1\0\0\2\2L\1\0" * count + b";"


def tiff(entries: list[tuple[int, int, int, int]], after: int = 0, body: bytes = b"") -> bytes:
    """A TIFF of one directory of (tag, form, count, value), the next of which it says lies at `after`."""
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + directory + struct.pack("<I", after) + body


def _gray_tiff(width: int, height: int, *more: tuple[int, int, int, int], after: int = 0) -> bytes:
    entries = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    entries += [(273, 4, 1, 200), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, width * height), *more]
    return tiff(sorted(entries), after, bytes(400))


def _bmp_runs(width: int, height: int, runs: int) -> bytes:
    """A BMP whose pixels are so many runs of one pixel, which Pillow decodes in Python."""
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, 0, 0, 0, 2, 2)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 62) + header + bytes(8) + b"\1\1" * runs


def _sound(chance: random.Random) -> bytes:
    return chance.choice(list(sound_pictures().values()))


def _cut(chance: random.Random) -> bytes:
    data = _sound(chance)
    return data[: chance.randrange(1, len(data))]


def _flipped(chance: random.Random) -> bytes:
    data = bytearray(_sound(chance))
    reach = chance.choice((64, 200, len(data)))
    for _ in range(chance.choice((1, 2, 5, 20))):
        data[chance.randrange(min(reach, len(data)))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _spliced(chance: random.Random) -> bytes:
    one, other = _sound(chance), _sound(chance)
    at = chance.randrange(len(one))
    begin = chance.randrange(len(other))
    return one[:at] + other[begin : begin + chance.randrange(1, 400)] + one[at + chance.randrange(200) :]


def _lying(chance: random.Random) -> bytes:
    """A header that says another size than the pixels have."""
    width, height = (chance.choice((0, 1, 37, 4_000, 16_384, 50_000, 65_535)) for _ in range(2))
    return chance.choice(
        (
            lambda: png(
                width, height, rows=3, bits=chance.choice((8, 16)), colours=chance.choice((0, 2, 4, 6))
            ),
            lambda: png(1 << 31, 1 << 31, rows=0) if chance.random() < 0.1 else png(width, 1, rows=2),
            lambda: b"GIF89a" + struct.pack("<HH", width, height) + gif_of_frames(1)[10:],
            lambda: _gray_tiff(width, height),
            lambda: _bmp_runs(width, height or -1, 50),
            lambda: _jpeg_saying(width, height),
            lambda: _webp_saying(width, height),
        )
    )()


def _jpeg_saying(width: int, height: int) -> bytes:
    data = bytearray(sound_pictures()["JPEG RGB"])
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def _webp_saying(width: int, height: int) -> bytes:
    data = bytearray(sound_pictures()["WEBP moving"])
    data[24:30] = max(0, width - 1).to_bytes(3, "little") + max(0, height - 1).to_bytes(3, "little")
    return bytes(data)


def _odd_exif(chance: random.Random) -> bytes:
    exif = bytearray(phone_exif(chance.choice("<>"), chance.randrange(1, 9)))
    for _ in range(chance.randrange(1, 8)):
        exif[chance.randrange(len(exif))] = chance.randrange(256)
    kind = chance.choice(("PNG", "JPEG", "WEBP"))
    return with_exif(kind, Image.new("RGB", (9, 7), "olive"), bytes(exif) * chance.choice((1, 1, 200)))


def _polyglot(chance: random.Random) -> bytes:
    data, other = _sound(chance), chance.choice(OTHERS)
    return chance.choice((data + other * 50, other + data, data[:4] + other + data[4:], data + data))


def _nothing_or_noise(chance: random.Random) -> bytes:
    return chance.choice(
        (
            lambda: b"",
            lambda: bytes(chance.randrange(1, 5_000)),
            lambda: chance.randbytes(chance.randrange(1, 5_000)),
            lambda: chance.choice(SIGNATURES) + chance.randbytes(chance.randrange(2_000)),
            lambda: chance.choice(OTHERS) + chance.randbytes(chance.randrange(200)),
            lambda: "Dear diary, “this” is no picture. ".encode() * chance.randrange(1, 200),
        )
    )()


def _bomb(chance: random.Random) -> bytes:
    """Small files that cost much: to decode, to unpack, to walk through."""
    packed = zlib.compress(bytes(30_000_000), 1)
    text = b"comment\0\0" + packed
    return chance.choice(
        (
            lambda: png(50_000, 50_000, rows=chance.randrange(100)),
            lambda: png(8, 8, png_chunk(b"zTXt", text)),
            lambda: png(8, 8, png_chunk(b"iCCP", b"icc\0\0" + packed)),
            lambda: png(8, 8, png_chunk(b"iTXt", b"a\0\1\0\0\0" + packed)),
            lambda: png(8, 8, *[png_chunk(b"tEXt", b"a\0b")] * 40_000),
            lambda: png(8, 8, *[png_chunk(b"IDAT", b"")] * 200_000),
            lambda: png(8, 8, rows=200_000),
            lambda: gif_of_frames(100_000),
            lambda: b"GIF89a\1\0\1\0\0\0\0" + b"!\xfe" + b"\1a" * 400_000,
            lambda: jpeg_of_scans(chance.choice((64, 1_500)), chance.choice((60, 500, 5_000))),
            lambda: SIGNATURES[1][:2] + b"\xff\xfe\0\2" * 300_000,
            lambda: SIGNATURES[1][:2] + b"\xff\xe2\xff\xff" + bytes(65_533) * 200,
            lambda: _gray_tiff(20, 20, after=8),
            lambda: tiff([(tag % 65_536, 7, 1 << 20, 0) for tag in range(40_000)], 8, bytes(1 << 20)),
            lambda: _gray_tiff(20, 20, (330, 4, 1, 8), (34_665, 4, 1, 8)),
            lambda: tiff([(273, 4, 1 << 24, 8), (279, 4, 1 << 24, 8), (256, 4, 1, 9), (257, 4, 1, 9)]),
            lambda: _webp_saying(16_384, 16_384),
            lambda: with_exif("PNG", Image.new("L", (4, 4)), phone_exif() * 20_000),
            lambda: _bmp_runs(4_900, 4_900, 200_000),
        )
    )()


_SHARES: tuple[tuple[_Maker, int], ...] = (
    (_sound, 12),
    (_cut, 18),
    (_flipped, 28),
    (_spliced, 10),
    (_lying, 10),
    (_odd_exif, 8),
    (_polyglot, 5),
    (_nothing_or_noise, 5),
    (_bomb, 4),
)


def hostile_pictures(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """So many files and their names, the same for the same seed."""
    chance = random.Random(seed)
    makers, shares = zip(*_SHARES, strict=True)
    for number in range(count):
        maker = chance.choices(makers, shares)[0]
        ending = chance.choice(ENDINGS)
        yield f"{maker.__name__.strip('_')}-{number}.{ending}", maker(chance)
