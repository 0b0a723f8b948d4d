"""Pictures that leave the app: maps on one scale with its bar, images with their words, a matrix with its numbers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnn_core import pictures
from cnn_core.arrays import Doubles
from cnn_core.figures.frame import WIDTH, framed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.figure import Figure

Scale = Literal["signed", "positive", "pixels"]

NAMED = 48  # tiles at most that have their names above them
WRITTEN = 200  # cells at most that have their numbers in them
TALLEST = 11.0  # inches


def limits_of(scale: Scale, limit: float) -> tuple[float, float]:
    """The two ends of a scale whose full colour is at `limit`: the signed one has its middle at 0."""
    return (-limit if scale == "signed" else 0.0), limit


def maps(
    values: NDArray[Any],
    *,
    title: str,
    source: str,
    names: Sequence[str],
    column_names: Sequence[str] = (),
    group: int = 1,
    scale: Scale = "signed",
    limits: tuple[float, float],
    scope: str,
) -> "Figure":
    """Maps `(N, H, W)` as tiles on one scale between `limits`, the bar beside them; `scope` says what it belongs to.

    "signed" is vermilion to blue with white at 0, "positive" white to blue, "pixels" black to white. With
    `column_names` the tiles are a table whose rows are `names`; else every `group` tiles stay in one row.
    """
    count, height, width = values.shape
    columns = len(column_names) or _columns(count, height, width, group)
    mosaic, tops, lefts = _mosaic(values, columns)
    inches = min(TALLEST, 1.3 + (WIDTH - 1.6) * mosaic.shape[0] / mosaic.shape[1])
    figure, axes = framed(title, source, height=max(2.2, inches))
    drawn = axes.imshow(mosaic, _colours(scale), vmin=limits[0], vmax=limits[1], interpolation="nearest")
    _bare(axes)
    if count == 1:
        axes.spines[:].set_visible(True)  # where it ends is seen even where it is 0
    if column_names:
        axes.set_xticks(lefts + (width - 1) / 2, list(column_names), rotation=90, fontsize=7)
        axes.set_yticks(tops + (height - 1) / 2, list(names), fontsize=7)
    elif 1 < count <= NAMED:
        for tile, name in enumerate(names):
            row, column = divmod(tile, columns)
            axes.text(lefts[column] - 0.5, tops[row] - 0.6, name, fontsize=6, va="bottom", clip_on=False)
    elif count > NAMED:
        axes.set_xlabel(f"{count} in reading order, {names[0]} to {names[-1]}", fontsize=8)
    if values.size <= WRITTEN:
        cell = 72 * (WIDTH - 1.6) / mosaic.shape[1]  # points
        _write(axes, mosaic, limits, scale, size=min(16.0, cell / 4))
    bar = figure.colorbar(drawn, ax=axes, shrink=0.8, ticks=sorted({limits[0], 0.0, limits[1]}))
    bar.ax.set_yticklabels([f"{tick:.3g}".replace("-", "−") for tick in bar.get_ticks()])
    bar.set_label(scope, fontsize=8)
    return figure


def images(pixels: NDArray[Any], captions: Sequence[str], *, title: str, source: str) -> "Figure":
    """Images `(N, C, H, W)` in 0..1, gray or in colour, in rows, each with its words beneath."""
    count = len(pixels)
    columns = min(count, 6)
    rows = -(-count // columns)
    longest = max(words.count("\n") + 1 for words in captions)
    figure, whole = framed(
        title, source, height=0.8 + rows * (WIDTH / max(columns, 3) * 0.82 + 0.16 * longest)
    )
    whole.remove()
    for place, (image, words) in enumerate(zip(pixels, captions), 1):
        axes = figure.add_subplot(rows, columns, place)
        axes.imshow(pictures.gray_rgb(image), interpolation="nearest")
        _bare(axes)
        axes.set_xlabel(words, fontsize=7)
    return figure


def matrix(
    texts: Sequence[Sequence[str]],
    fills: Doubles,
    classes: Sequence[str],
    *,
    title: str,
    source: str,
    scale: str,
) -> "Figure":
    """A confusion matrix: `texts` `(K, K)` on colours `fills` `(K, K, 4)` in 0..1; `scale` says what a colour means."""
    count = len(classes)
    side = min(TALLEST, max(4.0, 1.6 + 0.42 * count))
    figure, axes = framed(title, f"{source} · {scale}", height=side, width=max(WIDTH, side))
    axes.imshow(fills, interpolation="nearest")
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            axes.text(column, row, text, ha="center", va="center", fontsize=8 if count <= 12 else 5)
    long = len("".join(classes)) >= 40
    axes.set_xticks(range(count), list(classes), rotation=40 if long else 0, ha="right" if long else "center")
    axes.set_yticks(range(count), list(classes))
    axes.spines[:].set_visible(False)
    axes.set_xlabel("Predicted class")
    axes.set_ylabel("True class")
    return figure


def _columns(count: int, height: int, width: int, group: int) -> int:
    """How many tiles of `height` × `width` stand in a row, so that the whole is half as wide again as high."""
    wide = max(1, round(float(np.sqrt(1.5 * count * (height + 1) / (width + 1)))))
    return min(count, max(group, wide // group * group))


def _mosaic(values: NDArray[Any], columns: int) -> tuple[Doubles, Doubles, Doubles]:
    """The tiles in one array with room between them, which is NaN; where rows and columns of tiles begin."""
    count, height, width = values.shape
    rows = -(-count // columns)
    gap = max(1, max(height, width) // 6) if count > 1 else 0
    tops, lefts = np.arange(rows) * (height + gap), np.arange(columns) * (width + gap)
    mosaic = np.full((tops[-1] + height, lefts[-1] + width), np.nan)
    for tile, value in enumerate(values):
        top, left = tops[tile // columns], lefts[tile % columns]
        mosaic[top : top + height, left : left + width] = np.where(np.isfinite(value), value, np.nan)
    return mosaic, tops.astype(float), lefts.astype(float)


def _colours(scale: Scale) -> "Colormap":
    """The scale's colours; what is no number stays white."""
    from matplotlib.colors import LinearSegmentedColormap

    stops = {
        "signed": [pictures.css(pictures.NEGATIVE), "#ffffff", pictures.css(pictures.POSITIVE)],
        "positive": ["#ffffff", pictures.css(pictures.POSITIVE)],
        "pixels": ["#000000", "#ffffff"],
    }
    return LinearSegmentedColormap.from_list(scale, stops[scale], N=511).with_extremes(bad="#ffffff")


def _bare(axes: "Axes") -> None:
    """No ticks and no frame."""
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _write(axes: "Axes", mosaic: Doubles, limits: tuple[float, float], scale: Scale, *, size: float) -> None:
    """The number in each cell, in the ink that is read on its colour."""
    low, high = limits
    for (row, column), value in np.ndenumerate(mosaic):
        if np.isnan(value):
            continue
        strength = (value - low) / (high - low) if scale == "pixels" else abs(value) / (high or 1)
        light = strength < 0.5 if scale == "pixels" else strength > 0.6
        ink = "#ffffff" if light else pictures.css(pictures.INK)
        text = f"{value:.2g}".replace("-", "−")
        axes.text(column, row, text, ha="center", va="center", fontsize=size, color=ink)
