"""Inspect's table, which is a canvas: a click on a cell or on a row's mark chooses the layer, and the list marks it."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, no_exception, settled, visit

ROW = 35  # px


def click(page: Page, row: int, x: int) -> None:
    """Row 0 is the first layer."""
    place = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + x, place["y"] + (row + 1.5) * ROW)


def test_a_click_chooses_a_layer(page: Page, shared_server: Server) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    visit(page, f"{shared_server.url}/inspect")
    said = page.get_by_test_id("stMarkdown")
    expect(said.filter(has_text="conv1.weight: 288 parameters")).to_be_visible()
    click(page, 9, 120)  # a cell
    expect(said.filter(has_text="linear1.weight: 36,864 parameters")).to_be_visible()
    settled(page)
    click(page, 3, 16)  # a row's mark
    expect(said.filter(has_text="conv2.weight: 18,432 parameters")).to_be_visible()
    settled(page)
    click(page, 9, 120)  # the same cell again
    expect(said.filter(has_text="linear1.weight: 36,864 parameters")).to_be_visible()
    assert "inspect-layer=linear1" in page.url
    no_exception(page)


def test_a_graph_is_a_picture_that_scrolls_in_its_frame(page: Page, shared_server: Server) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{shared_server.url}/inspect?inspect-part=Dynamic+graph")
    picture = page.get_by_role("img", name="The graph of one forward pass: 14 operations, 10 parameters")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    no_exception(page)
