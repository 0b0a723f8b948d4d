"""The pure parts of the components' JavaScript, run in Chromium: values against Python, NumPy and hand."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from cnn_core import pictures
from pages.ui.components.kernel_player import Places
from tests.support.component_stage import open_modules
from tests.support.laboratory import read_sum

RNG = np.random.default_rng(7)
BASE = "ui/components/base"
PLAYER = "ui/components/kernel_player"
TILES = "ui/components/tiles"
MOSAIC = "ui/components/mosaic"
MATRIX = "inside/filters/matrix"
# Kernel, stride, dilation and padding, rows before columns, over an image of 9 × 8.
WINDOWS = [
    ((3, 3), (1, 1), (1, 1), (1, 1)),
    ((2, 2), (2, 2), (1, 1), (0, 0)),
    ((3, 2), (2, 1), (1, 2), (2, 0)),
    ((1, 3), (3, 2), (2, 3), (0, 3)),
]
LARGE = ((11, 11), (1, 1), (1, 1), (5, 5))


RUN = """async ([module, name, calls]) => {
  const taken = (value) => {
    if (value?.floats) return Float32Array.from(value.floats, Number);
    if (value?.ints) return Int32Array.from(value.ints);
    if (value?.number) return Number(value.number);
    if (Array.isArray(value)) return value.map(taken);
    if (value !== null && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, taken(inner)]));
    return value;
  };
  const { [name]: run } = await import(`/${module}.js`);
  return calls.map((args) => run(...args.map(taken)));
}"""


def sent(value: Any) -> Any:
    """As `RUN` takes it: float arrays become Float32Array, whole ones Int32Array, ±∞ and NaN what they are."""
    if isinstance(value, np.ndarray):
        numbers = value.ravel().tolist()
        return (
            {"floats": [str(number) for number in numbers]} if value.dtype.kind == "f" else {"ints": numbers}
        )
    if isinstance(value, float) and not np.isfinite(value):
        return {"number": {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[str(value)]}
    if isinstance(value, dict):
        return {key: sent(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [sent(inner) for inner in value]
    return value


class Modules:
    """The JavaScript of `pages` in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        open_modules(page)

    def __call__(self, module: str, name: str, *args: Any) -> Any:
        """What `module.name(*args)` returns."""
        return self.each(module, name, [args])[0]

    def each(self, module: str, name: str, calls: Iterable[Sequence[Any]]) -> list[Any]:
        """What it returns for each of some arguments."""
        answers: list[Any] = self.page.evaluate(RUN, [module, name, sent(list(calls))])
        return answers


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Modules]:
    """All modules, in one page for all tests: they are pure."""
    page = browser.new_page()
    yield Modules(page)
    page.close()


# --- base/numbers.js


def test_numbers_are_rounded_half_to_even_as_python_does(js: Modules) -> None:
    values = [*RNG.normal(scale=10, size=40), 0.5, 1.5, 2.5, -0.125, 0.375, -0.0001, 0.0]
    calls = list(product(map(float, values), [0, 2, 4]))
    for (value, decimals), said in zip(calls, js.each(f"{BASE}/numbers", "printed", calls)):
        whole = round(abs(value) * 10**decimals)
        text = f"{whole:0{decimals + 1}d}"
        expected = text if not decimals else f"{text[:-decimals]}.{text[-decimals:]}"
        assert said == ("−" if value < 0 and whole else "") + expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.nan, "NaN"),
        (np.inf, "∞"),
        (-np.inf, "−∞"),
        (-1e-8, "−1e−8"),
        (-0.5, "−0.5"),
        (0.1234567891, "0.1234568"),
    ],
)
def test_a_value_in_full(value: float, text: str, js: Modules) -> None:
    assert js(f"{BASE}/numbers", "significant", value) == text
    if not np.isfinite(value):
        assert js(f"{BASE}/numbers", "printed", value, 2) == text


@pytest.mark.parametrize(
    ("limit", "decimals"),
    [(0, 2), (1e-7, 2), (0.0005, 5), (0.05, 3), (0.1, 2), (1, 2), (99, 2), (100, 1), (1000, 0), (1e-6, 6)],
)
def test_as_many_decimals_as_show_two_digits(limit: float, decimals: int, js: Modules) -> None:
    assert js(f"{BASE}/numbers", "decimalsFor", limit) == decimals


def test_round_numbers_are_printed_exactly(js: Modules) -> None:
    assert js(f"{BASE}/numbers", "exactDecimals", np.array([-1, 0, 8], np.float32), 8) == 0
    assert js(f"{BASE}/numbers", "exactDecimals", np.array([0.5, -1], np.float32), 1) == 1
    assert js(f"{BASE}/numbers", "exactDecimals", np.array([1 / 3], np.float32), 1 / 3) == 2
    tenths = np.round(RNG.uniform(0, 1, (9, 40)), 1).astype(np.float32)
    sums = (tenths * np.array([-1, 0, 1, -2, 0, 2, -1, 0, 1], np.float32)[:, None]).sum(0)
    assert js(f"{BASE}/numbers", "exactDecimals", sums, float(np.abs(sums).max())) == 1


# --- base/colours.js


@pytest.mark.parametrize("background", [(255, 255, 255), (16, 21, 28)], ids=["light", "dark"])
def test_signed_colours_are_those_of_python(background: tuple[int, int, int], js: Modules) -> None:
    palette = {"background": background, "positive": pictures.POSITIVE, "negative": pictures.NEGATIVE}
    scale = {"kind": "signed", "limits": [-2.0, 2.0]}
    values = np.array([-5, -2, -1, -0.3, 0, 0.01, 1, 2, 7, np.nan, np.inf, -np.inf])
    for value, rgba in zip(values.tolist(), pictures.signed_rgba(values[:, None], 2.0)[:, 0].astype(float)):
        opacity = rgba[3] / 255
        expected = rgba[:3] * opacity + np.array(background) * (1 - opacity)
        shown = js(f"{BASE}/colours", "colourOf", value, scale, palette)
        np.testing.assert_allclose(shown, expected, atol=1)


def test_gray_colours_are_those_of_python(js: Modules) -> None:
    palette = {"background": (255, 255, 255)}
    values = np.array([[-1, 0, 0.2, 0.5, 0.999, 1, 3]])
    gray = {"kind": "gray", "limits": [0, 1]}
    shown = [js(f"{BASE}/colours", "colourOf", value, gray, palette) for value in values[0].tolist()]
    np.testing.assert_array_equal(shown, pictures.gray_rgb(values)[0])


def test_the_ramp_goes_from_the_lower_limit_to_the_upper(js: Modules) -> None:
    palette = {"background": (9, 9, 9), "positive": (1, 2, 3), "negative": (4, 5, 6)}
    ramps = [
        js(f"{BASE}/colours", "ramp", {"kind": kind, "limits": [low, 1]}, palette)
        for kind, low in [("signed", -1), ("signed", 0), ("gray", 0)]
    ]
    positive, negative, background = "rgba(1, 2, 3, 1)", "rgba(4, 5, 6, 1)", "rgba(9, 9, 9, 1)"
    assert ramps == [
        f"linear-gradient(to right, {negative}, {background}, {positive})",
        f"linear-gradient(to right, {background}, {positive})",
        "linear-gradient(to right, #000, #fff)",
    ]


# --- base/room.js


def test_room_is_what_is_left_below_an_element_and_is_told_when_it_changes(js: Modules) -> None:
    js.page.set_viewport_size({"width": 800, "height": 600})
    told = js.page.evaluate(
        """async () => {
          const { roomFor, watchRoom } = await import("/ui/components/base/room.js");
          const make = (parent, css) => {
            const made = document.createElement("div");
            made.style.cssText = css;
            return parent.appendChild(made);
          };
          const scroller = make(document.body, "position:fixed;inset:0;overflow:auto");
          const above = make(scroller, "height:100px");
          const host = make(scroller, "width:500px");
          const element = make(host.attachShadow({ mode: "open" }), "height:2000px");
          const rooms = [roomFor(element, 40)];
          scroller.scrollTop = 70;
          rooms.push(roomFor(element, 40));
          let calls = 0;
          let called;
          const stop = watchRoom(element, () => { calls += 1; rooms.push(roomFor(element, 40)); called?.(); });
          const change = (act) => new Promise((done) => { called = done; act(); });
          await change(() => { above.style.height = "150px"; });
          await change(() => { host.style.width = "400px"; });
          stop();
          above.style.height = "10px";
          await new Promise((done) => setTimeout(done, 100));
          scroller.remove();
          return [calls, rooms];
        }"""
    )
    at_first, later, narrower = ({"width": w, "height": h} for w, h in [(500, 460), (500, 410), (400, 410)])
    assert told == [2, [at_first, at_first, later, narrower]]


# --- kernel_player


def window_shape(kernel: Any, stride: Any, dilation: Any, padding: Any) -> dict[str, Any]:
    """What scene.py says of a window over an image of 9 × 8."""
    padded = [size + 2 * pad for size, pad in zip((9, 8), padding)]
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel)]
    output = [(size - span) // s + 1 for size, span, s in zip(padded, spans, stride)]
    return {
        "image": [9, 8],
        "padded": padded,
        "offset": list(padding),
        "output": output,
        "kernel": list(kernel),
        "stride": list(stride),
        "dilation": list(dilation),
    }


@pytest.mark.parametrize("window", WINDOWS)
def test_windows_and_their_readers_agree(window: Any, js: Modules) -> None:
    shape = window_shape(*window)
    kernel, stride, dilation, padding = window
    cells, pixels = list(np.ndindex(*shape["output"])), list(np.ndindex(*shape["padded"]))
    readers: dict[tuple[int, int], list[dict[str, int]]] = {at: [] for at in pixels}
    windows = js.each(f"{PLAYER}/geometry", "windowOf", [(shape, *cell) for cell in cells])
    for (row, col), said in zip(cells, windows):
        rows = row * stride[0] + np.arange(kernel[0]) * dilation[0]
        columns = col * stride[1] + np.arange(kernel[1]) * dilation[1]
        for (i, y), (j, x) in product(enumerate(rows.tolist()), enumerate(columns.tolist())):
            readers[y, x].append({"row": row, "col": col, "i": i, "j": j})
        height, width = (int(at[-1] - at[0]) + 1 for at in (rows, columns))
        assert said == {"top": rows[0], "left": columns[0], "rows": height, "columns": width}
    found = js.each(f"{PLAYER}/geometry", "readersOf", [(shape, *at) for at in pixels])
    inside = js.each(f"{PLAYER}/geometry", "isPixel", [(shape, *at) for at in pixels])
    for (y, x), said, is_pixel in zip(pixels, found, inside):
        assert sorted(map(str, said)) == sorted(map(str, readers[y, x]))
        assert is_pixel == (padding[0] <= y < padding[0] + 9 and padding[1] <= x < padding[1] + 8)
    i, j = kernel[0] - 1, kernel[1] - 1
    visited = np.array([at for at, by in readers.items() if any((r["i"], r["j"]) == (i, j) for r in by)])
    reach = js(f"{PLAYER}/geometry", "reachOf", shape, i, j)
    assert [reach["top"], reach["left"]] == visited.min(0).tolist()
    assert [reach["rows"], reach["columns"]] == (np.ptp(visited, 0) + 1).tolist()


def test_the_cell_around_a_pixel_has_it_in_its_middle(js: Modules) -> None:
    shape = window_shape((3, 3), (1, 1), (1, 1), (1, 1))
    assert js(f"{PLAYER}/geometry", "cellAround", shape, 5, 4) == [4, 3]
    assert js(f"{PLAYER}/geometry", "cellAround", shape, 0, 0) == [0, 0]
    assert js(f"{PLAYER}/geometry", "cellAround", shape, 10, 9) == [8, 7]
    assert js(f"{PLAYER}/geometry", "cellAround", window_shape((2, 2), (2, 2), (1, 1), (0, 0)), 8, 7) == [
        3,
        3,
    ]


SETTINGS = st.tuples(
    *[st.tuples(st.integers(1, most), st.integers(1, most)) for most in (5, 3, 3)],
    st.tuples(st.integers(0, 4), st.integers(0, 4)),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=SETTINGS, after=SETTINGS, at=st.tuples(st.floats(0, 0.999), st.floats(0, 0.999)))
def test_a_cell_keeps_its_place_in_the_image_as_python_has_it(
    before: Any, after: Any, at: tuple[float, float], js: Modules
) -> None:
    shapes = [window_shape(*window) for window in (before, after)]
    assume(all(min(shape["output"]) > 0 for shape in shapes))
    cell = [int(share * cells) for share, cells in zip(at, shapes[0]["output"])]
    said = js(f"{PLAYER}/geometry", "carried", cell, *shapes)
    names = ("image", "offset", "kernel", "stride", "dilation", "output")
    first, then = (Places(*(tuple(shape[name]) for name in names)) for shape in shapes)
    assert tuple(said) == first.carried(tuple(cell), then)
    middle = [
        (place.stride[a] * c[a] + place.middle(a))
        for place, c in ((first, cell), (then, said))
        for a in (0, 1)
    ]
    for axis in (0, 1):  # no other cell is nearer
        distance = abs(middle[axis] - middle[2 + axis])
        for other in range(then.output_size[axis]):
            assert distance <= abs(middle[axis] - then.stride[axis] * other - then.middle(axis)) + 1e-9


def test_rectangles_that_meet_and_that_do_not(js: Modules) -> None:
    a, b, far = ({"x": x, "y": y, "w": 4, "h": 4} for x, y in [(0, 0), (2, 1), (4, 0)])
    assert js(f"{PLAYER}/geometry", "intersection", a, b) == {"x": 2, "y": 1, "w": 2, "h": 3}
    assert js(f"{PLAYER}/geometry", "intersection", a, far) is None
    box = {"width": 10, "height": 3}
    assert js(f"{PLAYER}/geometry", "around", [a, b], box, 1) == {"x": 0, "y": 0, "w": 7, "h": 3}
    assert js(f"{PLAYER}/geometry", "around", [], box, 1) is None


@pytest.mark.parametrize("window", WINDOWS)
def test_the_terms_of_a_cell_add_up_to_torchs_convolution(window: Any, js: Modules) -> None:
    kernel, stride, dilation, padding = window
    image = torch.from_numpy(RNG.normal(size=(1, 2, 9, 8)).astype(np.float32))
    weight = torch.from_numpy(RNG.normal(size=(1, 2, *kernel)).astype(np.float32))
    output = F.conv2d(image, weight, stride=stride, padding=padding, dilation=dilation)[0, 0]
    padded = F.pad(image, (padding[1], padding[1], padding[0], padding[0]))[0]
    scene = {"shape": window_shape(*window), "padded": padded.numpy(), "weight": weight[0].numpy()}
    for row, col in [(0, 0), (output.shape[0] - 1, output.shape[1] - 1), (1, 1)]:
        terms = [js(f"{PLAYER}/scene", "termsOf", scene, row, col, channel) for channel in (0, 1)]
        total = sum(sum(term["products"]) for term in terms)
        assert total == pytest.approx(float(output[row, col]), abs=1e-5)
        np.testing.assert_allclose(terms[1]["weights"], weight[0, 1].ravel().numpy(), rtol=1e-7)


def test_the_winner_of_a_cell_is_torchs(js: Modules) -> None:
    image = torch.from_numpy(RNG.permutation(72).astype(np.float32).reshape(1, 1, 9, 8))
    output, flat = F.max_pool2d(image, 3, stride=2, padding=1, return_indices=True)
    winners = np.stack(np.divmod(flat[0, 0].numpy(), 8), -1).astype(np.int32)
    winners[0, 0] = -1
    scene = {"shape": window_shape((3, 3), (2, 2), (1, 1), (1, 1)), "winners": winners}
    padded = F.pad(image, (1, 1, 1, 1))[0, 0]
    assert js(f"{PLAYER}/scene", "winnerOf", scene, 0, 0) is None
    for row, col in [(0, 1), (2, 2), (4, 3)]:
        i, j = js(f"{PLAYER}/scene", "winnerOf", scene, row, col)
        assert padded[2 * row + i, 2 * col + j] == output[0, 0, row, col]


@pytest.mark.parametrize(
    "places", [{"pixel": 2, "weight": 2, "value": 2}, {"pixel": 3, "weight": 0, "value": 1}]
)
@pytest.mark.parametrize("shown", [4, 9, 1000])
def test_a_printed_sum_adds_up(places: dict[str, int], shown: int, js: Modules) -> None:
    pixels, weights = RNG.uniform(0, 1, 25), RNG.normal(size=25)
    weights[3] = 0.0
    value = float(pixels @ weights + 0.25)
    bias = [{"value": 0.25, "label": "bias"}]
    line = js(
        f"{PLAYER}/arithmetic", "productLine", pixels.tolist(), weights.tolist(), bias, value, places, shown
    )
    said = read_sum(line)
    assert said.total == said.value
    assert float(said.value) == pytest.approx(value, abs=0.5001 * 10 ** -places["value"])
    assert len(said.products) == min(shown, 24)  # the weight of 0 says nothing


def test_lines_by_hand(js: Modules) -> None:
    parts = [
        {"value": 0.204, "label": "red"},
        {"value": -0.134, "label": "green"},
        {"value": 0.1, "label": "bias"},
    ]
    line = js(f"{PLAYER}/arithmetic", "sumLine", parts, 0.17, 2)
    assert line == "0.20 (red) − 0.13 (green) + 0.10 (bias) = 0.17"
    rounded = js(f"{PLAYER}/arithmetic", "sumLine", parts, 0.176, 2)
    assert rounded == "0.20 (red) − 0.13 (green) + 0.10 (bias) + 0.01 (rounding) = 0.18"
    assert js(f"{PLAYER}/arithmetic", "maxLine", [0.5, -np.inf, 0.25], 0.5, 2) == "max(0.50, −∞, 0.25) = 0.50"
    places = {"value": 2}
    assert js(f"{PLAYER}/sentences", "sumText", {"places": places, "bias": None}, -3.98) == "Sum = −3.98"
    with_bias = js(f"{PLAYER}/sentences", "sumText", {"places": places, "bias": -0.125}, 0.744)
    assert with_bias == "Sum 0.86 − 0.12 (bias) = 0.74"
    mean = js(f"{PLAYER}/arithmetic", "meanLine", [0.12, 0.5, 0.91, 0.33], 4, 0.465, 2)
    assert mean == "(0.12 + 0.50 + 0.91 + 0.33 − 0.02 (rounding)) ÷ 4 = 0.46"


@pytest.mark.parametrize("ratio", [1, 2])
@pytest.mark.parametrize("width", [320, 390, 640, 900, 1230])
@pytest.mark.parametrize(
    ("window", "grids"), [(WINDOWS[0], 3), (WINDOWS[2], 1), (((11, 11), (1, 1), (1, 1), (5, 5)), 3)]
)
def test_panels_fit_the_room_there_is(window: Any, grids: int, width: int, ratio: int, js: Modules) -> None:
    shape = window_shape(*window)
    narrow = js(f"{PLAYER}/layout", "isNarrow", width, 500)
    assert narrow == (width < 480)
    room = {"width": width, "height": 330, "narrow": narrow}
    plan = js(f"{PLAYER}/layout", "layoutOf", shape, grids, room, ratio)
    assert plan["narrow"] == narrow
    for name, (rows, columns) in [("input", shape["padded"]), ("output", shape["output"])]:
        assert plan[name] * ratio == round(plan[name] * ratio) >= 1  # whole device pixels
        assert plan[name] * columns <= width
        assert plan["narrow"] or plan[name] * rows <= 330
    middle = plan["middle"]
    assert len(middle["grids"]) == grids
    across = sum(plan[name] * shape[at][1] for name, at in [("input", "padded"), ("output", "output")])
    assert (middle["width"] if plan["narrow"] else across + middle["width"]) <= width
    rows, columns = shape["kernel"]
    for grid in middle["grids"]:
        assert grid["x"] + columns * grid["cellWidth"] <= middle["width"]
        assert grid["y"] + rows * grid["cellHeight"] <= middle["height"]
        assert not grid["numbers"] or (grid["cellWidth"] >= 36 and grid["cellHeight"] >= 16)


def test_steps_lead_where_they_should(js: Modules) -> None:
    def moved(cursor: int, frontier: int, **action: Any) -> tuple[int, int]:
        now = js(f"{PLAYER}/position", "moved", {"cursor": cursor, "frontier": frontier}, action, 12, 4)
        return now["cursor"], now["frontier"]

    assert moved(5, 6, kind="step", by=1) == (6, 7)
    assert moved(5, 12, kind="step", by=-1) == (4, 12)  # all computed stays so
    assert moved(11, 12, kind="step", by=1) == (11, 12)
    assert moved(5, 6, kind="row", by=1) == (9, 10)
    assert moved(9, 10, kind="row", by=1) == (9, 10)
    assert moved(5, 6, kind="home") == (0, 1)
    assert moved(5, 6, kind="end") == (11, 12)
    assert moved(5, 12, kind="scrub", to=3) == (3, 4)
    assert moved(5, 12, kind="look", to=99) == (11, 12)


# --- tiles and layer_strip


def mosaic(count: int, rows: int, columns: int, **more: Any) -> dict[str, Any]:
    return {
        "shape": [count, rows, columns],
        "columnNames": [],
        "group": 1,
        "largestCell": 12,
        "height": 420,
        "gap": 6,
        "selected": None,
    } | more


@pytest.mark.parametrize(
    "asked",
    [
        mosaic(64, 11, 11),
        mosaic(96, 3, 3, group=3, largestCell=24),
        mosaic(32 * 8, 3, 3, columnNames=[str(k) for k in range(8)], gap=2),
        mosaic(1, 28, 28, largestCell=80, height=250),
        mosaic(512, 1, 1, largestCell=40, gap=4),
    ],
    ids=["maps", "groups", "table", "one", "vector"],
)
@pytest.mark.parametrize("width", [390, 1180])
def test_every_cell_of_a_mosaic_is_found_where_it_is_drawn(
    asked: dict[str, Any], width: int, js: Modules
) -> None:
    plan = js(f"{TILES}/layout", "layout", asked, width)
    count, rows, columns = asked["shape"]
    assert 1 <= plan["cell"] <= asked["largestCell"]
    assert asked["columnNames"] or plan["width"] <= width
    seen = range(0, count, max(1, count // 9))
    origins = js.each(f"{TILES}/layout", "tileOrigin", [(plan, asked, tile) for tile in seen])
    assert len({(origin["x"], origin["y"]) for origin in origins}) == len(seen)
    points, places = [], []
    for tile, origin in zip(seen, origins):
        assert origin["x"] + columns * plan["cell"] <= plan["width"]
        assert origin["y"] + rows * plan["cell"] <= plan["height"]
        for row, column in [(0, 0), (rows - 1, columns - 1), (rows // 2, columns // 2)]:
            across, down = ((at + 0.5) * plan["cell"] for at in (column, row))
            points.append((plan, asked, origin["x"] + across, origin["y"] + down))
            places.append({"tile": tile, "row": row, "column": column})
    assert js.each(f"{TILES}/layout", "cellAt", points) == places
    assert js(f"{TILES}/layout", "cellAt", plan, asked, -1, 5) is None
    assert js(f"{TILES}/layout", "cellAt", plan, asked, 5, plan["height"] + 1) is None


def test_a_mosaic_takes_the_largest_cell_that_fits(js: Modules) -> None:
    # 8 tiles of 10 × 10 with cells of 5: 4 in a row of 4·56 + 6 = 230, 2 rows of 56 + 6 = 118; with 6: 3 in a row.
    plan = js(f"{TILES}/layout", "layout", mosaic(8, 10, 10, height=120), 235)
    assert (plan["cell"], plan["columns"], plan["width"], plan["height"]) == (5, 4, 230, 118)


def test_arrows_walk_over_tiles_or_over_cells(js: Modules) -> None:
    plan = {"columns": 3}
    several, one = mosaic(7, 2, 2, selected=4), mosaic(1, 2, 2)

    def step(asked: dict[str, Any], at: dict[str, int] | None, key: str) -> Any:
        return js(f"{TILES}/layout", "step", plan, asked, at, key)

    first = {"tile": 4, "row": 0, "column": 0}
    assert step(several, None, "ArrowUp") == first
    assert step(several, first, "ArrowUp")["tile"] == 1
    assert step(several, first, "ArrowDown") == first  # there is no tile 7
    assert step(several, first, "Tab") is None
    corner = {"tile": 0, "row": 1, "column": 1}
    assert step(one, corner, "ArrowRight") == corner
    assert step(one, corner, "ArrowLeft") == {"tile": 0, "row": 1, "column": 0}


def test_a_mosaics_grid_takes_the_largest_cell_of_whole_device_pixels(js: Modules) -> None:
    # 8 tiles of 10 × 10: with cells of 5 there are 4 in a row of 4·56 + 6 = 230, 2 rows of 56 + 6 = 118.
    tiles = {"count": 8, "rows": 10, "columns": 10}
    plan = js(f"{MOSAIC}/grid", "gridIn", tiles, 235, 120, 6, 100, 1)
    assert (plan["cell"], plan["across"], plan["width"], plan["height"]) == (5, 4, 230, 118)
    sharper = js(f"{MOSAIC}/grid", "gridIn", tiles, 255, 128, 6, 100, 2)
    assert sharper["cell"] == 5.5
    for tile in range(8):
        at = js(f"{MOSAIC}/grid", "corner", plan, tiles, tile)
        found = js(f"{MOSAIC}/grid", "placeAt", plan, tiles, at["x"] + 12, at["y"] + 49)
        assert found == {"tile": tile, "row": 9, "column": 2}
    assert js(f"{MOSAIC}/grid", "placeAt", plan, tiles, 3, 3) is None
    assert [js(f"{MOSAIC}/grid", "neighbour", 8, 4, 5, key) for key in ("ArrowUp", "ArrowDown", "a")] == [
        1,
        5,
        None,
    ]


@pytest.mark.parametrize("size", [(560, 300), (940, 500), (2000, 1200), (350, 700)])
def test_the_parts_of_a_mosaic_have_room_beside_each_other(size: tuple[int, int], js: Modules) -> None:
    width, height = size
    room, asks = {"width": width, "height": height}, {"beside": True, "wide": False}
    shares = js_shares(js, room, asks)
    if shares["stacked"]:
        assert width < 26 * 16
        assert shares["one"]["width"] + shares["beside"] + 20 <= width
    else:
        assert shares["grid"]["width"] + shares["one"]["width"] + shares["beside"] + 40 == pytest.approx(
            width
        )
        assert shares["one"]["width"] >= 0.3 * (width - shares["beside"] - 40) - 1
        assert max(shares["grid"]["height"], shares["one"]["height"]) < height


def js_shares(js: Modules, room: dict[str, int], asks: dict[str, bool]) -> dict[str, Any]:
    """How a grid of 32 maps of 26 × 26 and one of them share a room."""
    shares: dict[str, Any] = js.page.evaluate(
        """async ([room, asks]) => {
          const { gridIn, shares } = await import("/ui/components/mosaic/grid.js");
          const cell = (count) => (width, height) =>
            gridIn({ count, rows: 26, columns: 26 }, width, height, 5, height / 3, 1).cell;
          return shares(room, 16, asks, cell(32), cell(1));
        }""",
        [room, asks],
    )
    return shares


def test_a_filter_of_three_channels_is_a_colour(js: Modules) -> None:
    weights = RNG.normal(size=(4, 3, 1, 1)).astype(np.float32)
    expected = np.rint(255 * pictures.weights_rgb(weights, np.full(4, 1.5)))
    for filter_weights, colour in zip(weights, expected):
        shown = js(f"{MOSAIC}/content", "colourOfWeights", filter_weights.ravel().tolist(), 1.5)
        np.testing.assert_allclose(shown, colour.ravel(), atol=1)


def test_the_kernels_of_a_filter_lie_in_a_block(js: Modules) -> None:
    assert js(f"{MOSAIC}/grid", "block", 32, 3, 3) == {"across": 6, "rows": 18, "columns": 18}
    assert js(f"{MOSAIC}/grid", "block", 1, 5, 2) == {"across": 1, "rows": 5, "columns": 2}


def test_a_matrix_shows_the_strongest_of_what_a_pixel_stands_for(js: Modules) -> None:
    plan = js(f"{MATRIX}/plan", "fitted", 6, 40, 20, 60, 50, 1)
    assert (plan["wide"], plan["columns"], plan["cellWidth"]) == (2, 20, 1)
    assert (plan["tall"], plan["rows"], plan["cellHeight"]) == (1, 6, 10)
    values = RNG.normal(size=(6, 40)).astype(np.float32)
    pairs = values.reshape(6, 20, 2)
    strongest = np.take_along_axis(pairs, np.abs(pairs).argmax(2, keepdims=True), 2)[..., 0]
    calls = [(values, 6, 40, plan, row, column) for row in range(6) for column in range(20)]
    shown = js.each(f"{MATRIX}/plan", "strongest", calls)
    np.testing.assert_array_equal(np.array(shown, np.float32).reshape(6, 20), strongest)


def test_the_cells_read_large_have_the_chosen_one_in_their_middle(js: Modules) -> None:
    assert [js(f"{MATRIX}/plan", "first", at, 5, 12) for at in (0, 2, 6, 11)] == [0, 0, 4, 7]
    assert js(f"{MATRIX}/plan", "first", 1, 9, 3) == 0
    assert js(f"{MATRIX}/plan", "moved", [0, 3], "ArrowUp", 4, 4) == [0, 3]
    assert js(f"{MATRIX}/plan", "moved", [0, 3], "ArrowDown", 4, 4) == [1, 3]


def test_a_layer_is_drawn_by_its_channels_and_its_side(js: Modules) -> None:
    strip = "train/builder/layer_strip/sizes"
    channels = {1: 1, 2: 2, 3: 2, 4: 3, 7: 3, 8: 4, 64: 7, 127: 7, 128: 8, 512: 8}
    assert {count: js(strip, "sheets", count) for count in channels} == channels
    assert [js(strip, "sheetSide", *sizes) for sizes in [(28, 28, 28), (14, 7, 28), (1, 1, 28)]] == [
        28,
        14,
        3,
    ]
    assert [js(strip, "barHeight", features) for features in (1, 2, 10, 4096)] == [6, 9, 17, 28]
