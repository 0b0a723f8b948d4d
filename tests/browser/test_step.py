"""One training step in a browser: by mouse and by keys through its sub-steps, back, ten and a hundred on."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, no_exception, settled, visit

LINK = "step?builder-net=conv4-relu-pool2-flatten-linear10&builder-dataset=Digits"


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def test_a_training_is_walked_by_mouse_and_keys_and_its_sum_adds_up(
    shared_server: Server, page: Page
) -> None:
    visit(page, f"{shared_server.url}/{LINK}")
    counted = page.get_by_test_id("stMarkdown").filter(has_text=re.compile(r"^Step \d+ · epoch"))
    expect(counted).to_contain_text("Step 1 · epoch 1, batch 1 of 4")
    ahead = page.get_by_role("button", name="Next")
    ahead.click()
    expect(page.get_by_text("The loss of the batch")).to_be_visible()
    settled(page)
    ahead.focus()
    page.keyboard.press("Enter")
    said = page.get_by_test_id("stMarkdown").filter(has_text="PyTorch's autograd says")
    expect(said).to_be_visible()
    settled(page)
    # The tiles say the sum of the image that is shown; the formula has a share for each, and autograd the whole.
    total = number(said.locator("strong").last.inner_text())
    formula = said.locator("annotation").first.text_content() or ""
    shares = [float(one) for one in re.findall(r"-?\d+\.\d+(?:e-?\d+)?", formula.split(" = ")[1])]
    assert len(shares) == 4
    assert abs(sum(shares) - total) < 1e-3
    expect(page.get_by_text("click to follow that weight").first).to_be_visible()
    settled(page)
    ahead.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Loss on the same batch")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="+10", exact=True).click()
    expect(counted).to_contain_text("Step 11 · epoch 3, batch 3 of 4")
    page.get_by_role("button", name="+100", exact=True).click()
    expect(counted).to_contain_text("Step 111 ·")
    settled(page)
    no_exception(page)


def test_play_is_stopped_by_the_key_that_started_it(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/{LINK}")
    play = page.locator(".st-key-step-play button:visible")
    play.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The loss of the batch")).to_be_visible()
    page.keyboard.press("Enter")  # it has kept the focus
    expect(play).to_contain_text("play_arrow")
    settled(page)
    no_exception(page)
