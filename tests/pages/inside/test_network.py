"""The network map hands the browser the right network and image, and its table is torch's own."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core.data import catalog, datasets, images
from cnn_core.data.drawing import MNIST, preprocess_drawing
from cnn_core.data.strokes import Stroke, ink_of
from cnn_core.inside.forward import forward_all, probabilities
from cnn_core.networks.layers import BatchNorm, Conv2d, Flatten, Linear, ReLU
from pages.inside.network import place
from pages.inside.network.keys import Key
from pages.ui.drawing import Drawing
from pages.ui.keys import Shared
from tests.support.component_message import unpack
from tests.support.opening import app_at, open_app, unfold, words
from tests.support.trained_models import UNUSUAL, write_model

FOLDER = "inside/network"
HOW = catalog.info("digits").preparation or MNIST
SEVEN = Stroke("pen", 20, (80.0, 70.0, 230.0, 70.0, 150.0, 260.0))


def told(at: AppTest) -> dict[str, Any]:
    """What the map was told."""
    (message,) = (e.proto for e in at.get("bidi_component") if e.proto.id.endswith(f"-{Key.MAP}"))
    return unpack(message.bytes)


@pytest.fixture
def model(convlens_home: Path):
    return write_model(convlens_home, "small")


def sample() -> np.ndarray:
    """The first test image of the built-in digits."""
    return images.fit(datasets.load("digits").x_test[0], (28, 28), 1)


def test_a_digit_network_begins_with_paper_and_says_what_to_do(model) -> None:
    at = open_app(FOLDER, model="run:small")
    map_ = told(at)
    assert map_["drawn"]
    assert map_["strokes"] == []
    assert map_["how"] == {"box": HOW.box, "byMass": HOW.by_mass}
    assert map_["names"] == ["input", "conv1", "relu1", "pool1", "flatten1", "linear1", "probabilities"]
    assert map_["sizes"] == ["28×28", "26×26", "", "13×13", "507", "10", ""]
    assert [layer["name"] for layer in map_["network"]["layers"]] == map_["names"][1:-1]
    assert "Draw a digit" in words(at)


def test_the_image_is_the_models_own_and_the_table_is_torchs(model) -> None:
    at = unfold(open_app(FOLDER, model="run:small", link={Key.INPUT: "Image"}))
    map_ = told(at)
    assert not map_["drawn"]
    np.testing.assert_array_equal(map_["image"], sample().ravel())
    layers, answer = (frame.value for frame in at.dataframe)
    outputs = [one.output[0] for one in forward_all(model, sample()[None])]
    assert list(layers["layer"]) == ["conv1", "relu1", "pool1", "flatten1", "linear1"]
    np.testing.assert_allclose(layers["least"], [one.min() for one in outputs], rtol=1e-5)
    np.testing.assert_allclose(layers["largest"], [one.max() for one in outputs], rtol=1e-5)
    np.testing.assert_allclose(layers["zeros"], [(one == 0).mean() for one in outputs])
    np.testing.assert_allclose(
        answer["probability"], probabilities(model, sample()[None])[0], rtol=1e-4, atol=1e-7
    )


def test_a_drawing_is_on_the_paper_and_in_the_table(model) -> None:
    at = app_at(FOLDER)
    at.session_state[Shared.MODEL] = "run:small"
    at.session_state[Shared.DRAWING] = Drawing((SEVEN,))
    at = unfold(at.run())
    assert [stroke["points"] for stroke in told(at)["strokes"]] == [list(SEVEN.points)]
    image = preprocess_drawing(ink_of([SEVEN]), HOW).network_input
    shares = probabilities(model, image[None, None])[0]
    np.testing.assert_allclose(at.dataframe[1].value["probability"], shares, rtol=1e-4, atol=1e-7)


def test_a_network_for_photographs_gets_one(convlens_home: Path) -> None:
    write_model(convlens_home, "colour", *UNUSUAL["colour"], dataset="cifar10", input_shape=(3, 32, 32))
    at = open_app(FOLDER, model="run:colour")
    assert not told(at)["drawn"]
    assert told(at)["image"].shape == (3 * 32 * 32,)
    assert told(at)["caption"]


def test_scale_and_columns_reach_the_map(model) -> None:
    link = {Key.SCALE: "One scale", Key.COLUMNS: "Every layer"}
    at = open_app(FOLDER, model="run:small", link=link)
    assert (told(at)["scope"], told(at)["folds"]) == ("network", False)
    assert (told(open_app(FOLDER))["scope"], told(open_app(FOLDER))["folds"]) == ("map", True)


def test_names_are_a_layers_word_and_number(convlens_home: Path) -> None:
    layers = (Conv2d(4, bias=False), BatchNorm(), ReLU(), Flatten(), Linear(10))
    write_model(convlens_home, "normed", *layers)
    assert told(open_app(FOLDER, model="run:normed"))["names"][1:4] == ["conv1", "bn1", "relu1"]


def test_a_link_opens_a_place_and_the_map_says_another(model) -> None:
    at = open_app(FOLDER, model="run:small", link={Key.PLACE: "conv1.2.4.6"})
    assert told(at)["place"] == "conv1.2.4.6"
    assert at.query_params[Key.PLACE] == "conv1.2.4.6"
    at.session_state[Key.PLACE] = "relu1.0"  # as `place.put` keeps what the browser tells
    at.run()
    assert at.query_params[Key.PLACE] == "relu1.0"
    at.session_state[Key.PLACE] = ""
    at.run()
    assert Key.PLACE not in at.query_params


@pytest.mark.parametrize(
    "wrong", [None, 7, "conv1", "conv1.2.3", "conv1.x", "Conv1.2", "a.1" * 50, ["conv1.2"]]
)
def test_what_is_no_place_is_the_map(wrong: object) -> None:
    assert place.PLACE.fullmatch("residual12.255.31.0")
    assert not (isinstance(wrong, str) and place.PLACE.fullmatch(wrong))
