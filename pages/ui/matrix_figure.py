"""The confusion matrix as it leaves the page: a figure for print, and its cells as a table."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from cnn_core import pictures
from cnn_core.arrays import Integers
from cnn_core.figures import maps
from cnn_core.figures.picture import Picture
from cnn_core.judge import metrics
from pages.ui.words import percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def matrix_picture(cm: Integers, classes: Sequence[str], *, key: str, shares: bool) -> Picture:
    """The matrix (K, K) as counts or as shares of its rows, for `twin`."""

    def figure(title: str, source: str) -> "Figure":
        return _figure(cm, classes, shares, title, source)

    return Picture(key, "Confusion matrix", figure, _cells(cm, classes))


def _cells(cm: Integers, classes: Sequence[str]) -> pd.DataFrame:
    """A row a cell."""
    true, predicted = (axis.ravel() for axis in np.indices(cm.shape))
    names = np.array(classes, dtype=object)
    return pd.DataFrame(
        {
            "true": names[true],
            "predicted": names[predicted],
            "images": cm.ravel(),
            "share": metrics.normalize_rows(cm).ravel(),
        }
    )


def _figure(cm: Integers, classes: Sequence[str], shares: bool, title: str, source: str) -> "Figure":
    share, wrong = metrics.normalize_rows(cm), metrics.largest_share_wrong(cm)
    right = np.eye(len(cm), dtype=bool)
    fills = np.empty((*cm.shape, 4))
    green, vermilion = (np.array(colour) / 255 for colour in (pictures.RIGHT, pictures.WRONG))
    fills[..., :3] = np.where(right[..., None], green, vermilion)
    fills[..., 3] = share / np.where(right, 1.0, wrong or 1.0)  # wrong ones relative to the largest
    texts = [
        [(percent(part) if shares else str(images)) if images else "" for images, part in zip(*row)]
        for row in zip(cm.tolist(), share.tolist())
    ]
    return maps.matrix(
        texts,
        fills,
        classes,
        title=title,
        source=source,
        scale=f"green: right, 0 to 100\u00a0% of the true class; vermilion: wrong, 0 to {percent(wrong, 2)}",
    )
