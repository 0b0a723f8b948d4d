"""A graph of operations as a drawing: rows from the top down, side branches in lanes, leaves at the right.

Laid out once, as numbers; the SVG of a page and the figure of a file draw the same boxes. The SVG has no colour for
text and lines: they are the page's own, in a light and a dark theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from cnn_core.figures.frame import framed
from cnn_core.pictures import ACCENT, INK, MUTED, POSITIVE, VALIDATION, Colour, css

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BOX, ROW, HEIGHT = 270, 62, 46  # px: a box's width, the distance of rows, a box's height
LANE, LABEL, LEAF, GAP, MARGIN = 300, 104, 190, 26, 10
POINTS = 96  # px an inch of a figure


@dataclass(frozen=True)
class Item:
    """One thing to draw: its words, a line beneath, a hint, its group, the items above it that it reads.

    A `leaf` stands at the right of the first item that reads it. `marked` has the accent around it.
    """

    title: str
    detail: str
    hint: str
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

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + HEIGHT / 2


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
    arrows: tuple[tuple[tuple[float, float], ...], ...]
    size: tuple[float, float]


def lay_out(items: Sequence[Item]) -> Drawing:
    """Items in the order in which they were made; each reads items before it."""
    rows, lanes = _places(items)
    many = max(lanes.values(), default=0) + 1
    leaves_at = LABEL + many * LANE
    stacked: dict[int, list[int]] = {}  # leaves by the row of the first item that reads them
    for number, item in enumerate(items):
        for leaf in (one for one in item.reads if items[one].leaf and not item.leaf):
            if all(leaf not in others for others in stacked.values()):
                stacked.setdefault(rows[number], []).append(leaf)
    deepest = max((len(leaves) for leaves in stacked.values()), default=0)
    boxes: dict[int, Box] = {
        number: Box(items[number], LABEL + lanes[number] * LANE, MARGIN + row * ROW, BOX)
        for number, row in rows.items()
    }
    for row, leaves in stacked.items():
        for place, leaf in enumerate(leaves):
            boxes[leaf] = Box(items[leaf], leaves_at + place * (LEAF + GAP / 2), MARGIN + row * ROW, LEAF)
    arrows = [
        _arrow(boxes[number], boxes[read], rows, lanes, number, read)
        for number, item in enumerate(items)
        for read in item.reads
    ]
    width = leaves_at + deepest * (LEAF + GAP / 2) + MARGIN
    ordered = tuple(boxes[number] for number in range(len(items)))
    return Drawing(ordered, _bands(ordered), tuple(arrows), (width, 2 * MARGIN + len(rows) * ROW))


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
    return rows, lanes


def _arrow(
    reader: Box, read: Box, rows: dict[int, int], lanes: dict[int, int], number: int, other: int
) -> tuple[tuple[float, float], ...]:
    """From a box to one that it reads: straight up, to the right for a leaf, else around what stands between."""
    if read.item.leaf:
        return ((reader.x + reader.width, reader.middle), (read.x, read.middle))
    start, end = reader.x + BOX / 2, read.x + BOX / 2
    between = any(
        lanes[other] == lanes[one] and rows[other] < row < rows[number] for one, row in rows.items()
    )
    if lanes[number] == lanes[other] and not between:
        return ((start, reader.y), (end, read.y + HEIGHT))
    if lanes[number] > lanes[other]:  # a branch begins: it comes down in its own lane
        return ((start, reader.y), (start, read.middle), (read.x + BOX, read.middle))
    if lanes[number] < lanes[other]:  # and ends
        return ((reader.x + BOX, reader.middle), (end, reader.middle), (end, read.y + HEIGHT))
    gutter = read.x + BOX + GAP / 2
    return (
        *((reader.x + BOX, reader.middle), (gutter, reader.middle)),
        *((gutter, read.middle), (read.x + BOX, read.middle)),
    )


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


def svg(drawing: Drawing, alt: str, chosen: str = "") -> str:
    """The drawing as an SVG element, its text and lines in the page's colour; the group `chosen` has the accent."""
    width, height = drawing.size
    parts = []
    for number, band in enumerate(drawing.bands):
        line = f'stroke="{css(ACCENT)}" stroke-width="3"' if band.name == chosen else ""
        parts.append(
            f'<rect x="2" y="{band.y + 2:g}" width="{width - 4:g}" height="{band.height - 4:g}" rx="8" '
            f'fill="{css(MUTED)}" fill-opacity="{0.16 if number % 2 else 0.08}" {line}/>'
            f'<text x="12" y="{band.y + 25:g}" font-size="15" font-weight="600">{escape(band.name)}</text>'
        )
    for corners in drawing.arrows:
        path = "M" + "L".join(f"{x:g} {y:g}" for x, y in corners)
        parts.append(f'<path d="{path}" fill="none" stroke="currentColor" stroke-opacity="0.65"/>')
        parts.append(f'<polygon points="{_head(corners)}"/>')
    for box in drawing.boxes:
        item = box.item
        edge = f'stroke="{css(ACCENT)}" stroke-width="4"' if item.marked else f'stroke="{css(_colour(item))}"'
        parts.append(
            f"<g><title>{escape(item.hint)}</title>"
            f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{HEIGHT}" '
            f'rx="{HEIGHT / 2 if item.leaf else 6:g}" fill="{css(_colour(item))}" fill-opacity="0.2" {edge}/>'
            f'<text x="{box.x + box.width / 2:g}" y="{box.y + (20 if item.detail else 28)}" font-size="15" '
            f'text-anchor="middle">{escape(item.title)}</text>'
            f'<text x="{box.x + box.width / 2:g}" y="{box.y + 38:g}" font-size="13" text-anchor="middle" '
            f'fill-opacity="0.85">{escape(item.detail)}</text></g>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" aria-label="{escape(alt)}" fill="currentColor">{"".join(parts)}</svg>'
    )


def _colour(item: Item) -> Colour:
    return VALIDATION if item.leaf else POSITIVE


def _head(corners: Sequence[tuple[float, float]]) -> str:
    """The three corners of an arrow's head at the end of its way."""
    (x0, y0), (x, y) = corners[-2:]
    length = max(abs(x - x0), abs(y - y0)) or 1.0
    along = ((x - x0) / length * 8, (y - y0) / length * 8)
    back = (x - along[0], y - along[1])
    side = (-along[1] / 2, along[0] / 2)
    points = ((x, y), (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1]))
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in points)


def figure(drawing: Drawing, title: str, source: str) -> "Figure":
    """The drawing for print."""
    from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

    width, height = drawing.size
    made, axes = framed(title, source, width=width / POINTS, height=height / POINTS + 1)
    for band in drawing.bands:
        place = Rectangle((0, band.y), width, band.height, facecolor=css(MUTED), alpha=0.12)
        axes.add_patch(place)
        axes.text(12, band.y + 25, band.name, fontsize=10, fontweight="bold")
    for corners in drawing.arrows:
        axes.plot(*zip(*corners[:-1], corners[-1]), color=css(INK), linewidth=0.8)
        axes.add_patch(FancyArrowPatch(corners[-2], corners[-1], arrowstyle="-|>", mutation_scale=8))
    for box in drawing.boxes:
        colour = css(ACCENT) if box.item.marked else css(_colour(box.item))
        shape = FancyBboxPatch(
            (box.x, box.y), box.width, HEIGHT, "round,pad=0,rounding_size=6", facecolor="white"
        )
        shape.set(edgecolor=colour, linewidth=2.5 if box.item.marked else 1)
        axes.add_patch(shape)
        middle = box.x + box.width / 2
        axes.text(middle, box.y + 20, box.item.title, fontsize=9, ha="center")
        axes.text(middle, box.y + 38, box.item.detail, fontsize=7.5, ha="center")
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_axis_off()
    return made
