"""The pad's JavaScript beside Python: the same ink from the same strokes, and the same input from the same ink."""

from base64 import b64decode
from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from cnn_core.data.drawing import BUILT_IN_DIGITS, FASHION, MNIST, Preparation, preprocess_drawing
from cnn_core.data.strokes import PAPER, Stroke, ink_of, strokes_from
from tests.support.component_stage import open_modules

BOTH = """async ([strokes, side, how]) => {
  const { inkOf } = await import("/ui/components/pad/raster.js");
  const { prepared } = await import("/ui/components/pad/preparation.js");
  const ink = inkOf(strokes, side);
  const { input, isEmpty } = prepared(ink, side, how);
  const text = (floats) => {
    const bytes = new Uint8Array(floats.buffer);
    let letters = "";
    for (let k = 0; k < bytes.length; k += 4096) letters += String.fromCharCode(...bytes.subarray(k, k + 4096));
    return btoa(letters);
  };
  return { ink: text(ink), input: text(input), isEmpty };
}"""
DIGITS = {
    "a seven": [Stroke("pen", 20, (60.125, 50, 215, 52.5, 120.25, 240))],
    "a dot": [Stroke("pen", 10, (11, 270.875))],
    "off the paper and back": [Stroke("pen", 32, (250, 140, 400, 150, 260, 20))],
    "a hair": [Stroke("pen", 1, (35, 0, 35, 280))],
    "erased in part": [
        Stroke("pen", 32, (40, 40, 240, 240)),
        Stroke("eraser", 36, (240, 40, 40, 240)),
        Stroke("pen", 10, (200.5, 60, 200.5, 61)),
    ],
    "cleared, then anew": [
        Stroke("pen", 32, (40, 40, 240, 240)),
        Stroke("clear", 0, ()),
        Stroke("pen", 20, (140, 30, 140, 250)),
    ],
    "cleared": [Stroke("pen", 20, (140, 30, 140, 250)), Stroke("clear", 0, ())],
    "all of it": [Stroke("pen", 100, (0, y, 280, y)) for y in range(0, 300, 60)],
}


def floats(text: str) -> np.ndarray:
    return np.frombuffer(b64decode(text), "<f4")


def scribble(rng: np.random.Generator) -> list[Stroke]:
    """A few strokes anywhere, on the pad's grid of eighths."""
    return [
        Stroke(
            "eraser" if rng.random() < 0.2 else "pen",
            float(rng.choice([10, 20, 32])),
            tuple((rng.integers(-80, 8 * 300, 2 * rng.integers(1, 30)) / 8).tolist()),
        )
        for _ in range(rng.integers(1, 6))
    ]


@pytest.fixture(scope="module")
def modules(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    open_modules(page)
    yield page
    page.close()


@pytest.mark.parametrize("how", [MNIST, BUILT_IN_DIGITS, FASHION], ids=["mnist", "digits", "fashion"])
def test_browser_and_server_give_the_network_the_same(how: Preparation, modules: Page) -> None:
    for name, strokes in {
        **DIGITS,
        **{f"scribble {n}": scribble(np.random.default_rng(n)) for n in range(8)},
    }.items():
        told = [stroke.as_json() for stroke in strokes]
        found = modules.evaluate(BOTH, [told, PAPER, {"box": how.box, "byMass": how.by_mass}])
        ink = ink_of(strokes_from(told))
        stages = preprocess_drawing(ink, how)
        np.testing.assert_allclose(floats(found["ink"]), ink.ravel(), atol=1e-6, err_msg=name)
        np.testing.assert_allclose(
            floats(found["input"]), stages.network_input.ravel(), atol=1e-5, err_msg=name
        )
        assert found["isEmpty"] == stages.is_empty == (name == "cleared"), name
