"""The reader: its pure parts against hand and Python, and on Home, with a real server, what a visitor meets."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from pages.ui.words import percent
from tests.browser.test_javascript import Modules

READER = "ui/components/reader"


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Modules]:
    """All modules, in one page for all tests: they are pure."""
    page = browser.new_page()
    yield Modules(page)
    page.close()


def test_the_readers_rows_are_its_layers_with_what_finishes_them(js: Modules) -> None:
    kinds = ["Conv2d", "BatchNorm", "ReLU", "MaxPool2d", "ReLU", "Flatten", "ReLU", "Linear"]
    layers = [{"type": kind, "name": f"l{at}", "outputShape": [8, 4, 4]} for at, kind in enumerate(kinds)]
    (rows,) = js.each(f"{READER}/rows", "rowsOf", [({"layers": layers},)])
    assert [(row["title"], row["at"]) for row in rows] == [("l0, l1, l2", 2), ("l3, l4", 4), ("l6", 6)]


def test_the_readers_rows_fit_their_height_and_their_width(js: Modules) -> None:
    rows = [{"title": "", "at": at, "shape": [32, side, side]} for at, side in enumerate((26, 13, 11, 5, 3))]
    (heights,) = js.each(f"{READER}/rows", "heightsOf", [(rows, 400)])
    assert sum(heights) <= 400
    assert heights == sorted(heights, reverse=True)
    assert heights[-1] >= 34
    few, all_ = js.each(f"{READER}/rows", "chosen", [(rows, 110), (rows, 400)])
    assert [row["at"] for row in few] == [0, 2, 4]
    assert all_ == rows
    for shape, width, height in [
        ([32, 26, 26], 200, 90),
        ([4, 13, 13], 500, 40),
        ([576], 300, 40),
        ([64], 300, 40),
    ]:
        (place,) = js.each(f"{READER}/rows", "placed", [(shape, width, height)])
        across, size, gap, count = (place[name] for name in ("across", "size", "gap", "count"))
        assert across * (size + gap) - gap <= width
        assert -(-count // across) * (size + gap) <= height
        assert 0 < count <= shape[0]


def test_a_pen_that_draws_by_itself_lifts_between_strokes_and_rests(js: Modules) -> None:
    drawing = [{"kind": "pen", "width": 20, "points": [0] * 2 * count} for count in (60, 30)]
    seconds = [0, 0.51, 1.1, 1.51, 1.9, 3.4, 3.7]
    seen = js.each(f"{READER}/demonstration", "drawnAt", [(drawing, second) for second in seconds])
    counts = [[len(stroke["points"]) // 2 for stroke in moment["strokes"]] for moment in seen]
    assert counts == [[], [30], [60], [60, 12], [60, 30], [60, 30], [60, 30]]
    assert [moment["down"] for moment in seen] == [0, 0, 1, 1, 2, 2, 2]
    assert [moment["over"] for moment in seen] == [False] * 6 + [True]


def test_a_probability_is_spelled_as_python_spells_it(js: Modules) -> None:
    shares = [0.0, 0.0004, 0.1234, 0.9989, 0.99949, 0.9995, 0.99999, 1.0]
    assert js.each(f"{READER}/bars", "percent", [(share,) for share in shares]) == [
        percent(s) for s in shares
    ]
