"""The Doctor in a browser: a broken program, its error, and the repair by keys."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, no_exception, settled, visit


def test_a_program_breaks_and_is_repaired_by_keys(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/doctor")
    message = page.get_by_test_id("stMain").get_by_text("mat1 and mat2 shapes cannot be multiplied").first
    expect(message).to_be_visible()
    field = page.get_by_test_id("stNumberInputField").first
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("1568")
    page.keyboard.press("Enter")
    settled(page)
    expect(page.get_by_text("It runs.")).to_be_visible()
    expect(message).to_be_hidden()
    no_exception(page)
