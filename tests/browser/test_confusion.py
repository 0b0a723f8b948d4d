"""From a cell of the confusion matrix to its images, to one image, to its feature maps: by clicks and by keys."""

import re

from playwright.sync_api import Page, expect

from benchmarks import serving
from tests.browser.conftest import Server, no_exception, visit

INSIDE = re.compile(r"Test image \d+ through the layers")


def test_a_cell_leads_to_its_images_and_an_image_to_its_feature_maps(
    shared_server: Server, page: Page
) -> None:
    visit(page, f"{shared_server.url}/confusion")
    board = page.locator(".board")
    expect(board.locator(".cell").first).to_be_visible()
    wrong = board.locator(".cell:not(:empty)").filter(has_text=re.compile(r"^[1-9]\d*$"))
    expect(board.locator(".thumb")).to_have_count(24, timeout=120_000)  # of all classes
    name = wrong.nth(1).get_attribute("aria-label")
    found = re.match(r"(.+) read as (.+): (\d+) of", name or "")
    assert found is not None, name
    true, answer, count = found.groups()
    wrong.nth(1).click()
    expect(board.locator(".title")).to_have_text(
        f"{int(count):,} image{'' if count == '1' else 's'} of {true} read as {answer}"
    )
    expect(board.locator(".thumb")).to_have_count(min(24, int(count)))
    thumb = board.locator(".thumb").last
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    said = board.locator(".detail .number").inner_text()
    number = re.search(r"Test image (\d+)", said)
    assert number is not None, said
    expect(board.locator(".detail .bar").first).to_contain_text("%")
    link = page.get_by_role("link", name=f"Test image {number[1]} through the layers")
    expect(link).to_be_visible()
    expect(page).to_have_url(re.compile(rf"[?&]confusion-inside={number[1]}(&|$)"))
    link.click()
    expect(page.locator("h1").first).to_have_text("Feature maps")
    expect(page.locator(serving.SETTLED)).to_be_attached(timeout=120_000)  # the first page that needs torch
    expect(page).to_have_url(re.compile(rf"[?&]maps-image-number={number[1]}(&|$)"))
    no_exception(page)
    page.go_back()
    expect(page.locator("h1").first).to_have_text("Confusion matrix")
    expect(board.locator(".title")).to_contain_text(f"of {true} read as {answer}")
    expect(board.locator(".detail .number")).to_contain_text(f"Test image {number[1]}:")


def test_the_matrix_is_used_with_keys(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/confusion")
    board = page.locator(".board")
    expect(board.locator(".thumb")).to_have_count(24, timeout=120_000)
    first = board.locator(".cell").first
    first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):  # the right ones are as near as the wrong ones
        page.keyboard.press(key)
    expect(board.locator(".title")).to_have_text(re.compile(r"^[\d,]+ images of 1 read as 1$"))
    expect(board.locator(".turns .where")).to_have_text(re.compile(r"^1 of \d+$"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")  # a class's own name
    expect(board.locator(".title")).to_have_text(re.compile(r"^[\d,]+ images of 1$"))
    page.keyboard.press("Escape")
    expect(board.locator(".title")).to_have_text(re.compile(r"^10,000 test images$|^[\d,]+ test images$"))
    board.locator(".thumb").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(board.locator(".detail .number")).to_contain_text("Test image 1:")
    expect(page.get_by_role("link", name=INSIDE)).to_contain_text("Test image 1 ")
    no_exception(page)
