"""What a file from outside is, by its first bytes, whatever its name; and what to do with one that is not read."""

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass

READ = "PNG, JPEG, GIF, WebP, AVIF, TIFF and BMP"


class Undecodable(Exception):
    """A file that is not read as a picture. The message is the rest of a sentence that begins with the file's name."""


@dataclass(frozen=True)
class _Foreign:
    """A kind of file that is known and not read: how to tell it, what it is, and what to do with it."""

    fits: Callable[[bytes], bool]
    words: str


def kind_of(data: bytes) -> str:
    """Pillow's name of the format that `data` is in: "PNG", "JPEG", "GIF", "WEBP", "AVIF", "TIFF" or "BMP".

    Raises:
        Undecodable: it is something else; says what, and what to do with it.
    """
    head = data[:64]
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if _brands(head) & {b"avif", b"avis"}:
        return "AVIF"
    if head.startswith((b"II*\0", b"MM\0*")) and head[8:10] != b"CR":
        return "TIFF"
    if head.startswith(b"BM") and data[14:18] in _BMP_HEADERS:
        return "BMP"
    raise Undecodable(next((kind.words for kind in _FOREIGN if kind.fits(data)), _UNKNOWN))


# The length of a BMP's second header tells its versions; "BM" alone begins many a text.
_BMP_HEADERS = {size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)}
_UNKNOWN = f"is not a picture: {READ} can be read."
_RAW = "is a camera's raw picture, which is not read here. Export it as JPEG with the camera's own program."


def _brands(data: bytes) -> set[bytes]:
    """What a file of boxes (ISO/IEC 14496-12) says it is; nothing for any other file."""
    if data[4:8] != b"ftyp":
        return set()
    size = min(int.from_bytes(data[:4], "big"), len(data))
    return {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(beginnings)


def _is_box_file(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda data: bool(_brands(data[:64]) & set(brands))


def _is_svg(data: bytes) -> bool:
    return re.search(rb"<svg[\s>]", data[:4096]) is not None


def _is_text(data: bytes) -> bool:
    """Whether the first bytes are letters in UTF-8; the last of them may be cut."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[:1024])
    except UnicodeDecodeError:
        return False
    return all(letter.isprintable() or letter in "\t\n\r\f\ufeff" for letter in text)


_FOREIGN = (
    _Foreign(
        _is_box_file(b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"),
        "is a HEIC photograph, which is not read here. Export it as JPEG: on an iPhone, choose Settings, Camera, "
        "Formats, Most Compatible and take it again; on a Mac, open it in Preview and choose File, Export.",
    ),
    _Foreign(_is_box_file(b"crx "), _RAW),
    _Foreign(
        lambda data: data[8:10] == b"CR" and data.startswith((b"II*\0", b"MM\0*")),
        _RAW,
    ),
    _Foreign(_begins(b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"IIU\0", b"FOVb", b"\0MRM"), _RAW),
    _Foreign(
        _begins(b"II+\0", b"MM\0+"),
        "is a BigTIFF, which is not read here. Save it as PNG.",
    ),
    _Foreign(_begins(b"8BPS", b"8BPB"), "is a Photoshop document. Export it as PNG."),
    _Foreign(
        _begins(b"%PDF-"), "is a PDF document. Take a screenshot of the picture in it, or export it as PNG."
    ),
    _Foreign(
        _begins(b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"),
        "is a JPEG 2000 picture, which is not read here. Save it as JPEG or PNG.",
    ),
    _Foreign(
        _begins(b"\xff\x0a", b"\0\0\0\x0cJXL "),
        "is a JPEG XL picture, which is not read here. Save it as JPEG or PNG.",
    ),
    _Foreign(_begins(b"\0\0\1\0", b"\0\0\2\0"), "is an icon (ICO), which is not read here. Save it as PNG."),
    _Foreign(_begins(b"gimp xcf"), "is a GIMP document. Export it as PNG."),
    _Foreign(
        lambda data: (
            (data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"))
            or data.startswith((b"\x1a\x45\xdf\xa3", b"\0\0\1\xba", b"\0\0\1\xb3", b"OggS"))
            or (data.startswith(b"RIFF") and data[8:12] == b"AVI ")
        ),
        "is a film. Save one of its frames as a picture: pause it and take a screenshot.",
    ),
    _Foreign(
        lambda data: (
            data.startswith((b"ID3", b"fLaC")) or (data.startswith(b"RIFF") and data[8:12] == b"WAVE")
        ),
        f"is a sound, not a picture: {READ} can be read.",
    ),
    _Foreign(
        _begins(b"PK\3\4", b"PK\5\6"),
        "is a ZIP archive or an office document. Take the picture out of it and upload that.",
    ),
    _Foreign(
        _begins(b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\0", b"BZh"),
        "is an archive. Take the picture out of it and upload that.",
    ),
    _Foreign(
        _is_svg, "is an SVG drawing, made of lines and not of pixels. Export it as PNG, or take a screenshot."
    ),
    _Foreign(_is_text, f"is text, not a picture: {READ} can be read."),
)
