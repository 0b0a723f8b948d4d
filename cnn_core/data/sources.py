"""How a dataset is got: it comes with a library, torchvision fetches it, or it is an archive somewhere.

What torchvision, the network and the disk raise goes through. Checksums are torchvision's, or stand here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, cast

import numpy as np
from PIL import Image

from cnn_core.arrays import Bytes, Doubles, Integers
from cnn_core.data.arrays_on_disk import Arrays, write


@dataclass(frozen=True)
class BuiltIn:
    """Arrays that come with what is installed: `make` gives them, nothing is downloaded or written."""

    make: Callable[[], Arrays]
    download_bytes: ClassVar[int] = 0


@dataclass(frozen=True)
class Torchvision:
    """A dataset in MNIST's format that torchvision has under the name `kind`."""

    kind: str
    download_bytes: int

    def __call__(self, staging: Path, ready: Path, converting: Callable[[], None]) -> None:
        """Download into `staging`, check, and write the four `.npy` files into `ready`.

        `converting` is called when the last byte has arrived.
        """
        import torchvision

        for split in ("train", "test"):
            part = getattr(torchvision.datasets, self.kind)(
                str(staging), train=split == "train", download=True
            )
            converting()
            images, labels = part.data.numpy(), part.targets.numpy().astype(np.uint8)
            write(ready / f"x_{split}.npy", (*images.shape, 1), [images])  # (N, H, W) -> (N, H, W, 1)
            write(ready / f"y_{split}.npy", labels.shape, [labels])


@dataclass(frozen=True)
class Archive:
    """An archive at `url` with an MD5 sum, whose unpacked files `convert(unpacked, ready)` writes in our layout."""

    url: str
    md5: str
    download_bytes: int
    convert: Callable[[Path, Path], None]

    def __call__(self, staging: Path, ready: Path, converting: Callable[[], None]) -> None:
        """As `Torchvision`'s."""
        from torchvision.datasets.utils import download_and_extract_archive

        download_and_extract_archive(self.url, str(staging), md5=self.md5)
        converting()
        self.convert(staging, ready)


Fetch = BuiltIn | Torchvision | Archive

CIFAR10_RECORD = 1 + 3 * 32 * 32  # a label, then the red, green and blue planes


def cifar10_from_binary(unpacked: Path, ready: Path) -> None:
    """CIFAR-10's binary edition: the Python edition, which torchvision's own class reads, is pickled."""
    batches = unpacked / "cifar-10-batches-bin"
    splits = {"train": [f"data_batch_{number}.bin" for number in range(1, 6)], "test": ["test_batch.bin"]}
    for split, names in splits.items():
        count = sum((batches / name).stat().st_size for name in names) // CIFAR10_RECORD
        images = (_cifar10_records(batches / name)[1] for name in names)
        labels = (_cifar10_records(batches / name)[0] for name in names)
        write(ready / f"x_{split}.npy", (count, 32, 32, 3), images)
        write(ready / f"y_{split}.npy", (count,), labels)


def _cifar10_records(path: Path) -> tuple[Bytes, Bytes]:
    """Labels `(N,)` and images `(N, 32, 32, 3)` of one binary batch."""
    records = np.fromfile(path, np.uint8).reshape(-1, CIFAR10_RECORD)
    return records[:, 0], records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)


@lru_cache(maxsize=1)
def digits() -> Arrays:
    """scikit-learn's 8×8 digits in 0..16, laid out like MNIST; every fifth of a class is a test image. Read-only."""
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
