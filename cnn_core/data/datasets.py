"""Datasets as memory-mapped arrays: `x_train`, `y_train`, `x_test`, `y_test`, images uint8 `(N, H, W, C)`."""

from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from cnn_core.arrays import Bytes
from cnn_core.data import catalog
from cnn_core.data.arrays_on_disk import Arrays, ArraysError, read
from cnn_core.data.catalog import DatasetBroken, DatasetInfo, DatasetMissing
from cnn_core.data.sources import BuiltIn


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
    """The dataset from disk, without reading its images; a built-in one needs no disk.

    Raises:
        DatasetMissing: it was never downloaded, or (`DatasetBroken`) a file is not as it should be; the message
            says which, and what to do.
        ValueError: there is no dataset of that name.
    """
    info = catalog.info(name)
    return Dataset(info.name, info.title, info.classes, *_arrays(info))


def problem(name: str) -> DatasetMissing | None:
    """Why the dataset `name` does not load on this machine; None where it does. Raises ValueError as `load`."""
    info = catalog.info(name)
    if isinstance(info.fetch, BuiltIn):
        return None
    try:
        _arrays(info)
    except DatasetMissing as error:
        return error
    return None


def available() -> list[str]:
    """Names of the datasets that load on this machine, in the catalogue's order; of the others see `problem`."""
    return [info.name for info in catalog.all_infos() if problem(info.name) is None]


def first() -> str:
    """The name of the first dataset that loads on this machine: what a page starts with."""
    return next(info.name for info in catalog.all_infos() if problem(info.name) is None)


def aside(info: DatasetInfo) -> Path:
    """Where a download puts the files that it finds in its place: nobody's own arrays are thrown away."""
    old = info.folder.with_name(f"{info.name}.old")
    numbered = (old.with_name(f"{old.name}-{number}") for number in count(2))
    return next(place for place in chain([old], numbered) if not place.exists())


def _arrays(info: DatasetInfo) -> Arrays:
    if isinstance(info.fetch, BuiltIn):
        return info.fetch.make()
    if not info.folder.exists():
        raise DatasetMissing(f"{info.title} is not on this machine yet. Download it on the home page.")
    try:
        return read(info.folder, info.shape, len(info.classes))
    except ArraysError as error:
        raise DatasetBroken(
            f"{info.title} cannot be read: {error}. Mend the file, or download the dataset again on the home page:"
            f" the present files are then kept in {aside(info).name}."
        ) from None
