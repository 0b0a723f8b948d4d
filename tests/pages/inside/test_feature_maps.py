"""The feature maps page shows what the model's layers give, checked against the model itself."""

from pathlib import Path

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from cnn_core.arrays import to_float
from cnn_core.data import datasets
from cnn_core.networks import shorthand
from pages.inside.feature_maps.keys import Key
from pages.ui.keys import ImagePart, Shared
from pages.ui.words import percent
from tests.support.opening import open_app
from tests.support.tiles_message import shown_tiles
from tests.support.trained_models import write_model

NUMBER = f"{Shared.MAPS_IMAGE}-{ImagePart.NUMBER}"


@pytest.fixture
def model(convlens_home: Path) -> torch.nn.Sequential:
    return write_model(convlens_home, "small")


def _page() -> AppTest:
    return open_app("inside/feature_maps", model="run:small")


def _digit(index: int) -> np.ndarray:
    return to_float(datasets.load("digits").x_test[index : index + 1])


def test_maps_before_and_after_the_activation_are_the_models(model: torch.nn.Sequential) -> None:
    at = _page()
    at.number_input(NUMBER).set_value(7).run()
    at.number_input(Key.MAP).set_value(2).run()
    conv = model.conv1(torch.from_numpy(_digit(7)))[0].numpy()
    np.testing.assert_array_equal(shown_tiles(at, Key.PIXELS).values, _digit(7)[0])
    np.testing.assert_allclose(shown_tiles(at, Key.BEFORE).values[0], conv[2], atol=1e-6)
    np.testing.assert_allclose(shown_tiles(at, Key.AFTER).values[0], conv[2].clip(0), atol=1e-6)
    mosaic = shown_tiles(at, Key.MOSAIC)
    np.testing.assert_allclose(mosaic.values, conv, atol=1e-6)
    assert (mosaic.header["selected"], mosaic.header["scale"]) == (2, "signed")
    assert shown_tiles(at, Key.AFTER).header["scale"] == "positive"
    np.testing.assert_allclose(at.dataframe[0].value, conv[2], atol=1e-6)
    np.testing.assert_array_equal(at.dataframe[2].value, _digit(7)[0, 0])  # the twin of the input


def test_signs_are_counted_before_and_after(model: torch.nn.Sequential) -> None:
    at = _page()
    conv = model.conv1(torch.from_numpy(_digit(0)))[0, 0].numpy()
    text = " ".join(element.value for element in at.markdown)
    assert f"In map 0 of conv1, {(conv < 0).sum():,} are negative" in text
    assert (
        f"After ReLU, 0 are negative, {(conv <= 0).sum():,} are 0 and {(conv > 0).sum():,} positive" in text
    )


def test_every_layer_can_be_walked_to_and_says_its_shape(model: torch.nn.Sequential) -> None:
    at = _page()
    shapes = []
    for layer in ("conv1", "relu1", "pool1", "flatten1", "linear1"):
        at.select_slider(Key.LAYER).set_value(layer).run()
        assert not at.exception
        shapes += [text.value for text in at.markdown if text.value.startswith("**All of")]
    assert [shape.rsplit(" · ", 1)[1] for shape in shapes] == [
        "3 × 26 × 26",
        "3 × 26 × 26",
        "3 × 13 × 13",
        "507 values",
        "10 values",
    ]
    with torch.no_grad():
        logits = model(torch.from_numpy(_digit(0)))[0]
    mosaic = shown_tiles(at, Key.MOSAIC)
    np.testing.assert_allclose(mosaic.values[:, 0, 0], logits.numpy(), atol=1e-5)
    assert mosaic.header["names"][3] == "Class 3"
    answer = f"**{logits.argmax().item()}** ({percent(logits.softmax(0).max().item())})"
    assert any(answer in text.value for text in at.markdown)


def test_another_image_changes_the_maps_and_not_the_model(model: torch.nn.Sequential) -> None:
    at = _page()
    first = shown_tiles(at, Key.MOSAIC).values
    at.number_input(NUMBER).set_value(9).run()
    assert not np.array_equal(first, shown_tiles(at, Key.MOSAIC).values)
    at.number_input(NUMBER).set_value(0).run()
    np.testing.assert_array_equal(first, shown_tiles(at, Key.MOSAIC).values)


def test_the_scale_belongs_to_the_map_or_to_the_layer(model: torch.nn.Sequential) -> None:
    at = _page()
    conv = np.abs(model.conv1(torch.from_numpy(_digit(0)))[0].numpy())
    assert shown_tiles(at, Key.BEFORE).header["limit"] == pytest.approx(conv[0].max(), rel=1e-5)
    at.selectbox(Key.SCALE).set_value("this layer").run()
    assert shown_tiles(at, Key.BEFORE).header["limit"] == pytest.approx(conv.max(), rel=1e-5)
    assert shown_tiles(at, Key.BEFORE).header["scope"] == "this layer"


def test_a_block_is_one_layer_with_maps(convlens_home: Path) -> None:
    line = "conv4-residual6-separable5-flatten-linear10"
    model = write_model(convlens_home, "small", *shorthand.from_text(line))
    at = _page()
    layers = at.select_slider(Key.LAYER)
    assert list(layers.options) == ["conv1", "residual1", "separable1", "flatten1", "linear1"]
    at = layers.set_value("residual1").run()
    mosaic = shown_tiles(at, Key.MOSAIC)
    with torch.inference_mode():
        expected = model[:2](torch.from_numpy(_digit(0)))[0].numpy()
    np.testing.assert_allclose(mosaic.values, expected, atol=1e-6)
    assert mosaic.header["scale"] == "positive"
    assert "**All of residual1** · ResidualBlock · 6 × 26 × 26" in [text.value for text in at.markdown]
