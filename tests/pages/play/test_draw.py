"""The drawing page: a stroke in, the network's own answer out, and every picture what it says it is."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints
from cnn_core.data import datasets, images
from cnn_core.data.drawing import merely_shrunk, prepare_ink, preprocess_drawing
from cnn_core.data.ink import ink_on_paper
from cnn_core.inside.forward import probabilities
from pages.play.draw.reading import reading
from pages.ui import canvas
from pages.ui.keys import Shared
from tests.support.trained_models import write_model

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "pages" / "play" / "draw" / "page.py"
SEVEN = [(80, 70), (230, 70), (150, 260)]


class FakeCanvas:
    """What the component gives back after a stroke; the component itself needs a browser."""

    def __init__(self, strokes: list[list[tuple[int, int]]]) -> None:
        self.json_data = {"objects": strokes}
        self.image_bytes = None
        if strokes:
            buffer = io.BytesIO()
            drawn(strokes).save(buffer, "PNG")
            self.image_bytes = buffer.getvalue()


def drawn(strokes: list[list[tuple[int, int]]]) -> Image.Image:
    image = Image.new("RGBA", (canvas.SIDE, canvas.SIDE), "black")
    for points in strokes:
        ImageDraw.Draw(image).line(points, "white", 22, "curve")
    return image


class Hand:
    """Draws on the page's canvas."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.strokes: list[list[tuple[int, int]]] = []
        self.key = ""
        monkeypatch.setattr(canvas, "_component", self.component)

    def component(self, **arguments: object) -> FakeCanvas:
        if arguments["key"] != self.key:  # made anew: it sends nothing before the next stroke
            self.key = arguments["key"]
            self.strokes = []
        return FakeCanvas(self.strokes)

    @property
    def pixels(self) -> np.ndarray:
        return np.asarray(drawn(self.strokes), np.uint8)


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Hand:
    return Hand(monkeypatch)


@pytest.fixture(scope="module")
def model():
    return checkpoints.load("mnist-3conv").model


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def app(hand: Hand) -> AppTest:
    return run(AppTest.from_file(PAGE, default_timeout=60))


def sentence(app: AppTest) -> str | None:
    return next((element.value for element in app.subheader if "reads" in element.value), None)


def bar_values(app: AppTest) -> list[dict]:
    chart = app.get("vega_lite_chart")[0].proto
    data = chart.datasets[0].data if chart.datasets else chart.data
    return pa.ipc.open_stream(data.data).read_all().to_pylist()


def test_nothing_is_read_before_the_first_stroke(app):
    assert sentence(app) is None
    assert any("0, 1, 2, 3, 4, 5, 6, 7, 8, 9" in element.value for element in app.markdown)


def test_the_reading_follows_every_stroke(app, hand, model):
    for stroke in (SEVEN, [(110, 160), (200, 165)]):
        hand.strokes = [*hand.strokes, stroke]
        run(app)
        stages = preprocess_drawing(hand.pixels)
        expected = probabilities(model, stages.network_input[None, None])[0]
        assert sentence(app) == reading(expected, tuple("0123456789"))
    assert sentence(app).startswith("The network reads **7**")


def test_the_bars_are_the_network_s_probabilities(app, hand, model):
    hand.strokes = [SEVEN]
    run(app)
    expected = probabilities(model, preprocess_drawing(hand.pixels).network_input[None, None])[0]
    values = bar_values(app)
    assert [row["class"] for row in values] == list("0123456789")
    np.testing.assert_allclose([row["percent"] for row in values], 100 * expected, rtol=1e-5)


def test_the_pictures_have_their_numbers_as_tables(app, hand, model):
    hand.strokes = [SEVEN]
    run(app)
    image = preprocess_drawing(hand.pixels).network_input
    answer, pixels = (frame.value for frame in app.dataframe)
    np.testing.assert_allclose(answer["probability"], probabilities(model, image[None, None])[0], atol=1e-6)
    np.testing.assert_array_equal(pixels, image)


def test_a_second_press_of_undo_that_was_on_its_way_is_none():
    drawn = canvas._Canvas(history=[canvas._Drawing("{}", b"")])
    drawn.undo()
    drawn.undo()
    assert (drawn.history, drawn.mounts) == ([], 1)


def test_undo_and_clear(app, hand):
    hand.strokes = [SEVEN]
    run(app)
    one = sentence(app)
    hand.strokes = [SEVEN, [(20, 280), (290, 280)], [(60, 20), (60, 290)]]
    run(app)
    assert sentence(app) != one
    app.button(key="draw-canvas-undo").click()
    assert sentence(run(app)) == one
    app.button(key="draw-canvas-clear").click()
    assert sentence(run(app)) is None


def test_what_each_stage_is_for_is_computed_not_told(app, hand, model):
    small = [[(x // 5 + 10, y // 5 + 10) for x, y in SEVEN]]  # in the upper left corner
    hand.strokes = small
    run(app)
    stages = preprocess_drawing(hand.pixels)
    shrunk = merely_shrunk(stages.ink)
    told = "\n".join(element.value for element in app.markdown)
    for title, image in (
        ("All four steps", stages.network_input),
        ("Not moved", stages.centred_box),
        ("Nothing but shrunk", shrunk),
    ):
        answer = reading(probabilities(model, image[None, None])[0], tuple("0123456789"))
        assert f"**{title}**  \n{answer}" in told
    top, bottom, left, right = stages.box
    assert f"rows {top} to {bottom - 1} and columns {left} to {right - 1}" in told


def test_a_test_image_is_read_without_a_pen(app, model):
    app.button_group(key="draw-input").set_value("Test image")
    run(app)
    digits = datasets.load("digits")  # the test's machine has no MNIST
    expected = probabilities(model, digits.x_test[:1])[0]
    assert sentence(app) == reading(expected, tuple("0123456789"))
    verdict = next(element.value for element in app.markdown if element.value.startswith("The label says"))
    right = int(expected.argmax()) == digits.y_test[0]
    assert verdict == f"The label says {digits.y_test[0]}: {':green[right]' if right else ':red[wrong]'}."


def test_a_test_image_is_chosen_for_a_network_whose_dataset_is_not_known_here(hand, convlens_home):
    model = write_model(convlens_home, "brought", dataset="somebody-elses")
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.session_state[Shared.MODEL] = "run:brought"
    app.query_params["draw-input"] = "Test image"
    run(app)
    expected = probabilities(model, datasets.load("digits").x_test[:1])[0]
    assert sentence(app) == reading(expected, tuple("0123456789"))


def sheet(*strokes: list[tuple[int, int]]) -> bytes:
    """A photograph of strokes on paper, as PNG."""
    image = Image.new("RGB", (400, 300), (236, 233, 226))
    for points in strokes:
        ImageDraw.Draw(image).line(points, (50, 50, 70), 18, "curve")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("digit", "points"),
    [
        ("7", [(130, 70), (270, 70), (190, 240)]),
        ("3", [(140, 75), (222, 60), (257, 96), (195, 140), (262, 185), (222, 236), (140, 224)]),
    ],
)
def test_a_picture_of_a_digit_on_paper_is_read_like_a_drawing(digit, points, app, model):
    app.button_group(key="draw-input").set_value("Your picture")
    run(app)
    app.file_uploader[0].set_value(("mine.png", sheet(points), "image/png"))
    run(app)
    stages = prepare_ink(ink_on_paper(images.decode(sheet(points))))
    expected = probabilities(model, stages.network_input[None, None])[0]
    assert sentence(app) == reading(expected, tuple("0123456789"))
    assert sentence(app).startswith(f"The network reads **{digit}**")
    told = "\n".join(element.value for element in app.markdown)
    assert "**0. Find the ink** in 300×400 pixels" in told
    top, bottom, left, right = stages.box
    assert f"rows {top} to {bottom - 1} and columns {left} to {right - 1} of the picture" in told
    app.toggle(key="draw-picture-prepared").set_value(False)
    run(app)
    fitted = images.fit(images.decode(sheet(points)), 28, 1)
    assert sentence(app) == reading(probabilities(model, fitted[None])[0], tuple("0123456789"))
    assert not any("Find the ink" in element.value for element in app.markdown)


def test_clothes_are_not_prepared_like_digits(hand, convlens_home):
    write_model(convlens_home, "clothes", dataset="fashion_mnist")
    app = AppTest.from_file(PAGE, default_timeout=60)
    app.session_state[Shared.MODEL] = "run:clothes"
    app.query_params["draw-input"] = "Your picture"
    run(app)
    app.file_uploader[0].set_value(("mine.png", sheet(SEVEN), "image/png"))
    run(app)
    assert not app.toggle
    assert sentence(app) is not None


def test_a_network_that_takes_no_drawing_says_so_and_offers_one_that_does(hand, convlens_home):
    write_model(convlens_home, "colours", dataset="cifar10", input_shape=(3, 32, 32))
    app = run(AppTest.from_file(ROOT / "app.py", default_timeout=60))  # for its links to other pages
    app.session_state[Shared.MODEL] = "run:colours"
    run(app.switch_page("pages/play/draw/page.py"))
    assert "takes images of 3×32×32" in app.info[0].value
    next(button for button in app.button if button.label == "Use mnist-3conv instead").click()
    run(app)
    assert not app.info
    hand.strokes = [SEVEN]
    assert sentence(run(app)).startswith("The network reads **7**")


def test_a_reading_names_the_class_and_its_probability():
    assert reading(np.array([0.3, 0.7]), ("a", "b")) == "The network reads **b** (70.0\u00a0%)"
