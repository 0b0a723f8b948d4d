"""The filters page shows the model's own weights, in the order and on the scale that were chosen."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from cnn_core import checkpoints
from cnn_core.networks import shorthand
from cnn_core.networks.layers import Conv2d, Flatten, Linear
from pages.inside.filters.keys import Key
from pages.ui.words import plain
from tests.support.component_message import unpack
from tests.support.opening import open_app, unfold
from tests.support.tiles_message import shown_tiles
from tests.support.trained_models import write_model


def _page(model: str = "mnist-3conv") -> AppTest:
    return open_app("inside/filters", model=model)


def _matrix(at: AppTest) -> dict[str, Any]:
    """What the matrix was told."""
    (message,) = (
        element.proto for element in at.get("bidi_component") if element.proto.id.endswith(f"-{Key.MATRIX}")
    )
    return unpack(message.bytes)


def _guesses(at: AppTest) -> ButtonGroup:
    return next(group for group in at.get("button_group") if "how many weights" in group.label)


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    state = checkpoints.load("mnist-3conv").model.state_dict()
    return {name: tensor.numpy() for name, tensor in state.items()}


def test_filters_stand_by_their_norm_or_their_index(weights: dict[str, np.ndarray]) -> None:
    at = _page()
    weight = weights["conv1.weight"]
    order = np.argsort(-np.linalg.norm(weight.reshape(32, -1), axis=1), kind="stable")
    mosaic = shown_tiles(at, Key.MOSAIC)
    np.testing.assert_array_equal(mosaic.values, weight[order, 0])
    assert mosaic.header["chosen"] == [0, 0]  # the strongest one is large
    assert mosaic.header["names"][0].startswith(f"conv1 · filter {order[0]} · norm ")
    np.testing.assert_allclose(mosaic.header["limits"], np.full(32, np.abs(weight).max()))
    at.selectbox(Key.ORDER).set_value("index").run()
    np.testing.assert_array_equal(shown_tiles(at, Key.MOSAIC).values, weight[:, 0])
    at.selectbox(Key.SCALE).set_value("this filter").run()
    limits = shown_tiles(at, Key.MOSAIC).header["limits"]
    np.testing.assert_allclose(limits, np.abs(weight).max(axis=(1, 2, 3)))
    at.selectbox(Key.SCALE).set_value("the whole network").run()
    largest = max(np.abs(weights[f"conv{number}.weight"]).max() for number in (1, 2, 3))
    np.testing.assert_allclose(shown_tiles(at, Key.MOSAIC).header["limits"], np.full(32, largest))
    assert shown_tiles(at, Key.MOSAIC).header["scope"] == "the whole network"


def test_each_layer_starts_with_its_strongest_filter(weights: dict[str, np.ndarray]) -> None:
    at = _page()
    for layer in ("conv1", "conv2", "conv1"):
        at.segmented_control(Key.LAYER).set_value(layer).run()
        weight = weights[f"{layer}.weight"]
        strongest = np.linalg.norm(weight.reshape(len(weight), -1), axis=1).argmax()
        assert at.number_input(Key.FILTER).value == strongest
        at.number_input(Key.FILTER).set_value(5).run()
        assert at.number_input(Key.FILTER).value == 5


def test_a_deeper_filter_is_opened_to_its_kernels(weights: dict[str, np.ndarray]) -> None:
    at = _page()
    at.segmented_control(Key.LAYER).set_value("conv2").run()
    at.number_input(Key.FILTER).set_value(12).run()
    at.number_input(Key.CHANNEL).set_value(3).run()
    mosaic = shown_tiles(at, Key.MOSAIC)
    assert mosaic.values.shape == (64 * 32, 3, 3)
    assert mosaic.header["group"] == 32
    place, kernel = mosaic.header["chosen"]
    assert kernel == 3
    weight = weights["conv2.weight"]
    np.testing.assert_array_equal(mosaic.values.reshape(64, 32, 3, 3)[place], weight[12])
    np.testing.assert_array_equal(unfold(at).dataframe[0].value, weight[12, 3])
    norm = np.linalg.norm(weight[12])
    assert any(f"norm is {norm:.3f}" in text.value for text in at.markdown)
    assert mosaic.header["names"][place] == f"conv2 · filter 12 · norm {norm:.3f}"


def test_a_linear_layer_is_its_matrix(weights: dict[str, np.ndarray]) -> None:
    at = _page()
    at.segmented_control(Key.LAYER).set_value("linear2").run()
    at.number_input(Key.OUTPUT).set_value(7).run()
    at.number_input(Key.INPUT).set_value(20).run()
    header = _matrix(at)
    weight = weights["linear2.weight"]
    np.testing.assert_array_equal(header["values"].reshape(header["shape"]), weight)
    assert (header["names"], header["prefix"]) == ([str(digit) for digit in range(10)], "class ")
    assert (header["chosen"], header["folded"]) == ([7, 20], 1)
    assert header["limit"] == pytest.approx(np.abs(weight).max())
    said = " ".join(text.value for text in at.markdown)
    assert f"`linear2.weight[7, 20]` is {plain(float(weight[7, 20]), 4)}" in said
    assert "10 × (64 + 1) = 650 parameters" in said
    np.testing.assert_array_equal(unfold(at).dataframe[0].value.to_numpy(), weight[7][None])
    at.segmented_control(Key.LAYER).set_value("linear1").run()
    assert _matrix(at)["prefix"] == "output "


def test_the_prediction_is_checked_with_the_reason() -> None:
    at = _page()
    at.segmented_control(Key.LAYER).set_value("conv2").run()
    _guesses(at).set_value("9").run()
    assert at.error[0].value.startswith("**Not quite: it is 288.** ")
    assert "3 × 3 × 32 = 288 weights" in at.error[0].value
    assert "64 × (3 × 3 × 32 + 1) = 18,496" in at.error[0].value
    _guesses(at).set_value("288").run()
    assert not at.error
    assert at.success[0].value.startswith("**Right: 288.** ")
    at.segmented_control(Key.LAYER).set_value("conv3").run()  # another question
    assert not at.success


def test_filters_that_read_colours_are_shown_in_colour(convlens_home: Path) -> None:
    layers = (Conv2d(4), Conv2d(2), Flatten(), Linear(10))
    model = write_model(convlens_home, "rgb", *layers, input_shape=(3, 8, 8))
    at = _page("run:rgb")
    mosaic = shown_tiles(at, Key.MOSAIC)
    assert (mosaic.header["kind"], mosaic.header["group"]) == ("colour", 3)
    assert mosaic.header["sliceNames"] == ["red", "green", "blue"]
    weight = model.conv1.weight.numpy()
    order = np.argsort(-np.linalg.norm(weight.reshape(4, -1), axis=1), kind="stable")
    np.testing.assert_array_equal(mosaic.values.reshape(4, 3, 3, 3), weight[order])
    at.segmented_control(Key.LAYER).set_value("conv2").run()
    assert shown_tiles(at, Key.MOSAIC).header["kind"] == "plain"


def test_filters_that_do_nothing_are_named(convlens_home: Path) -> None:
    path = convlens_home / "runs" / "idle"
    model = write_model(convlens_home, "idle")
    model.conv1.weight[1] = 0
    checkpoints.save(path, dict(model.state_dict()), checkpoints.read_card(path))
    at = _page("run:idle")
    assert any("do next to nothing in conv1:** 1." in text.value for text in at.markdown)


def test_a_network_without_convolutions_has_its_matrices(convlens_home: Path) -> None:
    model = write_model(convlens_home, "dense", Flatten(), Linear(10))
    header = _matrix(_page("run:dense"))
    np.testing.assert_array_equal(header["values"].reshape(10, -1), model.linear1.weight.numpy())


def test_the_filters_inside_a_block_have_its_name_and_their_own(convlens_home: Path) -> None:
    write_model(convlens_home, "blocks", *shorthand.from_text("conv4-residual6-separable5-flatten-linear10"))
    at = _page("run:blocks")
    (layer,) = (group for group in at.get("button_group") if group.label == "Layer")
    assert list(layer.options) == [
        "conv1",
        *("residual1.conv1", "residual1.conv2", "residual1.shortcut.projection"),
        *("separable1.depthwise", "separable1.pointwise"),
        "linear1",
    ]
    state = checkpoints.load(convlens_home / "runs" / "blocks").model.state_dict()
    at = at.segmented_control(Key.LAYER).set_value("residual1.conv2").run()
    at = at.selectbox(Key.ORDER).set_value("index").run()
    expected = state["residual1.conv2.weight"].numpy()  # 6 filters of 6 channels
    np.testing.assert_array_equal(shown_tiles(at, Key.MOSAIC).values, expected.reshape(36, 3, 3))
