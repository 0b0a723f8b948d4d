"""The datasets ConvLens knows: what they are, where they lie, and what can be wrong with them."""

from dataclasses import dataclass
from math import prod
from pathlib import Path

from cnn_core.arrays import not_allowed
from cnn_core.files import home


class DatasetError(Exception):
    """Something about a dataset that a page can show as it is: the message is one sentence or two."""


class DatasetMissing(DatasetError):
    """The dataset is not on this machine, or what is there cannot be used."""


class DownloadFailed(DatasetError):
    """A download did not end with a usable dataset; nothing of it was left on disk."""


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a dataset without reading it.

    `shape` is one image's `(H, W, C)`, `sizes` the number of training and test images, `download_bytes` what
    travels over the network (0: it comes with scikit-learn).
    """

    name: str
    title: str
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    sizes: tuple[int, int]
    download_bytes: int
    about: str
    source: str
    licence: str

    @property
    def array_bytes(self) -> int:
        """Bytes of all images and labels on disk."""
        return sum(self.sizes) * (prod(self.shape) + 1)

    @property
    def needed_bytes(self) -> int:
        """Free disk space a download takes while it is unpacked and converted."""
        return self.download_bytes + 2 * self.array_bytes


_DIGITS = tuple("0123456789")
_FASHION = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
_CIFAR = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

INFO: dict[str, DatasetInfo] = {
    info.name: info
    for info in (
        DatasetInfo(
            "mnist",
            "MNIST",
            _DIGITS,
            (28, 28, 1),
            (60_000, 10_000),
            11_594_722,
            "Handwritten digits, each scaled into a 20×20 box and centred by its centre of mass.",
            "LeCun, Cortes and Burges",
            "CC BY-SA 3.0",
        ),
        DatasetInfo(
            "fashion_mnist",
            "Fashion-MNIST",
            _FASHION,
            (28, 28, 1),
            (60_000, 10_000),
            30_878_645,
            "Clothes from a shop's catalogue in MNIST's format; harder than digits.",
            "Xiao, Rasul and Vollgraf, Zalando Research",
            "MIT",
        ),
        DatasetInfo(
            "cifar10",
            "CIFAR-10",
            _CIFAR,
            (32, 32, 3),
            (50_000, 10_000),
            170_052_171,
            "Small colour photographs of animals and vehicles.",
            "Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
            "no licence stated; free to use with the citation",
        ),
        DatasetInfo(
            "digits",
            "Digits",
            _DIGITS,
            (28, 28, 1),
            (1_442, 355),
            0,
            "Handwritten digits of 8×8 pixels upscaled to 28×28; built in, so they need no network.",
            "Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, through scikit-learn",
            "CC BY 4.0",
        ),
    )
}

NAMES: tuple[str, ...] = tuple(INFO)


def info(name: str) -> DatasetInfo:
    """The catalogue's entry for `name`.

    Raises:
        ValueError: there is no such dataset; the message lists those there are.
    """
    if name not in INFO:
        raise ValueError(not_allowed("name", repr(name), f"one of {', '.join(NAMES)}"))
    return INFO[name]


def folder(name: str) -> Path:
    """Where the dataset's four `.npy` files lie, or would lie."""
    return home() / "data" / name
