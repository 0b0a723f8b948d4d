"""Nothing that comes later moves what is there: Chromium's own layout shift of every page, opened by its link."""

from playwright.sync_api import Page

from benchmarks.changes import at_rest, watch
from pages.ui import site
from tests.browser.conftest import Server, visit

GOOD = 0.1  # what web.dev's Core Web Vitals count as good
LONGEST_MS = 4_000  # on Home the demonstration never rests


def test_every_page_keeps_its_place_while_it_loads(shared_server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    watch(page)
    shifted = {}
    for info in site.PAGES:
        visit(page, f"{shared_server.url}/{'' if info is site.PAGES[0] else info.name}")
        at_rest(page, LONGEST_MS)
        shift, why = page.evaluate("() => [seen.shift, seen.shifts]")
        if shift >= GOOD:
            shifted[info.name] = why
    assert not shifted
