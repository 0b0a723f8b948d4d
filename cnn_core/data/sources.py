"""Where the datasets come from: fetched by torchvision with its checksums, converted to our layout."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from cnn_core.arrays import Bytes
from cnn_core.data.arrays_on_disk import write
from cnn_core.data.catalog import DatasetInfo

# The binary edition: torchvision's own class reads the Python edition, which is pickled.
CIFAR10_URL = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
CIFAR10_MD5 = "c32a1d4ab5d03f1284b67883e8d87530"
CIFAR10_RECORD = 1 + 3 * 32 * 32  # a label, then the red, green and blue planes


def fetch(info: DatasetInfo, staging: Path, converting: Callable[[], None]) -> Path:
    """Download into `staging`, check, and convert; returns the folder inside it with the four `.npy` files.

    `converting` is called when the last byte has arrived. What torchvision, the network and the disk raise
    goes through.
    """
    ready = staging / "ready"
    ready.mkdir()
    if info.name == "cifar10":
        _cifar10(staging, ready, converting)
    else:
        _mnist_like(info, staging, ready, converting)
    return ready


def _mnist_like(info: DatasetInfo, staging: Path, ready: Path, converting: Callable[[], None]) -> None:
    import torchvision

    kind = {"mnist": torchvision.datasets.MNIST, "fashion_mnist": torchvision.datasets.FashionMNIST}[
        info.name
    ]
    for split in ("train", "test"):
        part = kind(str(staging), train=split == "train", download=True)
        converting()
        images, labels = part.data.numpy(), part.targets.numpy().astype(np.uint8)
        write(ready / f"x_{split}.npy", (*images.shape, 1), [images])  # (N, H, W) -> (N, H, W, 1)
        write(ready / f"y_{split}.npy", labels.shape, [labels])


def _cifar10(staging: Path, ready: Path, converting: Callable[[], None]) -> None:
    from torchvision.datasets.utils import download_and_extract_archive

    download_and_extract_archive(CIFAR10_URL, str(staging), md5=CIFAR10_MD5)
    converting()
    batches = staging / "cifar-10-batches-bin"
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
