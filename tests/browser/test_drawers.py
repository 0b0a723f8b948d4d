"""Controls in a popover: there on the server while it is closed, in the browser while it is open."""

import re

from playwright.sync_api import Locator, Page, expect

from benchmarks.changes import at_rest, watch
from tests.browser.conftest import Server, no_exception, settled, visit
from tests.support.laboratory import Player, choose

BIAS = "Bias"


def opened(page: Page, name: str) -> Locator:
    """Open a popover by its button; what is in it."""
    page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True).click()
    inside = page.get_by_test_id("stPopoverBody")
    expect(inside).to_be_visible()
    at_rest(page)
    return inside


def close(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)
    at_rest(page)


def test_what_is_set_in_a_popover_stays_when_it_closes(shared_server: Server, page: Page) -> None:
    watch(page)
    visit(page, f"{shared_server.url}/convolution?conv-image-dataset=Digits&conv-dilation=2")
    player = Player(page)
    inside = opened(page, "More")
    expect(inside.get_by_role("combobox", name="Dilation")).to_have_value("2")  # the link's, in a new widget
    inside.get_by_label(BIAS, exact=True).fill("1.5")
    inside.get_by_label(BIAS, exact=True).press("Enter")
    expect(page).to_have_url(re.compile("conv-bias=1.5"))
    close(page)
    choose(page, "Stride", "2", "conv-stride")
    expect(page).to_have_url(re.compile("conv-stride=2"))
    settled(page)
    for kept in ("conv-bias=1.5", "conv-dilation=2"):
        expect(page).to_have_url(re.compile(kept))
    expect(player.line).to_contain_text("1.5 (bias)")

    page.get_by_role("link", name="Pooling").first.click()
    expect(page.locator("h1").first).to_have_text("Pooling")
    settled(page)
    page.go_back()
    expect(page.locator("h1").first).to_have_text("Convolution")
    settled(page)
    for _ in range(2):  # after Back, then after a reload
        for kept in ("conv-bias=1.5", "conv-dilation=2", "conv-stride=2"):
            expect(page).to_have_url(re.compile(kept))
        inside = opened(page, "More")
        expect(inside.get_by_label(BIAS, exact=True)).to_have_value("1.50")
        expect(inside.get_by_role("combobox", name="Dilation")).to_have_value("2")
        close(page)
        page.reload()
        expect(page.locator("h1").first).to_be_visible()
        settled(page)
    no_exception(page)


def test_a_page_s_button_sets_what_is_in_a_closed_popover(shared_server: Server, page: Page) -> None:
    """And the browser, which had another value before, takes the new one."""
    watch(page)
    visit(page, f"{shared_server.url}/convolution?conv-part=Common+mistakes")
    opened(page, "Image")
    choose(page, "Input", "matrix", "conv-source")
    close(page)
    page.get_by_role("button", name="Show a filter on three channels").click()
    expect(page).to_have_url(re.compile("conv-channels=RGB(&|$)"))
    expect(page).not_to_have_url(re.compile("conv-source"))
    at_rest(page)
    choose(page, "Stride", "2", "conv-stride")
    expect(page).to_have_url(re.compile("conv-channels=RGB(&|$)"))
    expect(page).not_to_have_url(re.compile("conv-source"))
    inside = opened(page, "Image")
    expect(inside.get_by_role("combobox", name="Input")).to_have_value("picture")
    expect(inside.get_by_role("combobox", name="Channels")).to_have_value("RGB")
    close(page)
    no_exception(page)


def test_a_table_that_comes_up_again_has_what_was_typed(shared_server: Server, page: Page) -> None:
    watch(page)
    visit(page, f"{shared_server.url}/convolution?conv-kernel=Identity")
    for row, number in enumerate(("7", "8")):  # into a table that is a new one each time
        table = opened(page, "Weights").get_by_test_id("stDataFrame")
        box = table.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 30, box["y"] + 52 + 35 * row)
        expect(table.locator("[role=gridcell][aria-selected=true]")).to_have_count(1)
        page.keyboard.type(number)
        expect(page.locator("#portal input")).to_have_value(number)
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"conv-weights=[^&]*{number}"))
        at_rest(page)
        close(page)
    expect(page).to_have_url(re.compile(r"conv-weights=7(\+|%20)0(\+|%20)0%3B(\+|%20)8(\+|%20)1"))
    no_exception(page)
