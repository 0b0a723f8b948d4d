"""Datasets as memory-mapped arrays: `x_train`, `y_train`, `x_test`, `y_test`, images uint8 `(N, H, W, C)`."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

import numpy as np
from PIL import Image

from cnn_core.arrays import Bytes, Doubles, Integers
from cnn_core.data.arrays_on_disk import read
from cnn_core.data.catalog import (
    INFO,
    NAMES,
    DatasetError,
    DatasetInfo,
    DatasetMissing,
    DownloadFailed,
    folder,
)
from cnn_core.data.catalog import info as _info
from cnn_core.data.downloads import download
from cnn_core.files import home

__all__ = [
    "INFO",
    "NAMES",
    "Dataset",
    "DatasetError",
    "DatasetInfo",
    "DatasetMissing",
    "DownloadFailed",
    "available",
    "download",
    "folder",
    "home",
    "load",
]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images uint8 `(N, H, W, C)` in 0..255 and labels uint8 `(N,)`, read-only; shared, never copied.

    Arrays of a downloaded dataset are memory maps: only what is indexed is read.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    x_train: Bytes
    y_train: Bytes
    x_test: Bytes
    y_test: Bytes


def load(name: str) -> Dataset:
    """The dataset from disk, without reading its images; the built-in `"digits"` need no disk.

    Raises:
        DatasetMissing: it was never downloaded, or a file is broken; the message says which.
        ValueError: there is no dataset of that name.
    """
    info = _info(name)
    arrays = _digits() if name == "digits" else read(info, folder(name))
    return Dataset(info.name, info.title, info.classes, *arrays)


def available() -> list[str]:
    """Names of the datasets that load on this machine, in the catalogue's order; always `"digits"`."""
    return [name for name in NAMES if name == "digits" or _loads(name, folder(name))]


def _loads(name: str, where: Path) -> bool:
    try:
        read(INFO[name], where)
    except DatasetMissing:
        return False
    return True


@lru_cache(maxsize=1)
def _digits() -> tuple[Bytes, Bytes, Bytes, Bytes]:
    """scikit-learn's 8×8 digits in 0..16, laid out like MNIST; every fifth of a class is a test image."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    small = np.round(cast(Doubles, bunch.images) * (255 / 16)).astype(np.uint8)
    labels = cast(Integers, bunch.target).astype(np.uint8)
    images = np.zeros((len(labels), 28, 28, 1), np.uint8)
    for image, source in zip(images, small):
        # 8×8 -> 20×20 in the middle of 28×28, the box MNIST's digits are drawn in
        resized = Image.fromarray(source).resize((20, 20), Image.Resampling.BICUBIC)
        image[4:24, 4:24, 0] = np.asarray(resized)
    is_test = np.zeros(len(labels), bool)
    for label in range(10):
        is_test[np.flatnonzero(labels == label)[4::5]] = True
    arrays = (images[~is_test], labels[~is_test], images[is_test], labels[is_test])
    for array in arrays:
        array.flags.writeable = False  # one copy serves every session
    return arrays
