"""The filters page shows the model's own weights, in the order and on the scale that were chosen."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import ButtonGroup

from cnn_core import checkpoints
from cnn_core.networks import shorthand
from cnn_core.networks.layers import Conv2d, Flatten, Linear
from pages.inside.filters.keys import Key
from tests.support.opening import open_app
from tests.support.tiles_message import shown_tiles
from tests.support.trained_models import write_model


def _page(model: str = "mnist-3conv") -> AppTest:
    return open_app("inside/filters", model=model)


def _guesses(at: AppTest) -> ButtonGroup:
    return next(group for group in at.get("button_group") if "how many weights" in group.label)


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    state = checkpoints.load("mnist-3conv").model.state_dict()
    return {name: tensor.numpy() for name, tensor in state.items()}


def test_the_first_layers_kernels_are_the_models_weights(weights: dict[str, np.ndarray]) -> None:
    at = _page()
    mosaic = shown_tiles(at, Key.MOSAIC)
    np.testing.assert_array_equal(mosaic.values, weights["conv1.weight"][:, 0])
    assert mosaic.header["limit"] == pytest.approx(np.abs(weights["conv1.weight"]).max())
    assert mosaic.header["names"][5] == "Filter 5"
    np.testing.assert_array_equal(shown_tiles(at, Key.KERNEL).values[0], weights["conv1.weight"][0, 0])


def test_a_deeper_layer_is_a_table_of_channels_and_filters(weights: dict[str, np.ndarray]) -> None:
    at = _page()
    at.segmented_control(Key.LAYER).set_value("conv2").run()
    at.number_input(Key.FILTER).set_value(12).run()
    at.number_input(Key.CHANNEL).set_value(3).run()
    mosaic = shown_tiles(at, Key.MOSAIC)
    assert mosaic.values.shape == (32 * 64, 3, 3)
    assert mosaic.header["selected"] == 3 * 64 + 12
    np.testing.assert_array_equal(mosaic.values[3 * 64 + 12], weights["conv2.weight"][12, 3])
    np.testing.assert_array_equal(shown_tiles(at, Key.ONE).values, weights["conv2.weight"][12])
    np.testing.assert_array_equal(shown_tiles(at, Key.KERNEL).values[0], weights["conv2.weight"][12, 3])
    np.testing.assert_array_equal(at.dataframe[0].value, weights["conv2.weight"][12, 3])
    norm = np.linalg.norm(weights["conv2.weight"][12])
    assert any(f"norm is {norm:.3f}" in caption.value for caption in at.caption)


def test_sorting_by_norm_and_the_scale_of_the_network(weights: dict[str, np.ndarray]) -> None:
    at = _page()
    at.selectbox(Key.ORDER).set_value("norm").run()
    at.selectbox(Key.SCALE).set_value("the whole network").run()
    mosaic = shown_tiles(at, Key.MOSAIC)
    norms = np.linalg.norm(mosaic.values.reshape(32, -1), axis=1)
    assert (np.diff(norms) <= 1e-6).all()
    largest = max(np.abs(weights[f"conv{number}.weight"]).max() for number in (1, 2, 3))
    assert mosaic.header["limit"] == pytest.approx(largest)
    assert mosaic.header["scope"] == "the whole network"


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


def test_colour_images_keep_a_filters_kernels_together(convlens_home: Path) -> None:
    model = write_model(convlens_home, "rgb", Conv2d(4), Flatten(), Linear(10), input_shape=(3, 8, 8))
    mosaic = shown_tiles(_page("run:rgb"), Key.MOSAIC)
    assert mosaic.header["group"] == 3
    assert mosaic.header["names"][4] == "Filter 1, channel 1"
    np.testing.assert_array_equal(mosaic.values[4], model.conv1.weight[1, 1].numpy())


def test_filters_that_do_nothing_are_named(convlens_home: Path) -> None:
    path = convlens_home / "runs" / "idle"
    model = write_model(convlens_home, "idle")
    model.conv1.weight[1] = 0
    checkpoints.save(path, dict(model.state_dict()), checkpoints.read_card(path))
    at = _page("run:idle")
    assert any("do next to nothing in conv1:** 1." in text.value for text in at.markdown)


def test_a_network_without_convolutions_is_told_so(convlens_home: Path) -> None:
    write_model(convlens_home, "dense", Flatten(), Linear(10))
    assert "no convolution" in _page("run:dense").info[0].value


def test_the_filters_inside_a_block_have_its_name_and_their_own(convlens_home: Path) -> None:
    write_model(convlens_home, "blocks", *shorthand.from_text("conv4-residual6-separable5-flatten-linear10"))
    at = _page("run:blocks")
    (layer,) = (group for group in at.get("button_group") if group.label == "Layer")
    assert list(layer.options) == [
        "conv1",
        *("residual1.conv1", "residual1.conv2", "residual1.shortcut.projection"),
        *("separable1.depthwise", "separable1.pointwise"),
    ]
    state = checkpoints.load(convlens_home / "runs" / "blocks").model.state_dict()
    at = at.segmented_control(Key.LAYER).set_value("residual1.conv2").run()
    expected = state["residual1.conv2.weight"].numpy()  # 6 filters of 6 channels, a row a channel
    np.testing.assert_array_equal(
        shown_tiles(at, Key.MOSAIC).values, expected.swapaxes(0, 1).reshape(36, 3, 3)
    )
