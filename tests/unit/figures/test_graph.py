"""The drawing of a graph: boxes apart, arrows from box to box, branches in lanes of their own."""

from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from cnn_core.figures.graph import HEIGHT, Item, figure, lay_out, svg
from cnn_core.pictures import INK_ON_DARK, css


def item(title: str, *reads: int, group: str = "g", leaf: bool = False, marked: bool = False) -> Item:
    return Item(title, "keeps x", group, reads, leaf, marked)


# A residual block: what comes in passes by a first and a second operation and is added.
ITEMS = [
    item("weight", leaf=True),
    item("bias", leaf=True),
    item("in", 0, 1, group="conv1"),
    item("first", 2),
    item("second", 3),
    item("side", 2),
    item("add", 4, 5, marked=True),
    item("skip", 6, 2, group="<last>"),
]


def test_no_two_boxes_overlap_and_all_are_within_the_size():
    drawing = lay_out(ITEMS)
    for one, other in combinations(drawing.boxes, 2):
        apart = one.right <= other.x or other.right <= one.x
        assert apart or one.y + one.height <= other.y or other.y + other.height <= one.y, (one, other)
    width, height = drawing.size
    assert all(box.x >= 0 and box.right <= width and box.y + box.height <= height for box in drawing.boxes)


def test_rows_follow_the_order_and_a_branch_has_its_own_lane():
    boxes = {box.item.title: box for box in lay_out(ITEMS).boxes}
    in_order = [boxes[name].y for name in ("in", "first", "second", "side", "add", "skip")]
    assert in_order == sorted(set(in_order))
    assert boxes["in"].x == boxes["first"].x == boxes["add"].x < boxes["side"].x < boxes["weight"].x
    assert abs(boxes["weight"].centre[1] - boxes["in"].centre[1]) < HEIGHT / 2


def test_every_arrow_begins_at_its_reader_and_ends_at_what_it_reads():
    drawing = lay_out(ITEMS)
    pairs = [(item, ITEMS[read]) for item in ITEMS for read in item.reads]
    assert len(drawing.arrows) == len(pairs)
    places = {box.item.title: box for box in drawing.boxes}
    for corners, (reader, read) in zip(drawing.arrows, pairs):
        for (x, y), box in ((corners[0], places[reader.title]), (corners[-1], places[read.title])):
            assert box.x <= x <= box.right
            assert box.y <= y <= box.y + box.height
        for (x0, y0), (x1, y1) in pairwise(corners):
            assert x0 == x1 or y0 == y1


def test_an_arrow_past_other_boxes_crosses_none():
    drawing = lay_out(ITEMS)
    (around,) = (corners for corners in drawing.arrows if len(corners) == 4)
    x = around[1][0]
    assert all(not box.x < x < box.right for box in drawing.boxes if not box.item.leaf)


def test_groups_are_bands_behind_their_rows():
    drawing = lay_out(ITEMS)
    assert [band.name for band in drawing.bands] == ["conv1", "g", "<last>"]
    assert drawing.bands[1].height == pytest.approx(4 * drawing.bands[0].height)


def test_the_svg_says_all_words_in_the_page_s_ink_and_large_enough():
    picture = svg(lay_out(ITEMS), INK_ON_DARK)
    root = ElementTree.fromstring(picture)
    texts = [element for element in root.iter() if element.tag.endswith("text")]
    said = [element.text for element in texts]
    assert {"conv1", "<last>", "first", "add", "weight · keeps x"} <= set(said)
    assert root.get("fill") == css(INK_ON_DARK)
    assert min(float(element.get("font-size")) for element in texts) >= 12


def test_the_figure_has_a_box_for_every_item():
    made = figure(lay_out(ITEMS), "A graph", "a test")
    assert {text.get_text() for text in made.axes[0].texts} >= {"first", "add", "weight · keeps x"}


def test_leaves_alone_are_no_graph():
    with pytest.raises(ValueError, match="nothing but leaves"):
        lay_out(ITEMS[:2])
