"""Random changes to training images, drawn anew every time an image is shown to the network; NumPy only."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Batch = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Augmentation:
    """How far each change may go; 0 or False switches it off. The order below is the order of application.

    `shift` in pixels each way, `rotate` in degrees each way, `zoom` as a share of the size each way
    (0.1: 0.9 to 1.1 times), `flip` left to right with probability one half, `brightness` as a share
    each way, `noise` the standard deviation of what is added to each value, `cutout` the side in
    pixels of a square that is set to 0. Raises `ValueError` for a negative amount or a zoom of 1 or more.
    """

    shift: int = 0
    rotate: float = 0.0
    zoom: float = 0.0
    flip: bool = False
    brightness: float = 0.0
    noise: float = 0.0
    cutout: int = 0

    def __post_init__(self) -> None:
        for name in ("shift", "rotate", "zoom", "brightness", "noise", "cutout"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; it must be 0 or more")
        if self.zoom >= 1:
            raise ValueError(f"zoom is {self.zoom}; it must be less than 1")


def augment(batch: npt.ArrayLike, settings: Augmentation, rng: np.random.Generator) -> Batch:
    """A new batch in which every image is changed on its own; the input stays as it is.

    `batch` `(N, C, H, W)` in 0..1; returns the same shape, float32, in 0..1. What moves in from outside
    is 0 (black). Raises `ValueError` for another number of dimensions.
    """
    images = np.array(batch, dtype=np.float32)
    if images.ndim != 4:
        raise ValueError(f"batch has shape {images.shape}; it must be (N, C, H, W)")
    if settings.shift or settings.rotate or settings.zoom:
        images = _move(images, settings, rng)
    if settings.flip:
        flipped = rng.random(len(images)) < 0.5
        images[flipped] = images[flipped, :, :, ::-1]
    if settings.brightness:
        factor = rng.uniform(1 - settings.brightness, 1 + settings.brightness, (len(images), 1, 1, 1))
        images *= factor.astype(np.float32)
    if settings.noise:
        images += rng.normal(0, settings.noise, images.shape).astype(np.float32)
    if settings.cutout:
        _cut(images, settings.cutout, rng)
    return np.clip(images, 0, 1)


def _move(images: Batch, settings: Augmentation, rng: np.random.Generator) -> Batch:
    """Shift, rotate and zoom about the centre in one resampling, so that it blurs only once."""
    count, _, height, width = images.shape
    limit = settings.shift
    down, right = rng.integers(-limit, limit + 1, (2, count, 1, 1))
    angle = np.radians(rng.uniform(-settings.rotate, settings.rotate, (count, 1, 1)))
    size = rng.uniform(1 - settings.zoom, 1 + settings.zoom, (count, 1, 1))
    # Each output pixel asks where it came from: the moves undone in reverse order. (N, H, W)
    rows = np.arange(height)[:, None] - (height - 1) / 2 - down
    cols = np.arange(width)[None, :] - (width - 1) / 2 - right
    source_row = (rows * np.cos(angle) + cols * np.sin(angle)) / size + (height - 1) / 2
    source_col = (cols * np.cos(angle) - rows * np.sin(angle)) / size + (width - 1) / 2
    return _sample(images, source_row, source_col)


def _sample(images: Batch, rows: npt.NDArray[np.float64], cols: npt.NDArray[np.float64]) -> Batch:
    """Bilinear values of `images` `(N, C, H, W)` at `(N, H, W)` positions; 0 outside."""
    height, width = images.shape[2:]
    padded = np.pad(images, ((0, 0), (0, 0), (1, 1), (1, 1)))
    rows, cols = np.clip(rows + 1, 0, height + 1), np.clip(cols + 1, 0, width + 1)
    top, left = np.minimum(rows.astype(int), height), np.minimum(cols.astype(int), width)
    row_share = (rows - top)[:, None].astype(np.float32)  # (N, 1, H, W)
    col_share = (cols - left)[:, None].astype(np.float32)
    # An index array beside the slice of channels puts the channels last: (N, H, W, C)
    image = np.arange(len(images))[:, None, None]

    def corner(row: npt.NDArray[np.int_], col: npt.NDArray[np.int_]) -> Batch:
        return np.moveaxis(padded[image, :, row, col], -1, 1)

    upper = corner(top, left) * (1 - col_share) + corner(top, left + 1) * col_share
    lower = corner(top + 1, left) * (1 - col_share) + corner(top + 1, left + 1) * col_share
    sampled: Batch = upper * (1 - row_share) + lower * row_share
    return sampled


def _cut(images: Batch, side: int, rng: np.random.Generator) -> None:
    height, width = images.shape[2:]
    rows = rng.integers(0, height, len(images))
    cols = rng.integers(0, width, len(images))
    for image, row, col in zip(images, rows, cols, strict=True):
        top, left = max(row - side // 2, 0), max(col - side // 2, 0)
        image[:, top : row - side // 2 + side, left : col - side // 2 + side] = 0
