"""The reader: its pure parts against hand and Python, and on Home, with a real server, what a visitor meets."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pages.ui.words import probability
from tests.browser.conftest import Server, no_exception, settled, visit
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
        probability(s) for s in shares
    ]


# --- on Home


def headline(page: Page) -> Locator:
    return page.locator(".reader .headline")


def draw(page: Page, *points: tuple[float, float]) -> None:
    """One stroke through points of the square, as shares of its side."""
    box = page.locator(".reader .square canvas").bounding_box()
    assert box is not None
    for number, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def test_home_draws_and_reads_by_itself_until_the_visitor_takes_the_pen(
    page: Page, shared_server: Server
) -> None:
    page.emulate_media(reduced_motion="no-preference")
    visit(page, shared_server.url)
    expect(headline(page)).to_contain_text("It reads 4")
    expect(page.locator(".reader .hint")).to_have_css("opacity", "1")
    draw(page, (0.3, 0.2), (0.7, 0.2), (0.45, 0.85))
    expect(headline(page)).to_contain_text("It reads 7")
    expect(page.locator(".reader .hint")).to_have_css("opacity", "0")
    rows = page.locator(".reader .row")
    expect(rows).to_have_text(
        [
            "conv1, relu132×26×26",
            "pool132×13×13",
            "conv2, relu264×11×11",
            "pool264×5×5",
            "conv3, relu364×3×3",
            "linear1, relu464",
        ]
    )
    expect(page.locator(".reader .waiting")).to_have_count(0)
    settled(page)
    page.get_by_test_id("stSidebarNav").get_by_text("Draw", exact=True).click()
    expect(page.get_by_role("heading", name="Draw")).to_be_visible()
    expect(page.get_by_text("The network reads 7").first).to_be_visible()
    page.go_back()
    expect(headline(page)).to_contain_text("It reads 7")  # and nothing draws over it
    page.get_by_role("button", name="Clear").click()
    expect(headline(page)).to_have_text("It reads …")
    page.get_by_role("button", name="Watch again").click()
    expect(headline(page)).to_contain_text("It reads 8")
    no_exception(page)


def test_where_motion_is_not_wanted_a_digit_stands_still_and_is_read(
    page: Page, shared_server: Server
) -> None:
    visit(page, shared_server.url)
    expect(headline(page)).to_contain_text("It reads 8")
    before = page.locator(".reader .square").screenshot()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.locator(".reader .square").screenshot() == before


def test_where_the_network_cannot_be_had_the_reader_says_so(page: Page, shared_server: Server) -> None:
    page.route("**/weights/**", lambda route: route.abort())
    visit(page, shared_server.url)
    expect(page.locator(".reader .notice")).to_contain_text("This browser cannot compute the network.")
    expect(page.get_by_text("Slide a kernel over an image")).to_be_visible()
    no_exception(page)


def test_all_of_a_card_is_its_link_and_one_tab_leads_to_it(page: Page, shared_server: Server) -> None:
    visit(page, shared_server.url)
    card = page.locator(".st-key-home-card-pooling")
    card.scroll_into_view_if_needed()
    expect(card.locator("img").first).to_be_visible()
    stops = card.locator("a, button, [tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".st-key-home-card-activations a")).to_be_focused()
    card.locator("img").first.click(force=True)  # the link lies over it
    expect(page.get_by_role("heading", name="Pooling")).to_be_visible()
    no_exception(page)
