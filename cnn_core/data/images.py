"""Pictures from outside: uploads decoded without trust, photographs, and the fit to a network's input."""

import io
import warnings
from functools import lru_cache

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from cnn_core.arrays import Bytes, Floats, not_allowed, to_float
from cnn_core.files import megabytes

MAX_BYTES = 20_000_000  # as the server's upload limit
MAX_PIXELS = 64_000_000  # in the file
MAX_DECODED_PIXELS = 25_000_000  # in memory: 100 MB as RGBA; a large JPEG is made smaller as it is decoded
KEPT_SIDE = 1024  # pixels a side that a page ever needs
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")


class ImageError(Exception):
    """The file is not a picture that can be used; the message is a sentence for a page."""


def decode(data: bytes, *, name: str = "") -> Bytes:
    """Decode an uploaded file of whatever content.

    The size is read from the file's header, and a picture that would need too much memory is refused before
    a pixel of it is decoded. Of an animation the first frame is taken; orientation (EXIF) is applied;
    transparency lies on white; 16 bits become 8 by their range; CMYK and gray become RGB.

    Args:
        data: the file's bytes.
        name: what the file is called, for the message.

    Returns:
        uint8 `(H, W, 3)` RGB, the longer side at most `KEPT_SIDE` pixels.

    Raises:
        ImageError: with one sentence that says what is wrong with the file.
    """
    called = _quoted(name)
    if not data:
        raise ImageError(f"{called} is empty.")
    if len(data) > MAX_BYTES:
        raise ImageError(f"{called} has {megabytes(len(data))}; at most {megabytes(MAX_BYTES)} are read.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks about odd metadata
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _decode_opened(image, called)
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError(f"{called} is not a picture: PNG, JPEG, GIF, WebP and BMP can be read.") from None
    except Image.DecompressionBombError:
        raise ImageError(f"{called} has far too many pixels to be opened; {_AT_MOST}") from None
    except MemoryError:
        raise ImageError(f"{called} needs more memory than there is.") from None
    except Exception:  # a decoder meets a damaged file in many ways: OSError, SyntaxError, struct.error, ...
        raise ImageError(f"{called} is damaged: it begins like a picture but cannot be decoded.") from None


def fit(image: Bytes, size: int | tuple[int, int], channels: int) -> Floats:
    """Fit a picture into a network's input, its aspect kept and its middle cropped out.

    Args:
        image: uint8 `(H, W, 3)` or `(H, W, 1)` or `(H, W)`.
        size: output `(H, W)`, or one number for both.
        channels: 1 for gray (ITU-R 601 luma), 3 for RGB.

    Returns:
        float32 `(channels, H, W)` in 0..1.

    Raises:
        ValueError: names the argument, its value and what is allowed.
    """
    height, width = (size, size) if isinstance(size, int) else size
    if channels not in (1, 3):
        raise ValueError(not_allowed("channels", channels, "1 or 3"))
    if height < 1 or width < 1:
        raise ValueError(not_allowed("size", size, "1 or more for both sides"))
    if (
        image.dtype != np.uint8
        or image.ndim not in (2, 3)
        or (image.ndim == 3 and image.shape[2] not in (1, 3))
    ):
        allowed = "uint8 (H, W), (H, W, 1) or (H, W, 3)"
        raise ValueError(not_allowed("image", f"{image.dtype} {image.shape}", allowed))
    flat = image[..., 0] if image.ndim == 3 and image.shape[2] == 1 else image
    picture = Image.fromarray(np.ascontiguousarray(flat)).convert("L" if channels == 1 else "RGB")
    if picture.size != (width, height):
        picture = ImageOps.fit(picture, (width, height), Image.Resampling.LANCZOS)
    array = np.asarray(picture, np.uint8).reshape(height, width, channels)
    return to_float(array)


@lru_cache(maxsize=1)
def photographs() -> dict[str, Bytes]:
    """The photographs that come with scikit-learn, uint8 `(427, 640, 3)`, by name; read-only."""
    from sklearn.datasets import load_sample_image

    found: dict[str, Bytes] = {}
    for title, file in (("Flower", "flower.jpg"), ("Temple", "china.jpg")):
        found[title] = np.array(load_sample_image(file), np.uint8)
        found[title].flags.writeable = False  # one copy serves every session
    return found


_AT_MOST = f"at most {MAX_PIXELS // 1_000_000} million are read. Make it smaller first."


def _quoted(name: str) -> str:
    """The file's name made harmless: a message is shown as Markdown, and the name comes from outside."""
    plain = "".join(letter if letter.isalnum() or letter in " .-_" else "_" for letter in name).strip()
    return f"“{plain[:60]}”" if plain else "The file"


def _decode_opened(image: Image.Image, called: str) -> Bytes:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise ImageError(f"{called} is {width:,} × {height:,} pixels; {_AT_MOST}")
    # A JPEG decoder halves as it decodes, up to three times: the full size never is in memory.
    image.draft(None, (KEPT_SIDE, KEPT_SIDE))
    if image.width * image.height > MAX_DECODED_PIXELS:
        raise ImageError(
            f"{called} is {width:,} × {height:,} pixels, which takes {megabytes(4 * width * height)} "
            f"of memory; at most {megabytes(4 * MAX_DECODED_PIXELS)} are spent. "
            "Make it smaller first, or save it as JPEG."
        )
    image.seek(0)
    picture = _eight_bits(image)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "RGB"):
        picture = picture.convert("RGB")
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture)
    picture.getexif().update(image.getexif())
    return np.array(ImageOps.exif_transpose(picture).convert("RGB"), np.uint8)


def _eight_bits(image: Image.Image) -> Image.Image:
    """A picture of more than 8 bits a pixel scaled to 8: Pillow's own conversion would clip it at 255."""
    if not image.mode.startswith(("I", "F")):
        return image
    values = np.asarray(image, np.float32)
    top = 65535.0 if image.mode.startswith("I;16") else max(255.0, float(values.max(initial=0)))
    scaled = np.clip(np.round(values * np.float32(255 / top)), 0, 255)
    return Image.fromarray(scaled.astype(np.uint8))
