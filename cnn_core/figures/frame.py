"""What every figure has: a light ground for print, a title, a line that says where it is from; and its files."""

import textwrap
from io import BytesIO
from threading import RLock
from typing import TYPE_CHECKING, Literal

from cnn_core.pictures import INK, MUTED, css

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Format = Literal["png", "svg", "pdf"]

WIDTH, HEIGHT = 7.2, 4.2  # inches
DPI = 200
LETTERS = 74  # of a title in a line
DRAWING = RLock()  # matplotlib makes no promise to threads, and downloads are made in several


def framed(
    title: str, source: str, *, height: float = HEIGHT, width: float = WIDTH
) -> tuple["Figure", "Axes"]:
    """A figure of `width` × `height` inches and its axes; beneath them stands "ConvLens · " and the source."""
    import matplotlib
    from matplotlib.figure import Figure

    # For good: nothing else in this process draws with it.
    matplotlib.rcParams.update(
        {
            "font.size": 10,
            "axes.edgecolor": css(MUTED),
            "axes.labelcolor": css(INK),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "text.color": css(INK),
            "text.parse_math": False,  # a run's title may hold a "$"
            "xtick.color": css(INK),
            "ytick.color": css(INK),
            "axes.formatter.use_mathtext": False,
            "svg.fonttype": "none",  # text stays text: it can be searched, read aloud and edited
            "svg.hashsalt": "ConvLens",  # the same picture gives the same file
            "pdf.fonttype": 42,
        }
    )
    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    figure.suptitle(textwrap.fill(title, LETTERS), x=0.01, ha="left", fontsize=12, fontweight="bold")
    line = " · ".join(part for part in ("ConvLens", source) if part)
    figure.supxlabel(textwrap.fill(line, 110), x=0.01, ha="left", fontsize=8, color=css(MUTED))
    return figure, figure.add_subplot()


def encode(figure: "Figure", kind: Format) -> bytes:
    """The figure as the bytes of a file; the same figure gives the same bytes, whenever it is asked for."""
    dated = {"png": {}, "svg": {"Date": None}, "pdf": {"CreationDate": None}}
    buffer = BytesIO()
    with DRAWING:
        figure.savefig(buffer, format=kind, dpi=DPI, metadata=dated[kind])
    return buffer.getvalue()
