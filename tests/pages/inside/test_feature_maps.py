"""The feature maps page shows what the model's layers give, checked against the model itself."""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import streamlit as st
import torch
from streamlit.testing.v1 import AppTest

from cnn_core.arrays import to_float
from cnn_core.data import datasets
from cnn_core.networks import shorthand
from pages.inside.feature_maps.choice import step_through
from pages.inside.feature_maps.keys import Key
from pages.ui.keys import ImagePart, Shared
from pages.ui.words import percent
from tests.support.opening import open_app, unfold
from tests.support.tiles_message import shown_tiles
from tests.support.trained_models import write_model

NUMBER = f"{Shared.MAPS_IMAGE}-{ImagePart.NUMBER}"


@pytest.fixture
def model(convlens_home: Path) -> torch.nn.Sequential:
    return write_model(convlens_home, "small")


def _page() -> AppTest:
    return open_app("inside/feature_maps", model="run:small")


def opened(at: AppTest) -> AppTest:
    """The page with its image picker open."""
    at.session_state[f"{Shared.MAPS_IMAGE}-{ImagePart.OPEN}"] = True
    return at.run()


class Mosaic(NamedTuple):
    """What the mosaic was told: its header, its values and the pictures beside them."""

    header: dict[str, Any]
    values: np.ndarray
    further: list[np.ndarray]


def _mosaic(at: AppTest) -> Mosaic:
    header, values = shown_tiles(at, Key.MOSAIC)
    further = [header[f"further{place}"].reshape(one["shape"]) for place, one in enumerate(header["further"])]
    return Mosaic(header, values, further)


def _limits(at: AppTest) -> np.ndarray:
    return np.asarray(_mosaic(at).header["limits"])


def _titles(at: AppTest) -> list[str]:
    """The titles of the tables, in their order."""
    found = [text.value.strip("*") for text in at.expander[0].markdown]
    return [title.replace("\\", "") for title in found]


def _digit(index: int) -> np.ndarray:
    return to_float(datasets.load("digits").x_test[index : index + 1])


def test_maps_before_and_after_the_activation_are_the_models(model: torch.nn.Sequential) -> None:
    at = _page()
    opened(at).number_input(NUMBER).set_value(7).run()
    at.number_input(Key.MAP).set_value(2).run()
    conv = model.conv1(torch.from_numpy(_digit(7)))[0].numpy()
    header, values, further = _mosaic(at)
    np.testing.assert_allclose(values, conv, atol=1e-6)
    np.testing.assert_array_equal(further[0], _digit(7)[0])
    np.testing.assert_allclose(further[1], conv.clip(0), atol=1e-6)
    assert (header["chosen"], header["scale"]) == ([2, 0], "signed")
    assert [one["title"] for one in header["further"]] == ["Input", "relu1: after ReLU"]
    tables = {name: frame.value for name, frame in zip(_titles(unfold(at)), at.dataframe)}
    np.testing.assert_allclose(tables["conv1, the values of map 2"], conv[2], atol=1e-6)
    np.testing.assert_array_equal(tables["The input, channel 0"], _digit(7)[0, 0])


def test_every_map_has_its_own_scale_or_the_layers(model: torch.nn.Sequential) -> None:
    at = _page()
    conv = np.abs(model.conv1(torch.from_numpy(_digit(0)))[0].numpy())
    np.testing.assert_allclose(_limits(at), conv.max(axis=(1, 2)), rtol=1e-5)
    assert _mosaic(at).header["scope"] == "this map"
    at.selectbox(Key.SCALE).set_value("this layer").run()
    np.testing.assert_allclose(_limits(at), np.full(len(conv), conv.max()), rtol=1e-5)
    assert _mosaic(at).header["scope"] == "this layer"
    at.segmented_control(Key.LAYER).set_value("relu1").run()
    assert _mosaic(at).header["scale"] == "positive"
    np.testing.assert_allclose(_limits(at), np.full(len(conv), conv.max()), rtol=1e-5)


def test_the_answer_stands_beside_the_maps(model: torch.nn.Sequential) -> None:
    header = _mosaic(_page()).header
    with torch.no_grad():
        expected = model(torch.from_numpy(_digit(0)))[0].softmax(0).numpy()
    np.testing.assert_allclose(header["shares"], expected, atol=1e-6)
    assert header["classes"] == [str(digit) for digit in range(10)]
    assert header["percents"] == [percent(float(share)) for share in expected]


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
        at.segmented_control(Key.LAYER).set_value(layer).run()
        assert not at.exception
        shapes.append(_mosaic(at).header["title"].rsplit(" · ", 1)[1])
    assert shapes == ["3 × 26 × 26", "3 × 26 × 26", "3 × 13 × 13", "507 values", "10 values"]
    with torch.no_grad():
        logits = model(torch.from_numpy(_digit(0)))[0]
    mosaic = _mosaic(at)
    np.testing.assert_allclose(mosaic.values[:, 0, 0], logits.numpy(), atol=1e-5)
    assert mosaic.header["names"][3] == "linear1 · class 3"
    answer = f"**{logits.argmax().item()}** ({percent(logits.softmax(0).max().item())})"
    assert any(answer in text.value for text in at.markdown)


def test_another_image_changes_the_maps_and_not_the_model(model: torch.nn.Sequential) -> None:
    at = _page()
    first = _mosaic(at).values
    opened(at).number_input(NUMBER).set_value(9).run()
    assert not np.array_equal(first, _mosaic(at).values)
    at.number_input(NUMBER).set_value(0).run()
    np.testing.assert_array_equal(first, _mosaic(at).values)


def test_a_block_is_one_layer_with_maps(convlens_home: Path) -> None:
    line = "conv4-residual6-separable5-flatten-linear10"
    model = write_model(convlens_home, "small", *shorthand.from_text(line))
    at = _page()
    layers = at.segmented_control(Key.LAYER)
    assert list(layers.options) == ["conv1", "residual1", "separable1", "flatten1", "linear1"]
    at = layers.set_value("residual1").run()
    mosaic = _mosaic(at)
    with torch.inference_mode():
        expected = model[:2](torch.from_numpy(_digit(0)))[0].numpy()
    np.testing.assert_allclose(mosaic.values, expected, atol=1e-6)
    assert mosaic.header["scale"] == "positive"
    assert mosaic.header["title"] == "residual1 · ResidualBlock · 6 × 26 × 26"


def test_the_keys_step_through_the_layers_and_stop_at_the_ends() -> None:
    names = ["conv1", "relu1", "linear1"]
    where = {}
    for name, by in [("conv1", 1), ("conv1", -1), ("linear1", 1), ("linear1", -1)]:
        step_through(names, name)(by)
        where[name, by] = st.session_state[Key.LAYER]
    assert list(where.values()) == ["relu1", "conv1", "linear1", "relu1"]
