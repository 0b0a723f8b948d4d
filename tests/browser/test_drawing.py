"""Drawing as a class does it, too fast and with fingers: no stroke is lost, one history, nothing moves."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server, no_exception, settled, visit

Place = tuple[float, float]  # in the paper's 280 units
# Whether each place of the paper is as bright as is wanted; a page's paper lies in a component's shadow.
SEEN = """([places, wanted]) => {
  const all = (root) =>
    [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  const canvas = all(document).find((e) => e.matches("canvas[role=application]"));
  const ink = ([x, y]) =>
    canvas.getContext("2d").getImageData(x * canvas.width / 280, y * canvas.width / 280, 1, 1).data[0] > 128;
  return Boolean(canvas) && places.every((place, at) => ink(place) === wanted[at]);
}"""
# Boxes of buttons and paper at each frame, until they are asked for.
WATCH = """(root) => {
  const boxes = () => JSON.stringify([...root.querySelectorAll("button, canvas[role=application]")].map((e) => {
    const { x, y, width, height } = e.getBoundingClientRect();
    return [x, y, width, height];
  }));
  window.seenBoxes = new Set();
  const look = () => { window.seenBoxes.add(boxes()); window.looking = requestAnimationFrame(look); };
  look();
}"""
DOWN, ACROSS = [(70, 60), (70, 220)], [(110, 60), (230, 60)]
WITH_TORCH = 120_000  # ms; a server imports it for its first answer
ON_DOWN, ON_ACROSS = (70, 140), (170, 60)


def paper(page: Page) -> Locator:
    return page.locator("canvas[role=application]")


def has_ink(page: Page, *wanted: tuple[Place, bool]) -> None:
    """Wait until there is ink, or none, at each of the places: a frame or an answer of the server's may still come."""
    page.wait_for_function(SEEN, arg=[[list(place) for place, _ in wanted], [ink for _, ink in wanted]])


def on_screen(page: Page, place: Place) -> Place:
    box = paper(page).bounding_box()
    assert box is not None
    return box["x"] + place[0] * box["width"] / 280, box["y"] + place[1] * box["height"] / 280


def draw(page: Page, places: Sequence[Place]) -> None:
    first, *others = (on_screen(page, place) for place in places)
    page.mouse.move(*first)
    page.mouse.down()
    for place in others:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def open_draw(page: Page, server: Server) -> None:
    """The page as soon as one can draw: a server's first visitor need not wait for torch to do so."""
    page.goto(f"{server.url}/draw")
    expect(paper(page)).to_be_visible()


def test_one_history_in_which_every_stroke_is_a_step_and_nothing_moves(
    shared_server: Server, page: Page
) -> None:
    """Faults D2, D3, D7."""
    open_draw(page, shared_server)
    toolbar = page.get_by_role("toolbar", name="Drawing tools")
    toolbar.locator("xpath=..").evaluate(WATCH)
    draw(page, DOWN)
    draw(page, ACROSS)
    button(page, "Undo").click()
    has_ink(page, (ON_DOWN, True), (ON_ACROSS, False))
    button(page, "Redo").click()
    has_ink(page, (ON_DOWN, True), (ON_ACROSS, True))
    button(page, "Clear").click()
    has_ink(page, (ON_DOWN, False), (ON_ACROSS, False))
    button(page, "Undo").click()
    has_ink(page, (ON_DOWN, True), (ON_ACROSS, True))
    button(page, "Eraser").click()
    draw(page, [(40, 140), (100, 140)])
    has_ink(page, (ON_DOWN, False), ((70, 90), True), (ON_ACROSS, True))
    page.keyboard.press("Control+z")  # the paper has the focus
    has_ink(page, (ON_DOWN, True))
    expect(page.get_by_text("The network reads").first).to_be_visible(timeout=WITH_TORCH)
    settled(page)
    boxes = page.evaluate("() => { cancelAnimationFrame(window.looking); return [...window.seenBoxes]; }")
    assert len(boxes) == 1, boxes

    button(page, "Clear").click()
    button(page, "Pen").click()
    paper(page).focus()
    for key in ["ArrowUp"] * 6 + ["Space"] + ["ArrowDown"] * 12 + ["Space"]:
        page.keyboard.press(key)
    has_ink(page, ((145, 90), True), ((145, 200), True), ((100, 140), False))
    expect(page.get_by_text("The network reads 1").first).to_be_visible()
    no_exception(page)


def drag(page: Page, *places: Place) -> None:
    """A finger from the first place to the last."""
    finger = page.context.new_cdp_session(page)
    for kind, place in zip(["touchStart", *["touchMove"] * (len(places) - 1)], places):
        x, y = on_screen(page, place)
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("corner", [(259, 13), (241, 13), (200, 6)])
def test_the_upper_right_corner_is_paper_like_the_rest(
    corner: Place, shared_server: Server, browser: Browser
) -> None:
    """Faults D1: a toolbar lay there that nobody saw, and a tap on it wiped the drawing."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_draw(page, shared_server)
    draw(page, DOWN)
    page.touchscreen.tap(*on_screen(page, corner))
    has_ink(page, (ON_DOWN, True), (corner, True))
    end = (corner[0] - 60, corner[1] + 150)
    between = (corner[0] - 30, corner[1] + 75)
    scrolled = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop")
    drag(page, corner, between, end)
    has_ink(page, (ON_DOWN, True), (between, True), (end, True))
    assert page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == scrolled
    context.close()


def test_a_stroke_right_before_the_page_is_left_is_there_on_return(
    shared_server: Server, page: Page, browser: Browser
) -> None:
    """Faults D4 and walk b7: on every page, on return, after a reload; and nowhere else."""
    open_draw(page, shared_server)
    menu = page.get_by_test_id("stSidebarNav")
    draw(page, DOWN)
    draw(page, ACROSS)
    menu.get_by_role("link", name="Feature maps").evaluate("link => link.click()")
    expect(page.get_by_role("heading", name="Feature maps")).to_be_visible()
    settled(page)
    menu.get_by_role("link", name="Draw", exact=True).click()
    expect(paper(page)).to_be_visible()
    settled(page)
    has_ink(page, (ON_DOWN, True), (ON_ACROSS, True))

    page.reload()
    expect(paper(page)).to_be_visible()
    expect(page.get_by_text("The network reads").first).to_be_visible()
    has_ink(page, (ON_DOWN, True), (ON_ACROSS, True))
    page.get_by_role("link", name="This drawing through the layers").click()
    expect(page.get_by_text("Input · Your drawing")).to_be_visible()
    button(page, "Image").click()
    expect(paper(page)).to_be_visible()
    has_ink(page, (ON_DOWN, True), (ON_ACROSS, True))

    stranger = browser.new_page()
    visit(stranger, page.url)
    expect(stranger.get_by_text("(nothing is drawn in this browser yet)").first).to_be_visible()
    button(stranger, "Image").click()
    expect(paper(stranger)).to_be_visible()
    has_ink(stranger, (ON_DOWN, False), (ON_ACROSS, False))
    stranger.close()
    no_exception(page)
