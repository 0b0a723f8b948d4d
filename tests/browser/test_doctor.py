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


def test_a_program_is_read_whole_on_a_phone(shared_server: Server, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{shared_server.url}/doctor?doctor-predict=true")
    line = page.locator("[data-testid=stCode] code > span").filter(has_text="digits.x_train[:32]")
    expect(line).to_be_visible()
    text, frame = line.locator("> span").last.bounding_box(), page.get_by_test_id("stCode").bounding_box()
    assert text is not None
    assert frame is not None
    assert text["x"] + text["width"] <= frame["x"] + frame["width"]
    no_exception(page)
