"""The network map: its pure parts by values; in Chromium from a probability to a pixel, by clicks and by keys alone."""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect

from cnn_core.data import datasets, images
from cnn_core.data.strokes import strokes_from
from cnn_core.inside.forward import forward_all, probabilities
from cnn_core.networks.layers import Linear
from cnn_core.networks.presets import PRESETS
from tests.browser.conftest import Server, no_exception, settled, visit
from tests.browser.test_javascript import Modules
from tests.support.trained_models import SMALL, write_model

MAP = "inside/network/network_map"
PAD = "ui/components/pad"
SHAPES = [[1, 28, 28], [32, 26, 26], [64, 11, 11], [576], [10], [10]]
NAMES = [40.0] * 6
# Whether the map has answered so often.
ANSWERED = """(times) => [...document.querySelectorAll('.st-key-map-map *')].some((e) =>
  Number(e.shadowRoot?.querySelector('.network-map').dataset.answers) > times)"""
NETWORKS = {"small": SMALL, "tiny": (*PRESETS["tiny-vgg"].hidden, Linear(10))}


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Modules]:
    """All modules, in one page for all tests: they are pure."""
    page = browser.new_page()
    yield Modules(page)
    page.close()


def plan_of(js: Modules, width: int, height: int = 500, ratio: int = 1) -> dict[str, Any]:
    room = {"width": width, "height": height}
    plan: dict[str, Any] = js(f"{MAP}/layout", "planOf", SHAPES, NAMES, room, 140, ratio, 60)
    return plan


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("width", [340, 760, 1500])
def test_every_unit_is_found_where_it_is_drawn(js: Modules, width: int, ratio: int) -> None:
    plan = plan_of(js, width, ratio=ratio)
    columns = plan["columns"]
    firsts = [min(3, column["count"] - column["shown"]) for column in columns]
    scrolled = max(0, plan["width"] - plan["view"]) / 2
    for at, column in enumerate(columns):
        assert column["shown"] <= column["count"]
        if not js(f"{MAP}/layout", "isSeen", plan, at, scrolled):
            continue
        for line in {0, column["shown"] // 2, column["shown"] - 1}:
            unit = firsts[at] + line
            rect = js(f"{MAP}/layout", "rectOf", plan, at, unit, firsts[at], scrolled)
            assert rect["y"] >= 60
            assert rect["y"] + rect["h"] <= 500
            x = rect["x"] + 0.5
            if column["kind"] != "bars" and not 0 <= x <= plan["view"]:
                continue
            found = js(f"{MAP}/layout", "hitAt", plan, firsts, scrolled, x, rect["y"] + rect["h"] / 2)
            assert (found["at"], found["unit"]) == (at, unit)
        hidden = js(f"{MAP}/layout", "rectOf", plan, at, firsts[at] + column["shown"], firsts[at], scrolled)
        assert hidden is None


def test_maps_are_enlarged_by_whole_factors_and_as_large_as_all_fit(js: Modules) -> None:
    wide, narrow = plan_of(js, 1500), plan_of(js, 380)
    assert wide["width"] <= wide["view"]
    assert narrow["width"] > narrow["view"]  # they scroll
    for plan in (wide, narrow):
        for column, shape in zip(plan["columns"], SHAPES):
            if column["kind"] == "maps":
                assert column["side"] % shape[2] == 0
    kinds = [column["kind"] for column in wide["columns"]]
    assert kinds == ["maps", "maps", "maps", "strip", "strip", "bars"]
    assert [column["shown"] for column in wide["columns"][3:]] == [576, 10, 10]


def test_a_column_shows_what_is_asked_for(js: Modules) -> None:
    column = {"shown": 8, "count": 32}
    calls = [(column, 0, 5), (column, 0, 8), (column, 20, 3), (column, 0, 31)]
    assert js.each(f"{MAP}/layout", "firstFor", calls) == [0, 1, 3, 24]


def test_where_there_is_no_room_what_finishes_a_layer_stands_with_it(js: Modules) -> None:
    kinds = ["Conv2d", "BatchNorm", "ReLU", "MaxPool2d", "Dropout", "Flatten", "Linear", "ReLU", "Softmax"]
    names = ["input", "conv1", "bn1", "relu1", "pool1", "dropout1", "flatten1", "linear1", "relu2", "p"]
    model = {"layers": [{"type": kind} for kind in kinds], "names": names, "sizes": [""] * 10}
    (every,) = js.each(f"{MAP}/columns", "everyLayer", [(model,)])
    (blocks,) = js.each(f"{MAP}/columns", "inBlocks", [(model,)])
    assert [one["name"] for one in every] == names
    assert [(one["name"], one["also"], one["first"], one["layer"]) for one in blocks] == [
        ("input", "", -1, -1),
        ("conv1", "bn, relu", 0, 2),
        ("pool1", "", 3, 4),
        ("flatten1", "", 5, 5),
        ("linear1", "relu", 6, 7),
        ("p", "", 8, 8),
    ]


def test_a_place_is_written_in_the_link_and_read_again(js: Modules) -> None:
    layers = [{"name": "conv1", "outputShape": [4, 5, 6]}, {"name": "linear1", "outputShape": [3]}]

    def read(text: str) -> Any:
        return js(f"{MAP}/navigation", "parsed", text, layers, [1, 9, 9])

    cell = {"layer": 0, "unit": 3, "row": 4, "column": 5}
    assert read("conv1.3.4.5") == cell
    assert js(f"{MAP}/navigation", "textOf", cell, layers) == "conv1.3.4.5"
    assert read("conv1.3") == {"layer": 0, "unit": 3, "row": None, "column": None}
    assert read("linear1.2") == {"layer": 1, "unit": 2, "row": 0, "column": 0}  # its only cell
    assert read("input.0.8.8") == {"layer": -1, "unit": 0, "row": 8, "column": 8}
    for wrong in ("conv1.4", "conv1.0.5.0", "conv1", "conv2.0", "conv1.0.1", "conv1.-1", "", "input.1.0.0"):
        assert read(wrong) is None
    way = js(f"{MAP}/navigation", "onwards", [cell], read("input.0.1.1"))
    assert js(f"{MAP}/navigation", "onwards", way, cell) == [cell]


def test_a_cell_sees_as_much_of_the_input_as_its_windows_say(js: Modules) -> None:
    window = {"kernel_size": 3, "stride": 1, "padding": 0}
    pool = {"kernel_size": 2, "stride": None, "padding": 0}
    layers = [
        {"type": "Conv2d", "settings": window, "inputShape": [1, 28, 28], "outputShape": [2, 26, 26]},
        {"type": "ReLU", "settings": {}, "inputShape": [2, 26, 26], "outputShape": [2, 26, 26]},
        {"type": "MaxPool2d", "settings": pool, "inputShape": [2, 26, 26], "outputShape": [2, 13, 13]},
        {"type": "Flatten", "settings": {}, "inputShape": [2, 13, 13], "outputShape": [338]},
        {"type": "Linear", "settings": {}, "inputShape": [338], "outputShape": [10]},
    ]

    def seen(layer: int, unit: int, row: int = 0, column: int = 0) -> list[int]:
        stop = {"layer": layer, "unit": unit, "row": row, "column": column}
        box = js(f"{MAP}/reach", "receptiveField", layers, stop)
        return [box[side] for side in ("top", "bottom", "left", "right")]

    assert seen(-1, 0, 4, 6) == [4, 4, 6, 6]
    assert seen(0, 1, 4, 6) == [4, 6, 6, 8]
    assert seen(2, 1, 4, 6) == [8, 11, 12, 15]
    assert seen(3, 169 + 4 * 13 + 6) == [8, 11, 12, 15]  # the same cell, flattened
    assert seen(4, 0) == [0, 27, 0, 27]


def test_values_become_the_colours_of_their_scale(js: Modules) -> None:
    palette = {"background": (255, 255, 255), "positive": (0, 114, 178), "negative": (213, 94, 0)}
    found = js.page.evaluate(
        """async (palette) => {
          const { tableOf, coloured, folded, largestOf } = await import("/inside/network/network_map/painting.js");
          const pixels = new Uint32Array(6);
          const values = Float32Array.from([9, -2, 0, 2, 7, -9, NaN]);
          coloured(pixels, values, 1, 6, -2, 2, tableOf("signed", palette));
          const parts = [...new Uint8Array(pixels.buffer)];
          const strong = Float32Array.from([1, -5, 2, 3, 0, -1]);
          return { parts, folded: [...folded(strong, 3)], largest: largestOf(strong, 2, 6) };
        }""",
        palette,
    )
    colours = np.array(found["parts"]).reshape(6, 4)
    assert colours[:, 3].tolist() == [255] * 6
    assert colours[:, :3].tolist() == [
        [213, 94, 0],
        [255, 255, 255],
        [0, 114, 178],
        [0, 114, 178],
        [213, 94, 0],
        [192, 192, 192],
    ]
    assert (found["folded"], found["largest"]) == ([-5, 3, -1], 3)


def test_an_arrow_leads_to_the_nearest_in_its_direction(js: Modules) -> None:
    boxes = [{"x": x, "y": y, "width": 10, "height": 10} for x, y in [(0, 0), (20, 0), (0, 20), (90, 22)]]
    calls = [(boxes, 0, key) for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp")]
    assert js.each(f"{MAP}/elements", "nearest", calls) == [1, 2, 0, 0]


def test_a_drawing_is_moved_turned_and_scaled_as_a_whole(js: Modules) -> None:
    pen = {"kind": "pen", "width": 20, "points": [100, 100, 140, 100]}
    eraser = {"kind": "eraser", "width": 36, "points": [100, 180]}

    def changed(kind: str, across: float, down: float) -> Any:
        return js(f"{PAD}/changes", "changed", [pen, eraser], kind, [across, down], 280)

    assert [one["points"] for one in changed("move", 10, -5)] == [[110, 95, 150, 95], [110, 175]]
    # Around the middle of both, (120, 140): a quarter turn leads from its upper left to its upper right.
    turned = [one["points"] for one in changed("turn", 140, 0)]
    assert turned == [[160, 120, 160, 160], [80, 120]]
    large = changed("scale", 140, 0)
    assert [one["points"] for one in large] == [[80, 60, 160, 60], [80, 220]]
    assert [one["width"] for one in large] == [40, 72]
    assert [one["width"] for one in changed("thicken", 0, 140)] == [10, 36]
    assert changed("move", 500, 0) is None
    assert js(f"{PAD}/changes", "changed", [], "move", [1, 1], 280) is None


def test_a_drawing_that_was_moved_is_one_step_of_its_history(js: Modules) -> None:
    one, other = ({"kind": "pen", "width": 20, "points": [at, at]} for at in (1, 2))
    drawn = {"done": [one, other], "undone": []}
    moved = js(f"{PAD}/history", "replaced", drawn, [other, one])
    assert js(f"{PAD}/history", "onPaper", moved) == [other, one]
    again = js(f"{PAD}/history", "replaced", moved, [one, one])
    assert js(f"{PAD}/history", "onPaper", again) == [one, one]
    back = js(f"{PAD}/history", "undone", again)  # both changes are one step
    assert back["done"] == [one, other]
    assert js(f"{PAD}/history", "redone", back)["done"] == again["done"]
    more = js(f"{PAD}/history", "after", again, other)
    assert js(f"{PAD}/history", "undone", more)["done"] == again["done"]
    assert js(f"{PAD}/history", "undone", js(f"{PAD}/history", "undone", back))["done"] == []
    strokes_from(again["done"])  # Python takes it


# --- on the page


@pytest.fixture(scope="module", params=["small"])
def name(request: pytest.FixtureRequest, shared_server: Server) -> str:
    """A network of the server's own."""
    found: str = request.param
    write_model(shared_server.home, found, *NETWORKS[found])
    return found


@pytest.fixture(scope="module")
def truth(shared_server: Server, name: str) -> dict[str, np.ndarray]:
    """What torch says of every layer for the first test image, from the input on."""
    model = write_model(shared_server.home, name, *NETWORKS[name])
    image = images.fit(datasets.load("digits").x_test[0], (28, 28), 1)
    layers = {one.name: one.output[0] for one in forward_all(model, image[None])}
    return {"input": image, **layers, "probabilities": probabilities(model, image[None])[0]}


def open_image(page: Page, server: Server, name: str, more: str = "") -> None:
    visit(page, f"{server.url}/network?model=run:{name}&map-input=Image{more}")
    expect(page.locator(".network-map")).to_have_attribute("data-answers", re.compile(r"\d"))
    settled(page)


def heading(page: Page) -> Locator:
    return page.locator(".network-map h3")


def check(page: Page, layer: str, truth: dict[str, np.ndarray]) -> None:
    """The heading's value is torch's, and so is what the line of arithmetic ends in."""
    expect(heading(page)).to_contain_text(f"{layer}, ")
    name, _, said = heading(page).inner_text().rpartition(": ")
    values = truth[layer]
    places = [int(number) for number in re.findall(r"\d+", name.removeprefix(layer))]
    cell = places if layer != "input" else [0, *places]
    expected = float(values[tuple(cell)] if values.ndim == 3 else values[cell[0]])
    if layer == "probabilities":
        assert said == f"{100 * expected:.1f}\u00a0%"
        return
    assert float(said.replace("−", "-")) == pytest.approx(expected, rel=1e-3, abs=1e-6)
    if layer in ("input", "flatten1"):
        return
    line = page.locator(".network-map .line").inner_text()
    assert float(line.rpartition("= ")[2].replace("−", "-")) == pytest.approx(expected, abs=0.0051)


def test_from_a_probability_to_a_pixel_by_clicks_alone(
    page: Page, shared_server: Server, name: str, truth: dict[str, np.ndarray]
) -> None:
    open_image(page, shared_server, name)
    canvas = page.locator(".overview canvas")
    box = canvas.bounding_box()
    assert box is not None
    likeliest = int(truth["probabilities"].argmax())
    for y in range(60, int(box["height"]), 8):  # down the bars
        page.mouse.move(box["x"] + box["width"] - 60, box["y"] + y)
        if page.locator(".lens .name").inner_text() == f"probabilities, {likeliest}":
            break
    page.mouse.down()
    page.mouse.up()
    way = list(reversed(truth))
    for layer in way:
        check(page, layer, truth)
        if layer != "input":
            page.locator(".network-map").locator("button.winner, button.cell").first.click()
    crumbs = page.locator(".network-map .crumb")
    expect(crumbs).to_have_count(len(way) + 1)
    expect(page).to_have_url(re.compile(r"map-place=input\.0\."))
    page.locator(".result").press("Escape")
    check(page, "conv1", truth)
    crumbs.first.click()
    expect(canvas).to_be_focused()
    expect(page).not_to_have_url(re.compile("map-place"))
    no_exception(page)


@pytest.mark.parametrize("name", NETWORKS, indirect=True, scope="module")
def test_from_a_probability_to_a_pixel_by_keys_alone(
    page: Page, shared_server: Server, name: str, truth: dict[str, np.ndarray]
) -> None:
    open_image(page, shared_server, name)
    way = list(reversed(truth))
    page.locator(".overview canvas").focus()
    page.keyboard.press("End")  # the first key looks at the likeliest class
    status = page.locator(".network-map .status")
    expect(status).to_contain_text("probabilities, ")
    page.keyboard.press("ArrowLeft")
    expect(status).to_contain_text(f"{way[1]}, ")
    page.keyboard.press("ArrowRight")
    for layer in way:
        page.keyboard.press("Enter")
        check(page, layer, truth)
        expect(status).to_contain_text(f"{layer}, ")
    for layer in reversed(way[:-1]):
        page.keyboard.press("Escape")
        check(page, layer, truth)
    page.keyboard.press("Escape")
    expect(page.locator(".overview canvas")).to_be_focused()
    no_exception(page)


def test_a_map_opens_into_the_maps_that_it_is_made_of(
    page: Page, shared_server: Server, name: str, truth: dict[str, np.ndarray]
) -> None:
    open_image(page, shared_server, name, "&map-place=conv1.1")
    expect(heading(page)).to_have_text("conv1, map 1")
    expect(page.locator(".part")).to_have_count(1)
    weights = page.locator(".part .cell")
    expect(weights).to_have_count(9)
    result = page.locator(".result")
    result.press("Enter")  # the cell with the largest value
    check(page, "conv1", truth)
    cell = np.unravel_index(np.abs(truth["conv1"][1]).argmax(), truth["conv1"][1].shape)
    expect(heading(page)).to_contain_text(f"conv1, map 1, row {cell[0]}, column {cell[1]}: ")


def test_the_map_answers_a_stroke_without_the_server(page: Page, shared_server: Server, name: str) -> None:
    sent: list[int] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda _: sent.append(1))

    page.on("websocket", listen)
    visit(page, f"{shared_server.url}/network?model=run:{name}")
    root = page.locator(".network-map")
    expect(root).to_have_attribute("data-answers", re.compile(r"\d"))
    settled(page)
    square = page.locator(".network-map .square canvas").bounding_box()
    assert square is not None
    x, y, side = square["x"], square["y"], square["width"]
    page.mouse.move(x + 0.3 * side, y + 0.3 * side)
    page.mouse.down()
    before, answers = len(sent), int(root.get_attribute("data-answers") or 0)
    page.mouse.move(x + 0.7 * side, y + 0.3 * side, steps=10)
    page.mouse.move(x + 0.4 * side, y + 0.8 * side, steps=10)
    page.wait_for_function(ANSWERED, arg=answers + 3)
    assert len(sent) == before, "a stroke asks the server before it ends"
    page.mouse.up()
    expect(page.get_by_text("The network reads").first).to_be_visible()
    settled(page)
    # Turned as a whole, at every move too, and back by one undo.
    paper = page.locator(".network-map .square canvas")
    pixels = "(canvas) => canvas.toDataURL()"
    upright = paper.evaluate(pixels)
    page.get_by_role("button", name="Turn the drawing").click()
    page.mouse.move(x + 0.5 * side, y + 0.5 * side)
    page.mouse.down()
    before, answers = len(sent), int(root.get_attribute("data-answers") or 0)
    page.mouse.move(x + 0.8 * side, y + 0.5 * side, steps=10)
    page.wait_for_function(ANSWERED, arg=answers + 3)
    assert len(sent) == before
    page.mouse.up()
    assert paper.evaluate(pixels) != upright
    page.get_by_role("button", name="Undo").click()
    assert paper.evaluate(pixels) == upright
    no_exception(page)
