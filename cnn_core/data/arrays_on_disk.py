"""One dataset's four `.npy` files: written so that a full disk is noticed, read so that a broken file is."""

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from cnn_core.arrays import Bytes
from cnn_core.data.catalog import DatasetInfo, DatasetMissing

KEYS = ("x_train", "y_train", "x_test", "y_test")


def read(info: DatasetInfo, where: Path) -> tuple[Bytes, Bytes, Bytes, Bytes]:
    """Memory maps of `where`'s four arrays, in the order of `KEYS`; only headers and labels are read.

    Raises:
        DatasetMissing: the folder or a file is missing, or a file is not what the catalogue says.
    """
    if not where.is_dir():
        raise DatasetMissing(f"{info.title} is not on this machine yet. Download it on the home page.")
    x_train, y_train, x_test, y_test = (_map(info, where / f"{key}.npy") for key in KEYS)
    for images, labels, split in ((x_train, y_train, "train"), (x_test, y_test, "test")):
        if images.shape[1:] != info.shape or len(images) == 0:
            raise _broken(info, f"x_{split}.npy", f"its shape is {images.shape}, not {('N', *info.shape)}")
        if labels.ndim != 1 or len(labels) != len(images):
            found = f"it has {len(labels):,} labels for {len(images):,} images"
            raise _broken(info, f"y_{split}.npy", found)
        if labels.max() >= len(info.classes):
            raise _broken(info, f"y_{split}.npy", f"it holds class {labels.max()} of {len(info.classes)}")
    return x_train, y_train, x_test, y_test


def write(path: Path, shape: tuple[int, ...], chunks: Iterable[Bytes]) -> None:
    """Write uint8 `chunks` one after the other as one `.npy` array of `shape`, through to the disk.

    Raises:
        OSError: with its errno, so that a full disk can be told from other trouble. (`np.save` loses it.)
    """
    with path.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk).data)
        file.flush()
        os.fsync(file.fileno())


def _map(info: DatasetInfo, path: Path) -> Bytes:
    try:
        # A file shorter than its header says is refused here: it cannot be mapped.
        array: Bytes = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise _broken(info, path.name, "it is missing") from None
    except (ValueError, EOFError, OSError, SyntaxError):
        raise _broken(info, path.name, "it is damaged or cut short") from None
    if not isinstance(array, np.ndarray) or array.dtype != np.uint8:
        raise _broken(info, path.name, "it does not hold an array of uint8")
    return array


def _broken(info: DatasetInfo, file: str, what: str) -> DatasetMissing:
    return DatasetMissing(
        f"{info.title} cannot be read: in {file}, {what}. Download it again on the home page."
    )
