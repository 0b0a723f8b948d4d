"""One dataset's four `.npy` files: written so that a full disk is noticed, read so that a broken file is."""

import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from cnn_core.arrays import Bytes

Arrays = tuple[Bytes, Bytes, Bytes, Bytes]
"""`x_train`, `y_train`, `x_test`, `y_test`: images uint8 `(N, H, W, C)`, labels uint8 `(N,)`."""
KEYS = ("x_train", "y_train", "x_test", "y_test")


class ArraysError(Exception):
    """Files that are not what was expected; the message names the file and what is wrong with it."""


def read(where: Path, shape: tuple[int, int, int], classes: int) -> Arrays:
    """Memory maps of `where`'s four arrays; only headers and labels are read.

    Raises:
        ArraysError: a file is missing, damaged, or holds something else than uint8 images of `shape` (H, W, C)
            and as many labels below `classes`.
    """
    x_train, y_train, x_test, y_test = (_map(where / f"{key}.npy") for key in KEYS)
    for images, labels, split in ((x_train, y_train, "train"), (x_test, y_test, "test")):
        if images.shape[1:] != shape or len(images) == 0:
            wanted = f"(N, {', '.join(map(str, shape))})"
            raise _broken(f"x_{split}.npy", f"its shape is {images.shape}; allowed is {wanted}")
        if labels.ndim != 1 or len(labels) != len(images):
            shown = f"{len(labels):,} labels" if labels.ndim == 1 else f"labels of shape {labels.shape}"
            raise _broken(f"y_{split}.npy", f"it has {shown} for {len(images):,} images")
        if labels.max() >= classes:
            found = f"its labels are {labels.min()} to {labels.max()}"
            raise _broken(f"y_{split}.npy", f"{found}; allowed is 0 to {classes - 1}")
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


def _map(path: Path) -> Bytes:
    try:
        # A file shorter than its header says is refused here: it cannot be mapped.
        array: Bytes = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise _broken(path.name, "it is missing") from None
    except (ValueError, EOFError, OSError, SyntaxError):
        raise _broken(path.name, "it is damaged, cut short or no array") from None
    if not isinstance(array, np.ndarray):
        raise _broken(path.name, "it holds several arrays; allowed is one of uint8")
    if array.dtype != np.uint8:
        raise _broken(
            path.name, f"its values are {array.dtype}; allowed is uint8, whole numbers from 0 to 255"
        )
    if array.ndim == 0:
        raise _broken(path.name, "it holds a single number; allowed is an array")
    return array


def _broken(file: str, what: str) -> ArraysError:
    return ArraysError(f"in {file}, {what}")
