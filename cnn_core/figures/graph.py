"""A graph of operations as a drawing: rows from the top down, side branches in lanes, leaves at the right.

Laid out once, as numbers; the SVG of a page and the figure of a file draw the same boxes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from cnn_core.figures.frame import framed
from cnn_core.pictures import ACCENT, INK, MUTED, POSITIVE, VALIDATION, Colour, css

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW, HEIGHT = 58, 46  # px: the distance of rows, a box's height
GAP, MARGIN = 28, 8  # px: between columns, around all
LARGE, SMALL = 15, 13  # px: sizes of letters
POINTS = 80  # px an inch of a figure

Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Item:
    """One thing to draw: its words, a line beneath, its group, the items before it that it reads.

    A `leaf` stands at the right of the first item that reads it. `marked` has the accent around it.
    """

    title: str
    detail: str
    group: str
    reads: tuple[int, ...]
    leaf: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Box:
    """An item where it stands, in px."""

    item: Item
    x: float
    y: float
    width: float
    height: float = HEIGHT

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True)
class Band:
    """A group's place behind its rows."""

    name: str
    y: float
    height: float


@dataclass(frozen=True)
class Drawing:
    """Boxes in the order of the items, bands, and arrows as the corners that they pass; all within `size`."""

    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]
    arrows: tuple[Corners, ...]
    size: tuple[float, float]


def lay_out(items: Sequence[Item]) -> Drawing:
    """Items in the order in which they were made; each reads items before it. Raises `ValueError` without any."""
    rows, lanes = _places(items)
    own = [items[number] for number in rows]
    label = _width((item.group for item in own), LARGE) + MARGIN
    box = max(_width((item.title for item in own), LARGE), _width((item.detail for item in own), SMALL))
    leaf = _width((_leaf_text(item) for item in items if item.leaf), SMALL)
    boxes = {
        number: Box(items[number], label + lanes[number] * (box + GAP), MARGIN + row * ROW, box)
        for number, row in rows.items()
    }
    leaves_at = label + (max(lanes.values()) + 1) * (box + GAP)
    for number in rows:
        mine = [read for read in items[number].reads if items[read].leaf and read not in boxes]
        height = HEIGHT / max(2, len(mine))
        for place, read in enumerate(mine):
            y = boxes[number].y + place * height + (HEIGHT - len(mine) * height) / 2
            boxes[read] = Box(items[read], leaves_at, y + 1, leaf, height - 2)
    arrows = tuple(
        _arrow(boxes[number], boxes[read], _between(number, read, rows, lanes))
        for number, item in enumerate(items)
        for read in item.reads
    )
    width = leaves_at + (leaf + MARGIN if leaf > _width([], SMALL) else 0)
    ordered = tuple(boxes[number] for number in range(len(items)))
    return Drawing(ordered, _bands(ordered), arrows, (width, 2 * MARGIN + len(rows) * ROW))


def _width(texts: Iterable[str], size: int) -> float:
    """The px that the longest of these takes, with room at both sides."""
    return 18 + max((len(text) for text in texts), default=0) * size * 0.5


def _leaf_text(item: Item) -> str:
    return f"{item.title} · {item.detail}" if item.detail else item.title


def _places(items: Sequence[Item]) -> tuple[dict[int, int], dict[int, int]]:
    """A row for each item that is no leaf, and its lane: that of the first it reads where nothing else waits there."""
    last_reader = {read: number for number, item in enumerate(items) for read in item.reads}
    rows: dict[int, int] = {}
    lanes: dict[int, int] = {}
    ends: dict[int, int] = {}  # by lane, the item that stands last in it
    for number, item in enumerate(items):
        if item.leaf:
            continue
        above = [read for read in item.reads if not items[read].leaf]
        own = next((lanes[read] for read in above if ends.get(lanes[read]) == read), None)
        if own is None:
            own = 0
            while own in ends and last_reader.get(ends[own], -1) >= number:
                own += 1
        rows[number], lanes[number], ends[own] = len(rows), own, number
    if not rows:
        raise ValueError("items have nothing but leaves; at least one item is no leaf")
    return rows, lanes


def _between(number: int, read: int, rows: dict[int, int], lanes: dict[int, int]) -> bool:
    """Whether another box stands between the two, in their lane."""
    return read in rows and any(
        lanes[one] == lanes[read] and rows[read] < row < rows[number] for one, row in rows.items()
    )


def _arrow(reader: Box, read: Box, between: bool) -> Corners:
    """From a box to one that it reads: straight up, to the right for a leaf, else around what stands between."""
    (x, y), (above_x, above_y) = reader.centre, read.centre
    if read.item.leaf:
        return ((reader.right, above_y), (read.x, above_y))
    if x == above_x and not between:
        return ((x, reader.y), (x, read.y + HEIGHT))
    if x > above_x:  # a branch begins: it comes down in its own lane
        return ((x, reader.y), (x, above_y), (read.right, above_y))
    if x < above_x:  # and ends
        return ((reader.right, y), (above_x, y), (above_x, read.y + HEIGHT))
    gutter = read.right + GAP / 2
    return ((reader.right, y), (gutter, y), (gutter, above_y), (read.right, above_y))


def _bands(boxes: Sequence[Box]) -> tuple[Band, ...]:
    """One behind each run of rows of the same group."""
    found: list[Band] = []
    for box in sorted((box for box in boxes if not box.item.leaf), key=lambda box: box.y):
        top = box.y - (ROW - HEIGHT) / 2
        if found and found[-1].name == box.item.group:
            found[-1] = Band(found[-1].name, found[-1].y, top + ROW - found[-1].y)
        else:
            found.append(Band(box.item.group, top, ROW))
    return tuple(found)


def svg(drawing: Drawing, ink: Colour) -> str:
    """The drawing as an SVG file, its text and lines in `ink`, for a light or a dark page."""
    width, height = drawing.size
    parts = []
    for number, band in enumerate(drawing.bands):
        parts.append(
            f'<rect x="2" y="{band.y + 1:g}" width="{width - 4:g}" height="{band.height - 2:g}" rx="8" '
            f'fill="{css(MUTED)}" fill-opacity="{0.2 if number % 2 else 0.08}"/>'
            f'<text x="10" y="{band.y + 34:g}" font-size="{LARGE}" font-weight="600">{escape(band.name)}</text>'
        )
    for corners in drawing.arrows:
        path = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)
        parts.append(
            f'<path d="{path}" fill="none" stroke="{css(ink)}" stroke-opacity="0.65" stroke-width="1.5"/>'
            f'<polygon points="{_head(corners)}"/>'
        )
    parts += [_box_svg(box) for box in drawing.boxes]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" fill="{css(ink)}" font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _box_svg(box: Box) -> str:
    item, (x, y) = box.item, box.centre
    colour = css(_colour(item))
    edge = f'stroke="{css(ACCENT)}" stroke-width="4"' if item.marked else f'stroke="{colour}"'
    lines = [(_leaf_text(item), SMALL, y + 5)] if item.leaf else [(item.title, LARGE, y + 5)]
    if item.detail and not item.leaf:
        lines = [(item.title, LARGE, y - 3), (item.detail, SMALL, y + 15)]
    texts = "".join(
        f'<text x="{x:g}" y="{at:g}" font-size="{size}" text-anchor="middle">{escape(text)}</text>'
        for text, size, at in lines
    )
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" '
        f'rx="{box.height / 2 if item.leaf else 6:g}" fill="{colour}" fill-opacity="0.2" {edge}/>{texts}'
    )


def _colour(item: Item) -> Colour:
    return VALIDATION if item.leaf else POSITIVE


def _head(corners: Corners) -> str:
    """The three corners of an arrow's head at the end of its way."""
    (x0, y0), (x, y) = corners[-2:]
    length = max(abs(x - x0), abs(y - y0)) or 1.0
    along = ((x - x0) / length * 8, (y - y0) / length * 8)
    side = (-along[1] / 2, along[0] / 2)
    back = (x - along[0], y - along[1])
    points = ((x, y), (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1]))
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in points)


def figure(drawing: Drawing, title: str, source: str) -> "Figure":
    """The drawing for print."""
    from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle

    width, height = drawing.size
    made, axes = framed(title, source, width=max(7.2, width / POINTS), height=height / POINTS + 1)
    for band in drawing.bands:
        axes.add_patch(Rectangle((0, band.y), width, band.height, facecolor=css(MUTED), alpha=0.12))
        axes.text(10, band.y + 34, band.name, fontsize=9, fontweight="bold")
    for corners in drawing.arrows:
        axes.plot([x for x, _ in corners], [y for _, y in corners], color=css(INK), linewidth=0.8)
        head = [tuple(map(float, point.split(","))) for point in _head(corners).split()]
        axes.add_patch(Polygon(head, facecolor=css(INK)))
    for box in drawing.boxes:
        item, (x, y) = box.item, box.centre
        rounded = f"round,pad=0,rounding_size={box.height / 2 if item.leaf else 6:g}"
        shape = FancyBboxPatch((box.x, box.y), box.width, box.height, rounded, facecolor="white")
        shape.set_edgecolor(css(ACCENT if item.marked else _colour(item)))
        shape.set_linewidth(2.5 if item.marked else 1)
        axes.add_patch(shape)
        below = "" if item.leaf else item.detail
        axes.text(
            x,
            y + (-2 if below else 4),
            _leaf_text(item) if item.leaf else item.title,
            fontsize=7.5,
            ha="center",
        )
        axes.text(x, y + 16, below, fontsize=6.5, ha="center")
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return made
