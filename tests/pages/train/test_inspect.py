"""Inspect as a student uses it: a layer is chosen by its row, guesses come first, graphs are those of real passes."""

import json
import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints
from pages.train.inspect.keys import Key
from pages.train.inspect.subject import BUILT
from pages.ui.network.keys import NetworkKey
from pages.ui.words import percent
from tests.support.opening import open_app, unfold, words

PARTS = ("Layers", "Dynamic graph", "An if, two graphs", "Sequential or Module")
SMALL = "conv4-relu-dropout0.5-flatten-linear10"


def page(part: str = PARTS[0], **link: str) -> AppTest:
    return open_app(
        "train/inspect", link={Key.PART: part, **{Key[name]: value for name, value in link.items()}}
    )


def built(part: str, line: str = SMALL) -> AppTest:
    return open_app(
        "train/inspect",
        link={
            Key.PART: part,
            Key.WHICH: BUILT,
            NetworkKey.NETWORK: line,
            NetworkKey.DATASET: "digits",
        },
    )


def table(at: AppTest) -> Any:
    return at.dataframe[0].value


def drawn(at: AppTest, key: str) -> str:
    (html,) = (element.value for element in at.get("html") if f".st-key-{key} img" in element.value)
    return html


def test_the_table_has_every_layer_s_costs_as_the_card_s_network_has_them():
    infos = checkpoints.load("mnist-3conv").card.architecture.summary()
    shown = table(page())
    assert list(shown["layer"]) == [info.name for info in infos]
    assert list(shown["parameters"]) == [info.parameters for info in infos]
    assert list(shown["multiply-adds"]) == [info.macs for info in infos]
    assert list(shown["memory"] * 1e6) == pytest.approx([4 * 128 * info.values for info in infos])
    assert shown["sees"][3] == "8×8"
    assert shown["how the parameters add up"][0] == "32 × (1 × 3 × 3) + 32 = 320"
    at = page()
    at.number_input(Key.BATCH).set_value(1).run()
    assert table(at)["memory"][0] * 1e3 == pytest.approx(4 * 32 * 26 * 26)


def test_parameters_are_not_work_is_said_in_this_network_s_numbers():
    architecture = checkpoints.load("mnist-3conv").card.architecture
    said = words(page())
    conv2 = next(info for info in architecture.summary() if info.name == "conv2")
    assert f"conv2 has {percent(conv2.parameters / architecture.parameters)}" in said
    assert f"does {percent(conv2.macs / architecture.macs)}" in said
    assert "**A filter of conv2 is not 3×3** but 3×3×32 = 288 weights" in said


def test_a_layer_of_the_list_is_marked_in_the_table_and_its_numbers_are_shown():
    """That a row's click chooses it, a browser shows."""
    at = page()
    assert "conv1.weight" in words(at)
    at.selectbox(Key.LAYER).set_value("linear1").run()
    assert at.session_state[Key.TABLE]["selection"]["rows"] == [9]
    assert "**linear1.weight**: 36,864 parameters" in words(at)
    assert at.query_params[Key.LAYER] == "linear1"
    at.selectbox(Key.TENSOR).set_value("bias").run()
    assert "**linear1.bias**: 64 parameters" in words(at)
    at.selectbox(Key.LAYER).set_value("relu1").run()
    assert at.session_state[Key.TABLE]["selection"]["rows"] == [1]
    assert "**relu1** has no parameters" in words(at)
    assert at.info[0].value.startswith("MNIST is not on this machine yet")  # so there are no activations
    at = built(PARTS[0])
    at.selectbox(Key.LAYER).set_value("relu1").run()
    assert re.search(
        r"\*\*relu1, 64 test images of Digits.*\*\*: 173,056 activations.* are exactly 0", words(at)
    )


@pytest.mark.parametrize("state", [{"rows": [99]}, {"rows": ["x"]}, {"cells": [[-1, 5]]}, {"cells": "x"}])
def test_a_row_that_is_not_there_changes_nothing(state):
    at = page()
    at.session_state[Key.TABLE] = json.loads(json.dumps({"selection": state}))
    at.run()
    assert not at.exception
    assert at.selectbox(Key.LAYER).value == "conv1"


def test_numbers_are_hidden_until_both_are_predicted():
    at = page()
    at.toggle(Key.GUESS).set_value(True).run()
    hidden = {"parameters", "multiply-adds", "how the parameters add up"}
    assert not hidden & set(table(at).columns)
    assert "Parameters are not work" not in words(at)
    first, second = (group for group in at.get("button_group") if "Predict" in group.label)
    first.set_value("conv1").run()
    assert not hidden & set(table(at).columns)
    first, second = (group for group in at.get("button_group") if "Predict" in group.label)
    second.set_value("conv2").run()
    assert hidden <= set(table(at).columns)
    assert at.error[0].value.startswith("**Not quite: it is conv3 and linear1.** linear1 has 39.6\u00a0%")
    assert "Each of its weights is used 121 times an image" in at.success[0].value


def test_the_network_being_built_is_inspected_untrained():
    at = built(PARTS[0])
    assert list(table(at)["layer"]) == ["conv1", "relu1", "dropout1", "flatten1", "linear1"]
    before = next(line for line in words(at).splitlines() if "conv1.weight" in line)
    at.number_input(Key.SEED).set_value(1).run()
    assert next(line for line in words(at).splitlines() if "conv1.weight" in line) != before
    broken = built(PARTS[0], "conv4-linear10")
    assert "Linear needs a vector" in broken.error[0].value
    assert len(broken.dataframe) == 0


def test_a_layer_that_is_no_longer_there_is_not_shown():
    at = built(PARTS[0])
    at.selectbox(Key.LAYER).set_value("dropout1").run()
    at.text_input(NetworkKey.NETWORK).set_value("flatten-linear10").run()
    assert not at.exception
    assert at.selectbox(Key.LAYER).value == "flatten1"


def test_the_graph_has_the_nodes_of_the_network_and_dropout_s_in_training():
    at = built(PARTS[1])
    # conv 3, relu 1, flatten 1, linear 4
    assert "**9 nodes**, 5 operations and 4 parameters" in words(at)
    assert "dropout1 left none" in words(at)
    assert 'src="data:image/svg+xml;base64,' in drawn(at, Key.GRAPH)
    at.toggle(Key.TRAINING).set_value(True).run()
    assert "**10 nodes**, 6 operations and 4 parameters" in words(at)
    nodes, made = (frame.value for frame in unfold(at).dataframe)
    assert list(nodes["made by"])[3:5] == ["relu1", "dropout1"]
    assert dict(zip(made["layer"], made["nodes"]))["linear1"] == 4


def test_an_if_gives_two_graphs():
    at = built(PARTS[2])
    said = words(at)
    assert "13 nodes, 7 of them only here (framed). No gradient for `bright`" in said
    assert "9 nodes, 3 of them only here (framed). No gradient for `dark1`, `dark2`" in said
    assert at.code[0].value.startswith("def forward(self, x):\n    if x.mean() > 0.5:")
    assert drawn(at, Key.DARK) != drawn(at, Key.BRIGHT)
    at.number_input(Key.PICTURE).set_value(3).run()
    assert not at.exception
    frames = [frame.value for frame in unfold(at).dataframe]
    assert [frame["only here"].sum() for frame in frames] == [7, 3]


def test_both_ways_to_write_it_stand_side_by_side_with_their_keys():
    at = built(PARTS[3], "residual4-flatten-linear10")
    sequential, module, *_ = (code.value for code in at.code)
    assert "nn.Sequential(OrderedDict([" in sequential
    assert "class Network(nn.Module):" in module
    assert "in an `nn.Sequential` have the same" in words(at)
    keys = unfold(at).dataframe[-1].value
    assert keys["class Network"][0] == "residual1.conv1.weight"
    assert keys["nn.Sequential without names"][0] == "0.conv1.weight"


def test_the_selected_layer_is_marked_in_the_graph() -> None:
    at = built("Dynamic graph")
    at.selectbox(key=Key.LAYER).set_value("linear1").run()
    assert "**linear1** (framed) 4." in words(at)
    (frame,) = [element.value for element in unfold(at).dataframe if "of linear1" in element.value]
    assert frame[frame["of linear1"]]["made by"].eq("linear1").sum() == frame["of linear1"].sum() == 4
