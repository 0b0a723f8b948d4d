"""Every page reached first by its own address, on a fresh server, works as from the menu."""

import pytest
from playwright.sync_api import Page, TimeoutError, expect

from pages.ui import site
from tests.browser.conftest import Server, no_exception, settled, visit

TITLES = {page.name: page.title for page in site.PAGES[1:]}


@pytest.mark.parametrize("path", list(TITLES))
def test_a_page_by_its_own_address_on_a_fresh_server(path: str, fresh_server: Server, page: Page) -> None:
    visit(page, f"{fresh_server.url}/{path}")
    expect(page.locator("h1").first).to_have_text(TITLES[path])
    no_exception(page)


def test_every_page_from_the_menu_fits_a_phone(shared_server: Server, page: Page) -> None:
    visit(page, shared_server.url)
    for title in TITLES.values():
        page.set_viewport_size({"width": 1280, "height": 720})
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        expect(page.locator("h1").first).to_have_text(title)
        settled(page)
        no_exception(page)
        page.set_viewport_size({"width": 390, "height": 844})
        # A chart takes a moment to follow the window; what stays wider than the screen is a defect.
        widths = "() => document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth"
        try:
            page.wait_for_function(widths, timeout=30_000)
        except TimeoutError:
            pytest.fail(f"{title} is wider than a phone")


def test_nonsense_in_a_link_leaves_the_address_and_nothing_else(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/builder?builder-seed=inf&builder-epochs=5&builder-batch=")
    no_exception(page)
    expect(page).to_have_url(f"{shared_server.url}/builder?builder-epochs=5")
    expect(page.get_by_label("Epochs")).to_have_value("5")
