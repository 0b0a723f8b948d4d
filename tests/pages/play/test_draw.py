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
from cnn_core.data.drawing import FASHION, merely_shrunk, prepare_ink, preprocess_drawing
from cnn_core.data.ink import ink_on_paper
from cnn_core.data.strokes import Stroke, ink_of
from cnn_core.inside.forward import probabilities
from pages.play.draw.reading import reading
from pages.ui.drawing import Drawing
from pages.ui.keys import ImagePart, Shared
from tests.support.component_message import unpack
from tests.support.opening import app_at, unfold
from tests.support.trained_models import write_model

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "pages" / "play" / "draw" / "page.py"
SEVEN = [(80, 70), (230, 70), (150, 260)]


class Hand:
    """Draws in a page's tab."""

    def __init__(self) -> None:
        self.app = opened()

    def draw(self, *strokes: list[tuple[int, int]]) -> None:
        """As the pad tells it, before the rerun that it starts."""
        self.app.session_state[Shared.DRAWING] = Drawing(tuple(map(stroke, strokes)))
        run(self.app)


def opened(**session: object) -> AppTest:
    """The page through the app, for it links to others; not run yet."""
    app = app_at("play/draw")
    for key, value in session.items():
        app.session_state[key] = value
    return app


def stroke(points: list[tuple[int, int]]) -> Stroke:
    return Stroke("pen", 20, tuple(float(place) for point in points for place in point))


def ink(*strokes: list[tuple[int, int]]) -> np.ndarray:
    return ink_of([stroke(points) for points in strokes])


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture(scope="module")
def model():
    return checkpoints.load("mnist-3conv").model


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


@pytest.fixture
def app(hand: Hand) -> AppTest:
    return run(hand.app)


def sentence(app: AppTest) -> str | None:
    """What the network reads, by torch."""
    texts = [element.value for element in [*app.subheader, *app.markdown]]
    return next((text.rstrip(".") for text in texts if text.startswith("The network reads **")), None)


def bar_values(app: AppTest) -> list[dict]:
    chart = app.get("vega_lite_chart")[0].proto
    data = chart.datasets[0].data if chart.datasets else chart.data
    return pa.ipc.open_stream(data.data).read_all().to_pylist()


def sent(app: AppTest) -> dict:
    """What the reader in the browser was given."""
    (reader,) = [one for one in app.get("bidi_component") if one.proto.component_name == "convlens.reader"]
    return unpack(reader.proto.bytes)


def test_nothing_is_read_before_the_first_stroke(app):
    assert sentence(app) is None
    assert any("0, 1, 2, 3, 4, 5, 6, 7, 8, 9" in element.value for element in app.markdown)
    assert sent(app)["tools"]
    assert sent(app)["how"] == {"box": 20, "byMass": True}


def test_the_reading_and_its_tables_follow_every_stroke(app, hand, model):
    for strokes in ([SEVEN], [SEVEN, [(110, 160), (200, 165)]]):
        hand.draw(*strokes)
        image = preprocess_drawing(ink(*strokes)).network_input
        expected = probabilities(model, image[None, None])[0]
        assert sentence(app) == reading(expected, tuple("0123456789"))
        answer, pixels = (frame.value for frame in unfold(app).dataframe)
        np.testing.assert_allclose(answer["probability"], expected, atol=1e-6)
        np.testing.assert_array_equal(pixels, image)
    assert sentence(app).startswith("The network reads **7**")


def test_a_drawing_goes_along_to_the_layers_and_comes_back(hand, model):
    """Walk b7, faults D4: the same strokes on every page, and on return."""
    hand.draw(SEVEN)
    link = next(
        one for one in hand.app.get("page_link") if one.proto.label == "This drawing through the layers"
    )
    assert link.proto.query_string == "maps-image-source=Drawing"
    hand.app.query_params["maps-image-source"] = "Drawing"
    hand.app.session_state[f"{Shared.MAPS_IMAGE}-{ImagePart.OPEN}"] = True
    run(hand.app.switch_page("pages/inside/feature_maps/page.py"))
    (pad,) = [one for one in hand.app.get("bidi_component") if one.proto.component_name == "convlens.pad"]
    assert unpack(pad.proto.bytes)["strokes"] == [stroke(SEVEN).as_json()]
    assert any("Your drawing" in element.value for element in hand.app.markdown)
    run(hand.app.switch_page("pages/play/draw/page.py"))
    assert sent(hand.app)["strokes"] == [stroke(SEVEN).as_json()]
    assert sentence(hand.app).startswith("The network reads **7**")


def test_what_each_stage_is_for_is_computed_not_told(app, hand, model):
    small = [[(x // 5 + 10, y // 5 + 10) for x, y in SEVEN]]  # in the upper left corner
    hand.draw(*small)
    stages = preprocess_drawing(ink(*small))
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


def test_a_test_image_is_chosen_for_a_network_whose_dataset_is_not_known_here(convlens_home):
    model = write_model(convlens_home, "brought", dataset="somebody-elses")
    app = AppTest.from_file(PAGE, default_timeout=300)
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


def test_clothes_are_not_prepared_like_digits(convlens_home):
    """Faults D10."""
    model = write_model(convlens_home, "clothes", dataset="fashion_mnist")
    app = run(opened(**{Shared.MODEL: "run:clothes", Shared.DRAWING: Drawing((stroke(SEVEN),))}))
    assert sent(app)["how"] == {"box": 28, "byMass": False}
    expected = probabilities(model, preprocess_drawing(ink(SEVEN), FASHION).network_input[None, None])[0]
    np.testing.assert_allclose(unfold(app).dataframe[0].value["probability"], expected, atol=1e-6)
    app.button_group(key="draw-input").set_value("Your picture")
    run(app)
    app.file_uploader[0].set_value(("mine.png", sheet(SEVEN), "image/png"))
    run(app)
    assert not app.toggle
    assert sentence(app) is not None


def test_a_network_that_takes_no_drawing_says_so_and_offers_one_that_does(convlens_home):
    write_model(convlens_home, "colours", dataset="cifar10", input_shape=(3, 32, 32))
    app = run(AppTest.from_file(ROOT / "app.py", default_timeout=300))  # for its links to other pages
    app.session_state[Shared.MODEL] = "run:colours"
    run(app.switch_page("pages/play/draw/page.py"))
    assert "takes images of 3×32×32" in app.info[0].value
    next(button for button in app.button if button.label == "Use mnist-3conv instead").click()
    run(app)
    assert not app.info
    app.session_state[Shared.DRAWING] = Drawing((stroke(SEVEN),))
    assert sentence(run(app)).startswith("The network reads **7**")


def test_a_reading_names_the_class_and_its_probability():
    assert reading(np.array([0.3, 0.7]), ("a", "b")) == "The network reads **b** (70.0\u00a0%)"
