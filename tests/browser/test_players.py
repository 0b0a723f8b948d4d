"""The player under a pointer, a finger and a clock."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, no_exception, settled, visit
from tests.support.laboratory import (
    Player,
    centre,
    changed,
    near,
    number,
    pixels,
    press,
    read_sum,
)

WEIGHTS = np.array([[0.1, -0.2, 0.3], [-0.4, 0.5, -0.6], [0.7, -0.8, 0.9]], np.float32)
SMALL = (
    "conv-exact=true&conv-image-dataset=Digits&conv-image-number=7&conv-image-size=16&conv-weights="
    + "%3B+".join("+".join(f"{weight:g}" for weight in row) for row in WEIGHTS)
)


def told(page: Page, row: int, column: int) -> None:
    """Wait until the link has the cell, and no answer of the server's draws the panels once more."""
    expect(page).to_have_url(re.compile(rf"[?&]conv-at={row}(,|%2C){column}(&|$)"))
    settled(page)


def test_pointing_shows_the_partners(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/convolution?{SMALL}")
    player = Player(page)
    image = player.digit(16)
    padded = np.pad(image, 1)
    around, single, result = (player.panel(name) for name in ("Input", "One cell", "Output"))
    press(page, player.stage, "End")
    player.at(15, 15, (16, 16))
    told(page, 15, 15)

    # An output cell: the input's window moves to it, and its arithmetic stands below.
    before = pixels(around), pixels(single)
    result.hover(position=centre(result, 8, 7, (16, 16)))
    value = float((padded[8:11, 7:10] * WEIGHTS).sum())
    expect(player.note).to_contain_text("Output row 8, column 7 = ")
    assert changed(around, before[0], (18, 18)) == (8, 7, 18, 18)  # from the new window to the last
    assert changed(single, before[1], (1, 1)) is not None
    shown = read_sum(player.sentence())
    assert near(shown.value, value)
    assert shown.total == shown.value

    # A pixel: the cells that read it, in the output.
    page.mouse.move(1, 1)
    expect(player.note).to_contain_text("Point at any cell")
    before = pixels(result)
    around.hover(position=centre(around, 9, 6, (18, 18)))
    expect(player.note).to_have_text(re.compile(r"^Pixel row 8, column 5 = [\d.]+: 9 windows read it\.$"))
    assert near(number(re.search(r"= ([\d.]+):", player.note.inner_text())[1]), image[8, 5])
    assert changed(result, before, (16, 16)) == (7, 4, 10, 7)
    around.hover(position=centre(around, 0, 0, (18, 18)))
    expect(player.note).to_have_text("Padding row −1, column −1 = 0.0000: one window reads it.")

    # A weight: the pixels that it meets.
    page.mouse.move(1, 1)
    press(page, player.stage, "Home", *["ArrowDown"] * 8, *["ArrowRight"] * 7)
    player.at(8, 7, (16, 16))
    told(page, 8, 7)
    before = pixels(around)
    single.hover(position={"x": 10, "y": 28})
    expect(player.note).to_contain_text("Each of the 256 windows uses this same weight")
    pixel, weight, product = map(
        number, re.match(r"(\S+) × (\S+) = (\S+)\. ", player.note.inner_text()).groups()
    )
    assert near(pixel, padded[8, 7])
    assert near(weight, WEIGHTS[0, 0])
    assert near(product, padded[8, 7] * WEIGHTS[0, 0])
    assert changed(around, before, (18, 18)) == (0, 0, 16, 16)


@pytest.mark.parametrize("path", ["convolution", "pooling"])
@pytest.mark.parametrize(
    ("width", "height", "text"), [(853, 480, 16), (1280, 720, 16), (1920, 1080, 20), (2560, 1440, 24)]
)
def test_the_whole_picture_and_its_controls_are_on_the_screen(
    path: str, width: int, height: int, text: int, shared_server: Server, page: Page
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    visit(page, f"{shared_server.url}/{path}?{path[:4]}-image-dataset=Digits")
    player = Player(page)
    expect(player.line).to_contain_text("Row ")
    expect(player.root).to_have_attribute(
        "data-numbers", "true"
    )  # of every cell of window, kernel and products
    seen = [
        *player.stage.locator("canvas:visible").all(),
        player.line,
        *player.root.get_by_role("button").all(),
    ]
    seen += [
        player.scrub,
        player.root.get_by_role("combobox"),
        page.get_by_role("switch", name="Predict first"),
    ]
    for element in seen:
        box = element.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height
    assert player.line.evaluate("line => parseFloat(getComputedStyle(line).fontSize)") >= text
    side = player.panel("Input").bounding_box()
    assert side is not None
    assert side["height"] > (0.28 if height < 500 else 0.38) * height
    no_exception(page)


def test_the_player_has_the_maps_of_all_filters_and_its_place_in_the_link(
    shared_server: Server, page: Page
) -> None:
    visit(page, f"{shared_server.url}/convolution?{SMALL}")
    player = Player(page)
    padded = np.pad(player.digit(16), 1)
    press(page, player.stage, "Home", *["ArrowDown"] * 8, *["ArrowRight"] * 7)
    player.at(8, 7, (16, 16))
    told(page, 8, 7)
    maps = player.root.get_by_role("radiogroup", name="Filter at work").get_by_role("radio")
    expect(maps).to_have_count(2)  # filter 0, and the way to another one
    maps.last.click()
    expect(page).to_have_url(re.compile(r"[?&]conv-filter=1(&|$)"))
    expect(maps).to_have_count(3)
    window = padded[8:11, 7:10]
    sobel_y = np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]], np.float32)
    for filter_, kernel in [(1, sobel_y), (0, WEIGHTS)]:
        maps.nth(filter_).click()
        expect(maps.nth(filter_)).to_have_attribute("aria-checked", "true")
        expect(player.line).to_contain_text(f"{window[0, 0]:.2f} × {kernel[0, 0]:g}".replace("-", "−"))
        assert near(read_sum(player.sentence()).value, float((window * kernel).sum()))
    expect(page).not_to_have_url(re.compile("conv-filter="))
    player.root.get_by_role("combobox").select_option("15")
    expect(page).to_have_url(re.compile(r"[?&]conv-speed=15(&|$)"))
    settled(page)
    visit(page, page.url)
    player.at(8, 7, (16, 16))
    expect(player.root.get_by_role("combobox")).to_have_value("15")
    expect(maps).to_have_count(3)


def test_pointing_at_one_pooling_points_at_all(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/pooling?pool-image-dataset=Digits&pool-image-number=7")
    player = Player(page)
    windows = player.digit().reshape(14, 2, 14, 2)
    average, largest = player.panel("Average"), player.panel("Max")
    press(page, player.stage, "Home")
    player.at(0, 0, (14, 14))
    before = pixels(largest)
    average.hover(position=centre(average, 9, 6, (14, 14)))
    expect(player.line).to_contain_text("Row 9, column 6: max(")
    expect(player.note).to_contain_text("Output row 9, column 6 = ")
    said = re.search(r" = ([\d.]+)\nOn the same window: average ([\d.]+), ", player.line.inner_text())
    assert near(number(said[1]), windows[9, :, 6].max())
    assert near(number(said[2]), windows[9, :, 6].mean())
    assert changed(largest, before, (14, 14)) == (
        0,
        0,
        10,
        7,
    )  # the frame went from the first cell to this one


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def test_a_finger_pins_and_scrubs(shared_server: Server, phone: Page) -> None:
    visit(phone, f"{shared_server.url}/convolution?{SMALL}")
    player = Player(phone)
    padded = np.pad(player.digit(16), 1)
    result, around = player.panel("Output"), player.panel("Input")
    expect(player.note).to_have_text("Tap a cell to see and pin its partners.")
    for panel, tapped in [(result, (8, 7)), (around, (6, 11))]:
        shape = (16, 16) if panel is result else (18, 18)
        row, column = (
            tapped if panel is result else (tapped[0] - 1, tapped[1] - 1)
        )  # a pixel: the window around it
        panel.tap(position=centre(panel, *tapped, shape))
        player.at(row, column, (16, 16), pinned=True)
        expect(player.note).to_contain_text("unpin")
        expect(phone).to_have_url(re.compile(rf"[?&]conv-cell={row}(,|%2C){column}(&|$)"))
        shown = read_sum(player.sentence())
        assert shown.total == shown.value
        assert near(shown.value, float((padded[row : row + 3, column : column + 3] * WEIGHTS).sum()))
    around.tap(position=centre(around, 6, 11, (18, 18)))
    player.at(5, 10, (16, 16))
    expect(phone).not_to_have_url(re.compile("conv-cell"))

    drag(phone, player, 0.1, 0.9)
    expect(player.where).to_have_text(re.compile(r"^Cell 2(0[5-9]|[1-4]\d|5[0-5]) of 256$"))  # 0.8 to 1
    phone.wait_for_function(
        "() => document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth"
        " && document.documentElement.scrollWidth <= window.innerWidth"
    )
    no_exception(phone)


def test_a_pin_that_comes_back_from_the_server_undoes_nothing(shared_server: Server, page: Page) -> None:
    visit(page, f"{shared_server.url}/convolution?{SMALL}")
    player = Player(page)
    press(page, player.stage, "Home", "ArrowRight", "Enter", "ArrowRight")
    expect(page).to_have_url(re.compile(r"[?&]conv-cell=0(,|%2C)1(&|$)"))
    settled(page)
    player.at(0, 2, (16, 16))
    page.keyboard.press("Enter")
    player.at(0, 2, (16, 16), pinned=True)
    expect(page).to_have_url(re.compile(r"[?&]conv-cell=0(,|%2C)2(&|$)"))


def drag(page: Page, player: Player, start: float, end: float) -> None:
    """A finger along the position slider, from one share of its width to another."""
    player.scrub.scroll_into_view_if_needed()
    box = player.scrub.bounding_box()
    touch = page.context.new_cdp_session(page)
    for kind, share in [
        ("touchStart", start),
        ("touchMove", (start + end) / 2),
        ("touchMove", end),
        ("touchEnd", None),
    ]:
        at = (
            []
            if share is None
            else [{"x": box["x"] + share * box["width"], "y": box["y"] + box["height"] / 2}]
        )
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})


@pytest.mark.parametrize(("motion", "a_second"), [("reduce", 2), ("no-preference", 60)])
def test_playing_keeps_to_the_motion_asked_for(
    motion: str, a_second: int, shared_server: Server, page: Page
) -> None:
    page.emulate_media(reduced_motion=motion)
    visit(page, f"{shared_server.url}/convolution?conv-image-dataset=Digits")
    player = Player(page)
    press(page, player.root.get_by_role("combobox", name="Speed in cells a second"), "6")
    expect(page).to_have_url(re.compile(r"[?&]conv-speed=60(&|$)"))
    settled(page)
    press(page, player.stage, "Home")
    player.at(0, 0, (28, 28))
    expect(page).not_to_have_url(
        re.compile(r"[?&]conv-at=0%2C1(&|$)")
    )  # the place is told; no answer comes later
    settled(page)
    page.clock.install()  # from here on time passes only when it is told to
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))

    def cell() -> int:
        return int(re.match(r"Cell (\d+) of 784", player.where.inner_text())[1])

    page.clock.run_for(3000)
    assert cell() == 1, "nothing moves unasked"
    page.keyboard.press("ArrowRight")
    page.clock.run_for(50)
    panel = player.panel("Input")
    before = pixels(panel)
    page.clock.run_for(400)
    glided = changed(panel, before, (30, 30)) is not None
    assert glided == (motion == "no-preference")

    page.keyboard.press("Space")
    expect(player.button("Pause")).to_be_visible()
    start = cell()
    page.clock.run_for(4000)
    assert abs(cell() - start - 4 * a_second) <= max(1, 0.1 * a_second)
    slowed = "Your system asks for reduced motion: 2 cells a second at most."
    expect(player.note).to_have_text(slowed if motion == "reduce" else "")
    page.keyboard.press("Space")
    expect(player.button("Play")).to_be_visible()
    page.clock.run_for(50)
    paused = cell()
    page.clock.run_for(3000)
    assert cell() == paused
