"""Nothing that comes later moves what is there: Chromium's own layout shift of every page, opened by its link."""

from playwright.sync_api import Page, expect

from benchmarks.changes import all_there, watch
from pages.ui import site
from tests.browser.conftest import Server, visit

GOOD = 0.1  # what web.dev's Core Web Vitals count as good
LONGEST_MS = 6_000  # on Home the demonstration never rests, on the Builder no picture is drawn


def test_every_page_keeps_its_place_while_it_loads(shared_server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    watch(page)
    shifted = {}
    for info in site.PAGES:
        visit(page, f"{shared_server.url}/{'' if info is site.PAGES[0] else info.name}")
        all_there(page, LONGEST_MS)
        shift, why = page.evaluate("() => [seen.shift, seen.shifts]")
        if shift >= GOOD:
            shifted[info.name] = why
    assert not shifted


def test_a_chart_is_as_high_as_was_said_before_it_came(shared_server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    visit(page, f"{shared_server.url}/activations")
    expect(page.locator("svg.marks").first).to_be_visible()
    box = page.locator(".st-key-act-curve-chart").bounding_box()
    assert box is not None
    assert round(box["height"]) == 310
