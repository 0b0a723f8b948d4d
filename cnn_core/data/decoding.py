"""A picture's file decoded, whatever it holds. It runs in a `decoder_process`, which can be ended."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import AvifImagePlugin, Image

from cnn_core.arrays import Bytes, Floats
from cnn_core.data.containers import Bare, bare
from cnn_core.data.picture_kinds import Undecodable
from cnn_core.files import megabytes

MAX_PIXELS = 64_000_000  # in the file
MAX_DECODED_PIXELS = 25_000_000  # in memory: 100 MB as RGBA; a large JPEG is made smaller as it is decoded
KEPT_SIDE = 512  # pixels a side that a page ever needs; what a session keeps is 0.8 MB at most
UNSEEN_ABOVE = 230  # a pixel as light as this does not stand out from white

AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # what one picture costs is one core's time
_AT_MOST = f"at most {MAX_PIXELS // 1_000_000} million are read. Make it smaller first."


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture, and what was done to it that should be told."""

    pixels: Bytes
    """uint8 `(H, W, 3)`, the longer side at most `KEPT_SIDE`; what is transparent lies on white."""
    note: str = ""
    """A sentence or more, or nothing."""
    alpha: Bytes | None = None
    """uint8 `(H, W)`, 255 where it is opaque; None where all of it is."""


def decode(data: bytes) -> Picture:
    """Decode a file of whatever content, in this process.

    Of an animation or of several pages the first is taken; the orientation (EXIF) is applied where it can be read;
    what is transparent lies on white; CMYK and gray become RGB; more than 8 bits become 8 by their range, which is
    that of 8, 10 or 12 bits where no value is above it.

    Raises:
        Undecodable: says what is wrong with the file.
    """
    file = bare(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks about odd files
            with Image.open(io.BytesIO(file.data), formats=(file.kind,)) as image:
                return _decode_opened(image, file)
    except (Undecodable, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise Undecodable(f"has far too many pixels to be opened; {_AT_MOST}") from None
    except Exception:  # a decoder meets a damaged file in many ways: OSError, SyntaxError, struct.error, ...
        raise Undecodable("is damaged: it begins like a picture but cannot be decoded.") from None


def _decode_opened(image: Image.Image, file: Bare) -> Picture:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise Undecodable(f"is {width:,} × {height:,} pixels; {_AT_MOST}")
    # A JPEG decoder halves as it decodes, up to three times: the full size never is in memory.
    image.draft(None, (KEPT_SIDE, KEPT_SIDE))
    if image.width * image.height > MAX_DECODED_PIXELS:
        raise Undecodable(
            f"is {width:,} × {height:,} pixels, which takes {megabytes(4 * width * height)} "
            f"of memory; at most {megabytes(4 * MAX_DECODED_PIXELS)} are spent. "
            "Make it smaller first, or save it as JPEG."
        )
    image.load()
    holes = None if file.transparent is None else _equal(image, file.transparent, file.bits)
    picture, note = _eight_bits(image, file)
    if holes is not None:
        picture = picture.convert("RGB")
        picture.putalpha(Image.fromarray(np.where(holes, 0, 255).astype(np.uint8)))
    elif picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    if file.orientation in _TURNS:
        picture = picture.transpose(_TURNS[file.orientation])
    if picture.mode != "RGBA":
        return Picture(np.array(picture.convert("RGB"), np.uint8), note)
    alpha = np.array(picture.getchannel("A"), np.uint8)
    picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    pixels = np.array(picture.convert("RGB"), np.uint8)
    if pixels.min() > UNSEEN_ABOVE and alpha.max() > 255 - UNSEEN_ABOVE:
        note += " What is transparent in it is shown white, and on white nothing of it can be seen."
    return Picture(pixels, note.strip(), alpha)


# EXIF 2.3, 4.6.4 A, Orientation: what makes the picture upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _equal(image: Image.Image, value: tuple[int, ...], bits: int) -> Bytes:
    """Where the pixels `(H, W)` are the one value that a PNG calls transparent, given in the file's own bits."""
    samples = np.asarray(image)
    if image.mode == "1":
        samples = samples.astype(np.uint8)  # 0 and 1 are what the file holds
    elif bits < 8:
        value = tuple(v * (255 // ((1 << bits) - 1)) for v in value)
    elif bits == 16 and samples.dtype == np.uint8:
        value = tuple(v >> 8 for v in value)  # colours of 16 bits come as their upper 8
    same = samples.reshape(*samples.shape[:2], -1) == np.array(value)
    return np.asarray(same.all(-1))


def _eight_bits(image: Image.Image, file: Bare) -> tuple[Image.Image, str]:
    """A picture of more than 8 bits a pixel scaled to 8, and what to say about it.

    Pillow's own conversion would clip it at 255.
    """
    if not image.mode.startswith(("I", "F")):
        return image, ""
    values = np.nan_to_num(np.asarray(image, np.float32), posinf=0, neginf=0)
    top, note = _range(values, whole=image.mode != "F")
    scaled = np.clip(np.round(values * np.float32(255 / top)), 0, 255).astype(np.uint8)
    if file.white_is_zero and file.kind == "TIFF":
        scaled = 255 - scaled
    return Image.fromarray(scaled), note


def _range(values: Floats, *, whole: bool) -> tuple[float, str]:
    """The value that is white, and a sentence where it is not the one that the format says."""
    largest = float(values.max(initial=0))
    if not whole:
        if largest <= 1:
            return 1.0, ""
        return largest, f"Its numbers are not pixels' usual ones: its largest, {largest:.6g}, is shown white."
    if largest > 65535:
        return largest, f"Its values go beyond 16 bits: its largest, {largest:,.0f}, is shown white."
    for bits in (8, 10, 12):
        top = 2**bits - 1
        if 0 < largest <= top:
            times = 65535 / top
            return top, (
                f"It has room for values up to 65,535 and none of its own is above {top:,}, as those of {bits} bits "
                f"are: it is shown {times:.0f} times as bright as it says."
            )
    return 65535.0, ""
