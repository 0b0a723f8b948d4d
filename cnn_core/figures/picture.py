"""A picture of a page that can leave it: as a figure in three formats, and as the numbers that it shows."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cnn_core.arrays import not_allowed
from cnn_core.figures import maps
from cnn_core.figures.frame import DRAWING, encode
from cnn_core.figures.maps import Scale
from cnn_core.pictures import symmetric_limit

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

FIGURES = ("PNG", "SVG", "PDF")
TYPES = {
    "PNG": "image/png",
    "SVG": "image/svg+xml",
    "PDF": "application/pdf",
    "CSV": "text/csv",
    "NPY": "application/octet-stream",
}


@dataclass(frozen=True, eq=False)
class Picture:
    """What a page shows under `key`, in words, as a figure and in numbers.

    `figure(title, source)` draws it. `numbers` is a chart's table, or the array behind a picture, of any shape.
    """

    key: str
    title: str
    figure: Callable[[str, str], "Figure"]
    numbers: "pd.DataFrame | NDArray[Any]"

    @property
    def formats(self) -> tuple[str, ...]:
        """The kinds of files it leaves as, keys of `TYPES`: an array also as NumPy's own."""
        return (*FIGURES, "CSV", "NPY") if isinstance(self.numbers, np.ndarray) else (*FIGURES, "CSV")

    def file_name(self, kind: str) -> str:
        """The title in letters that every disk takes, and the ending: "conv1-map-3.png"."""
        split = unicodedata.normalize("NFKD", self.title.lower())  # "é" in two: the letter and its accent
        plain = (letter for letter in split if not unicodedata.combining(letter))
        letters = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in plain)
        return f"{'-'.join(letters.split())[:60] or 'picture'}.{kind.lower()}"

    def file(self, kind: str, source: str) -> bytes:
        """The bytes of a file of `kind`, one of `formats`; `source` says what the picture is from.

        Raises `ValueError` for another kind.
        """
        if kind not in self.formats:
            raise ValueError(not_allowed("kind", repr(kind), f"one of {', '.join(self.formats)}"))
        if kind == "CSV":
            return csv(self.numbers)
        if kind == "NPY":
            buffer = BytesIO()
            np.save(buffer, np.asarray(self.numbers), allow_pickle=False)
            return buffer.getvalue()
        with DRAWING:
            return encode(self.figure(self.title, source), kind.lower())  # type: ignore[arg-type]


def of_maps(
    key: str,
    title: str,
    values: NDArray[Any],
    *,
    names: Sequence[str] = (),
    column_names: Sequence[str] = (),
    group: int = 1,
    scale: Scale = "signed",
    limits: tuple[float, float] | None = None,
    scope: str = "",
) -> Picture:
    """Maps `(N, H, W)` on one scale; arguments as `figures.maps.maps` has them, the limits by default symmetric."""

    def figure(name: str, source: str) -> "Figure":
        return maps.maps(
            values,
            title=name,
            source=source,
            names=list(names) or [title],
            column_names=column_names,
            group=group,
            scale=scale,
            limits=limits or maps.limits_of(scale, symmetric_limit(values)),
            scope=scope,
        )

    return Picture(key, title, figure, values[0] if len(values) == 1 else values)


def of_images(key: str, title: str, pixels: NDArray[Any], captions: Sequence[str]) -> Picture:
    """Images `(N, C, H, W)` in 0..1 in rows, each with its words."""

    def figure(name: str, source: str) -> "Figure":
        return maps.images(pixels, captions, title=name, source=source)

    return Picture(key, title, figure, pixels)


def csv(numbers: "pd.DataFrame | NDArray[Any]") -> bytes:
    """A table with its header; of an array up to `(H, W)` the numbers as they lie, of a larger one a line a cell.

    The columns of such a line are the indices, outermost first, and "value".
    """
    import pandas as pd

    if not isinstance(numbers, np.ndarray):
        return numbers.to_csv(index=False).encode()
    if numbers.ndim <= 2:
        return pd.DataFrame(numbers).to_csv(index=False, header=False).encode()
    names = ("image", "channel", "row", "column")[-numbers.ndim :]
    if numbers.ndim == 3:
        names = ("map", "row", "column")
    cells: Mapping[str, NDArray[Any]] = dict(zip(names, (axis.ravel() for axis in np.indices(numbers.shape))))
    return pd.DataFrame({**cells, "value": numbers.ravel()}).to_csv(index=False).encode()
