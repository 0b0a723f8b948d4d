"""The datasets ConvLens knows: what they are, how they are got, where they lie. A new one is one entry in `SHIPPED`."""

from dataclasses import dataclass
from math import prod
from pathlib import Path

from cnn_core.arrays import not_allowed
from cnn_core.data import drawing
from cnn_core.data.drawing import Preparation
from cnn_core.data.sources import Archive, BuiltIn, Fetch, Torchvision, cifar10_from_binary, digits
from cnn_core.files import home


class DatasetError(Exception):
    """Something about a dataset that a page can show as it is: the message is one sentence or two."""


class DatasetMissing(DatasetError):
    """The dataset is not on this machine."""


class DatasetBroken(DatasetMissing):
    """Files lie in the dataset's folder, and they are not what the catalogue says."""


class DownloadFailed(DatasetError):
    """A download did not end with a usable dataset; nothing of it was left on disk."""


@dataclass(frozen=True)
class DatasetInfo:
    """What is known of a dataset without reading it.

    `name` is its folder and what commands and cards say, `title` what pages say; `shape` is one image's
    `(H, W, C)`, `sizes` the number of training and test images; `about` describes it, `source` says who made it,
    `licence` under what it may be used. `fetch` gets it. `preparation` is how its images were put into their frame, so
    that a drawing is to be prepared so; None where they are photographs. `drawn` says that they are ink on paper, so
    that a photograph of something written is to be prepared like a drawing, too.
    """

    name: str
    title: str
    classes: tuple[str, ...]
    shape: tuple[int, int, int]
    sizes: tuple[int, int]
    about: str
    source: str
    licence: str
    fetch: Fetch
    preparation: Preparation | None = None
    drawn: bool = False

    @property
    def download_bytes(self) -> int:
        """What travels over the network; 0 where it is built in."""
        return self.fetch.download_bytes

    @property
    def array_bytes(self) -> int:
        """Bytes of all images and labels on disk."""
        return sum(self.sizes) * (prod(self.shape) + 1)

    @property
    def needed_bytes(self) -> int:
        """Free disk space a download takes while it is unpacked and converted."""
        return self.download_bytes + 2 * self.array_bytes

    @property
    def folder(self) -> Path:
        """Where its four `.npy` files lie, or would lie."""
        return home() / "data" / self.name


_TEN_DIGITS = tuple("0123456789")
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

SHIPPED: tuple[DatasetInfo, ...] = (
    DatasetInfo(
        name="mnist",
        title="MNIST",
        classes=_TEN_DIGITS,
        shape=(28, 28, 1),
        sizes=(60_000, 10_000),
        about="Handwritten digits, each scaled into a 20×20 box and centred by its centre of mass.",
        source="LeCun, Cortes and Burges",
        licence="CC BY-SA 3.0",
        fetch=Torchvision("MNIST", download_bytes=11_594_722),
        preparation=drawing.MNIST,
        drawn=True,
    ),
    DatasetInfo(
        name="fashion_mnist",
        title="Fashion-MNIST",
        classes=_FASHION,
        shape=(28, 28, 1),
        sizes=(60_000, 10_000),
        about="Clothes from a shop's catalogue in MNIST's format; harder than digits.",
        source="Xiao, Rasul and Vollgraf, Zalando Research",
        licence="MIT",
        fetch=Torchvision("FashionMNIST", download_bytes=30_878_645),
        preparation=drawing.FASHION,
    ),
    DatasetInfo(
        name="cifar10",
        title="CIFAR-10",
        classes=_CIFAR,
        shape=(32, 32, 3),
        sizes=(50_000, 10_000),
        about="Small colour photographs of animals and vehicles.",
        source="Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009",
        licence="no licence stated; free to use with the citation",
        fetch=Archive(
            "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
            md5="c32a1d4ab5d03f1284b67883e8d87530",
            download_bytes=170_052_171,
            convert=cifar10_from_binary,
        ),
    ),
    DatasetInfo(
        name="digits",
        title="Digits",
        classes=_TEN_DIGITS,
        shape=(28, 28, 1),
        sizes=(1_442, 355),
        about="Handwritten digits of 8×8 pixels upscaled to 28×28; built in, so they need no network.",
        source="Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, through scikit-learn",
        licence="CC BY 4.0",
        fetch=BuiltIn(digits),
        preparation=drawing.BUILT_IN_DIGITS,
        drawn=True,
    ),
)


def all_infos() -> tuple[DatasetInfo, ...]:
    """Every dataset there is, in the order in which pages list them."""
    return SHIPPED


def find(name: str) -> DatasetInfo | None:
    """The entry for `name`; None where there is none (a model's card may name a dataset of another machine)."""
    return next((info for info in all_infos() if info.name == name), None)


def info(name: str) -> DatasetInfo:
    """The entry for `name`.

    Raises:
        ValueError: there is no such dataset; the message lists those there are.
    """
    found = find(name)
    if found is None:
        names = ", ".join(info.name for info in all_infos())
        raise ValueError(not_allowed("name", repr(name), f"one of {names}"))
    return found


def title(name: str) -> str:
    """What pages call the dataset `name`: its title, or the name itself where it is unknown here."""
    found = find(name)
    return name if found is None else found.title


def built_in() -> str:
    """The name of the first dataset that every machine has: what pages fall back to."""
    return next(info.name for info in all_infos() if isinstance(info.fetch, BuiltIn))
