"""What the pictures are made of: one drawn digit, pixels, values of both signs, lines."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from html import escape

from cnn_core import pictures
from cnn_core.arrays import Doubles, Floats, Reals
from cnn_core.data.drawing import merely_shrunk
from cnn_core.data.strokes import ink_of
from pages.start.home.demonstration import drawings

HEIGHT = 104  # px, of every picture
WIDE, HIGH = 240, 104  # px of one that is drawn


@cache
def digit() -> Floats:
    """What the pictures are of `(28, 28)`: the last digit that Home draws by itself, shrunk."""
    return merely_shrunk(ink_of(drawings()[-1]))  # centring it, too, would take scipy


def pixels(values: Floats, alt: str) -> str:
    """An image `(H, W)` of 0 to 1 in grey."""
    return image(pictures.gray_png(values), alt)


def signed(values: Floats | Doubles, alt: str) -> str:
    """Values `(H, W)` of both signs in two colours."""
    return image(pictures.signed_png(values), alt)


def image(data: bytes, alt: str, kind: str = "png") -> str:
    """A picture file as HTML."""
    return f'<img src="data:image/{kind};base64,{b64encode(data).decode()}" alt="{escape(alt)}">'


def drawing(content: str, alt: str) -> str:
    """SVG elements as a picture."""
    size = f'width="{WIDE}" height="{HIGH}" viewBox="0 0 {WIDE} {HIGH}"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} fill="none">{content}</svg>'
    return image(svg.encode(), alt, "svg+xml")


def line(x: Sequence[float] | Reals, y: Sequence[float] | Reals, colour: pictures.Colour) -> str:
    """A curve through these points, px, as an SVG element."""
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y))
    return f'<polyline points="{points}" stroke="{pictures.css(colour)}" stroke-width="3"/>'
