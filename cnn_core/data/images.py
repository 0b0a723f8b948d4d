"""Pictures from outside: uploads decoded without trust, photographs, and the fit to a network's input."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageOps

from cnn_core.arrays import Bytes, Floats, not_allowed, to_float
from cnn_core.data import decoder_pool
from cnn_core.data.decoding import Picture
from cnn_core.data.picture_kinds import Undecodable
from cnn_core.files import megabytes
from cnn_core.limits import MEGABYTE, limits


class ImageError(Exception):
    """The file is not a picture that can be used; the message is a sentence for a page.

    `fault` is the sentence without its beginning, the file's name, for a page that writes the name itself.
    """

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(f"{_quoted(name)} {fault}")
        self.fault = fault


def read(data: bytes, *, name: str = "") -> Picture:
    """Decode an uploaded file of whatever content, as `decoding.decode` does, in a process that can be ended.

    Args:
        data: the file's bytes.
        name: what the file is called, for the message.

    Raises:
        ImageError: with one sentence or two that say what is wrong with the file, and what to do.
    """
    if not data:
        raise ImageError(name, "is empty.")
    most = limits().upload_mb * MEGABYTE
    if len(data) > most:
        raise ImageError(name, f"has {megabytes(len(data))}; at most {megabytes(most)} are read.")
    try:
        return decoder_pool.decode(data)
    except Undecodable as error:
        raise ImageError(name, str(error)) from None


def decode(data: bytes, *, name: str = "") -> Bytes:
    """The pixels that `read` gives: uint8 `(H, W, 3)` RGB, the longer side at most `decoding.KEPT_SIDE`."""
    return read(data, name=name).pixels


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


def _quoted(name: str) -> str:
    """The file's name made harmless: a message is shown as Markdown, and the name comes from outside."""
    plain = "".join(letter if letter.isalnum() or letter in " .-_" else "_" for letter in name).strip()
    return f"“{plain[:60]}”" if plain else "The file"
