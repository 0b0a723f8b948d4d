"""Charts that leave the app: the table that a chart on a page draws, as lines, bars, a histogram or ticks."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cnn_core.figures.frame import framed
from cnn_core.pictures import ACCENT, INK, MUTED, NEGATIVE, POSITIVE, css

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MEAN, SEED = 2.2, 0.7  # widths of lines


def lines(
    table: "pd.DataFrame",
    x: str,
    y: str,
    *,
    title: str,
    source: str,
    x_title: str,
    y_title: str,
    series: str | None = None,
    colours: Mapping[str, str] | None = None,
    detail: str | None = None,
    bold: str = "mean",
    dashed: Sequence[str] = (),
    dotted: Sequence[str] = (),
    marked: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    labels: str | None = None,
    behind: "pd.DataFrame | None" = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
    percent: bool = False,
    log_x: bool = False,
) -> "Figure":
    """Column `y` over column `x`: a line for each value of `series`, in its colour.

    Args:
        detail: a column that divides a series into thin lines; those of its value `bold` are thick.
        dashed: these series are dashed; `dotted` ones are points without a line; `marked` ones have both.
        at: a line across at this value of "x" or "y": what is looked at.
        labels: a column that is written at each point.
        behind: a histogram ("left", "right", "share") in gray behind the lines, on an axis of its own.
        limits: of the axes "x" and "y".
        percent: `y` is a share, written in percent.
        log_x: the axis of `x` is logarithmic.
    """
    figure, axes = framed(title, source)
    if log_x:
        axes.set_xscale("log")
    if behind is not None:
        shares = axes.twinx()
        shares.bar(behind["left"], behind["share"], behind["right"] - behind["left"], align="edge")
        for patch in shares.patches:
            patch.set(color=css(MUTED), alpha=0.4)
        shares.set_ylabel("share (gray)")
        axes.set_zorder(shares.get_zorder() + 1)
        axes.patch.set_visible(False)
    names = [""] if series is None else list(dict.fromkeys(colours or table[series]))
    for name in names:
        own = table if series is None else table[table[series] == name]
        look: dict[str, Any] = {
            "color": (colours or {}).get(name, css(POSITIVE)),
            "linestyle": "none" if name in dotted else "--" if name in dashed else "-",
            "marker": "o" if name in dotted or name in marked else "",
            "markersize": 4,
        }
        parts = (
            [(None, own)]
            if detail is None
            else [(key, own[own[detail] == key]) for key in own[detail].unique()]
        )
        for key, part in parts:
            thick = key in (None, bold)
            width = MEAN if thick else SEED
            axes.plot(part[x], part[y], linewidth=width, label=name if thick and name else "_nothing", **look)
    for axis, value in (at or {}).items():
        (axes.axvline if axis == "x" else axes.axhline)(
            value, color=css(ACCENT), linestyle=":", linewidth=1.5
        )
    if labels is not None:
        for place, value, label in zip(table[x], table[y], table[labels]):
            axes.annotate(str(label), (place, value), (0, 6), textcoords="offset points", ha="center")
    _named(axes, x_title, y_title, limits or {}, percent)
    if any(names):
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False, borderaxespad=0)
    return figure


def bars(
    table: "pd.DataFrame",
    category: str,
    value: str,
    *,
    title: str,
    source: str,
    value_title: str,
    colours: Sequence[str],
    framed_at: int | None = None,
    texts: Sequence[str] = (),
    upright: bool = False,
    limits: tuple[float, float] | None = None,
    percent: bool = False,
) -> "Figure":
    """A bar of length `value` for each `category`, from the top down or, `upright`, from the left.

    `colours` has one for each bar, `texts` what stands at its end; the bar `framed_at` has the accent around it.
    """
    count = len(table)
    height = 4.2 if upright else max(2.2, 1.2 + 0.3 * count)
    figure, axes = framed(title, source, height=height)
    places, names = np.arange(count), [str(name) for name in table[category]]
    drawn = (axes.bar if upright else axes.barh)(places, table[value], color=list(colours))
    if framed_at is not None:
        drawn[framed_at].set(edgecolor=css(ACCENT), linewidth=3)
    if texts:
        axes.bar_label(drawn, list(texts), padding=3)
    ends = {} if limits is None else {"y" if upright else "x": limits}
    if upright:
        axes.set_xticks(places, names, rotation=40, ha="right")
        _named(axes, "", value_title, ends, percent)
    else:
        axes.set_yticks(places, names)
        axes.invert_yaxis()
        _named(axes, value_title, "", ends, percent)
    return figure


def histogram(
    table: "pd.DataFrame",
    *,
    title: str,
    source: str,
    value_title: str,
    height_title: str,
    at: float | None = None,
    limits: Mapping[str, tuple[float, float]] | None = None,
) -> "Figure":
    """Bins "from", "to" of height "height", blue where positive and vermilion where negative; `at` is marked."""
    figure, axes = framed(title, source)
    left, right = table["from"].to_numpy(), table["to"].to_numpy()
    colours = [css(NEGATIVE if middle < 0 else POSITIVE) for middle in left + right]
    axes.bar(left, table["height"], right - left, align="edge", color=colours)
    if at is not None:
        axes.axvline(at, color=css(ACCENT), linewidth=1.5)
    _named(axes, value_title, height_title, limits or {}, False)
    return figure


def ticks(
    table: "pd.DataFrame",
    category: str,
    value: str,
    *,
    title: str,
    source: str,
    value_title: str,
    marks: "pd.DataFrame",
    mark: str,
    colours: Mapping[str, str],
) -> "Figure":
    """A tick at `value`, 0..1, for each row of `table` in its category's line; `marks` stand out by column `mark`."""
    names = list(dict.fromkeys(table[category]))
    figure, axes = framed(title, source, height=max(2.4, 1.2 + 0.32 * len(names)))
    rows = table[category].map(names.index)
    axes.plot(table[value], rows, "|", color=css(POSITIVE), alpha=0.35, markersize=11)
    for name, colour in colours.items():
        own = marks[marks[mark] == name]
        large = name == next(iter(colours))
        axes.plot(
            own[value],
            own[category].map(names.index),
            "o" if large else "D",
            color=colour,
            markersize=10 if large else 5,
            label=name,
        )
    axes.set_yticks(range(len(names)), [str(name) for name in names])
    axes.invert_yaxis()
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False, borderaxespad=0)
    _named(axes, value_title, "", {"x": (0.0, 1.0)}, False)
    return figure


def _named(axes: "Axes", x: str, y: str, limits: Mapping[str, tuple[float, float]], percent: bool) -> None:
    """Titles and limits of the axes; a share in percent."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.tick_params(colors=css(INK))
    if "x" in limits:
        axes.set_xlim(*limits["x"])
    if "y" in limits:
        axes.set_ylim(*limits["y"])
    if percent:
        axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f}\u00a0%")
