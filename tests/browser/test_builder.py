"""The Builder in a browser: a phone that edits in place, lists that close, links that give what was seen."""

import re
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, Page, expect

from pages.train.builder.keys import Key
from tests.browser.conftest import Server, settled, visit

LINE = "conv8-relu-pool2-flatten-linear64_i512-relu-linear10"
DEEP = "-".join(["conv8_psame", "bn", "relu"] * 6 + ["flatten", "linear10"])

# Both curves end above this height and are not small; they follow the window a moment later.
IN_VIEW = """(lowest) => {
  const boxes = [...document.querySelectorAll("[data-testid=stVegaLiteChart]")].map((e) => e.getBoundingClientRect());
  return boxes.length === 2 && boxes.every(({ bottom, height }) => bottom <= lowest && height >= 150);
}"""


def cards(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Layers of the network").get_by_role("button")


def test_on_a_phone_the_layer_that_is_tapped_is_edited_below_the_strip(
    shared_server: Server, browser: Browser
) -> None:
    with browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ) as context:
        page = context.new_page()
        visit(page, f"{shared_server.url}/builder")
        main = page.get_by_test_id("stMain")
        expect(main.get_by_text("Tap a layer to change it.")).to_be_visible()
        cards(page).nth(2).tap()  # pool1
        stride = main.get_by_label("Stride")
        expect(stride).to_be_visible()
        strip, field = cards(page).nth(2).bounding_box(), stride.bounding_box()
        assert strip is not None
        assert field is not None
        assert field["y"] > strip["y"] + strip["height"]
        stride.fill("1")
        stride.press("Enter")
        expect(page).to_have_url(re.compile("pool2_s1"))
        expect(cards(page).nth(2)).to_contain_text("32×25×25")


def test_a_list_closes_when_something_was_chosen_from_it(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/builder")
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("button", name="LeNet-5").click()
    expect(page).to_have_url(re.compile("conv6_k5_p2"))
    expect(page.get_by_role("button", name="LeNet-5")).to_be_hidden()


def test_a_link_gives_the_layer_the_open_parts_and_the_framework(shared_server: Server, page: Page) -> None:
    said = {"builder-layer": 4, "builder-export": "true", "builder-code": "Keras", "builder-net": LINE}
    visit(page, f"{shared_server.url}/builder?{urlencode(said)}")
    expect(cards(page).nth(4)).to_have_attribute("aria-pressed", "true")
    message = "mat1 and mat2 shapes cannot be multiplied (1x1352 and 512x64)"
    expect(page.get_by_text(message)).to_be_visible()
    page.get_by_role("button", name="Set in_features to 1352").click()
    expect(page.get_by_text(message)).to_have_count(0)
    expect(page.get_by_text("layers.Dense(64)")).to_be_visible()


def test_few_keys_lead_from_the_top_to_train(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/builder?builder-net={DEEP}")
    expect(page.get_by_test_id("stMain").get_by_role("button", name="Train")).to_be_visible()
    expect(cards(page).first).to_be_visible()
    expect(page.get_by_label("Epochs")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # past the sidebar
    stops: list[str] = []
    while len(stops) < 30 and not (stops and stops[-1].endswith("Train")):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''")
        )
    assert len(stops) <= 15, stops


def test_the_curves_are_in_view_while_a_deep_network_trains(server: Server, page: Page) -> None:
    said = {"builder-net": DEEP, "builder-epochs": 50, "builder-limit": "2,000 images"}
    visit(page, f"{server.url}/builder?{urlencode(said)}")
    page.get_by_test_id("stMain").get_by_role("button", name="Train").click()
    curves = page.get_by_test_id("stVegaLiteChart")
    expect(curves).to_have_count(2, timeout=120_000)
    for width, height in ((1280, 720), (853, 480)):
        page.set_viewport_size({"width": width, "height": height})
        page.get_by_test_id("stMain").evaluate("element => element.scrollTo(0, 0)")
        page.wait_for_function(IN_VIEW, arg=height + 12)
    page.locator(f".st-key-{Key.RATES}").get_by_role("button").click()
    field = page.get_by_label("New learning rate")
    field.fill("0.02")
    field.press("Enter")
    settled(page)
    page.get_by_role("button", name="Use it from the next batch on").click()
    expect(field).to_be_hidden()
    expect(page.get_by_text("learning rate 0.02")).to_be_visible()
    page.get_by_role("button", name="Stop", exact=True).last.click()
