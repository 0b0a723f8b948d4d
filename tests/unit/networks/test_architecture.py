"""Shapes, costs, receptive fields and initial weights, held against torch; what is read from strangers."""

import json
import math
import subprocess
import sys

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from cnn_core.networks import json_form, repairs
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.building import build
from cnn_core.networks.layers import (
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Flatten,
    GlobalAvgPool,
    Linear,
    MaxPool2d,
    ReLU,
)
from cnn_core.networks.presets import PRESETS
from cnn_core.networks.shapes import sides_read, walk
from tests.support.layer_strategies import any_layer, maps, sizes, windows
from tests.support.receptive_field import positive, reached

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")


@given(sizes, maps, st.integers(2, 12))
@settings(max_examples=60, deadline=None)
def test_shapes_parameters_and_multiply_adds_are_torchs(shape, stack, classes):
    architecture = Architecture(shape, (*stack, Flatten(), Linear(5), ReLU(), Linear(classes)), classes)
    assume(not repairs.problems(architecture))
    model = build(architecture).eval()
    x = torch.rand(2, *shape)
    assert [name for name, _ in model.named_children()] == [info.name for info in architecture.summary()]
    for info, module in zip(architecture.summary(), model):
        assert tuple(x.shape[1:]) == info.input_shape
        x = module(x)
        assert tuple(x.shape[1:]) == info.output_shape
        parameters = list(module.parameters())
        assert info.parameters == sum(parameter.numel() for parameter in parameters)
        assert info.parameters_text.endswith(f"{info.parameters:,}")
        if isinstance(module, nn.Conv2d):
            # one multiply-add for each weight of a filter, at each place of its map
            assert info.macs == parameters[0].numel() * x.shape[2] * x.shape[3]
        if isinstance(module, nn.Linear):
            assert info.macs == parameters[0].numel()
    assert x.shape == (2, classes)


@given(st.lists(windows, min_size=1, max_size=4))
@settings(max_examples=20)
def test_receptive_field_is_where_the_gradient_reaches(stack):
    """The rows that change one output in the middle of a large image: as many as said, and `jump` apart."""
    shape = (2, 240, 9)
    stack = [layer.fitted((2, 1, 1)) for layer in stack]
    infos, failure = walk(shape, tuple(stack))
    assume(failure is None)
    model = positive(nn.Sequential(*(info.layer.module(info.input_shape) for info in infos)))
    middle = infos[-1].output_shape[1] // 2
    first, last = reached(model, shape, middle)
    assume(first > 0 and last < shape[1] - 1)  # not cut off at the image's edge
    assert last - first + 1 == infos[-1].receptive_field
    assert reached(model, shape, middle - 1)[0] == first - infos[-1].jump


def test_receptive_field_of_the_keras_network_by_hand():
    summary = PRESETS["mnist-3conv"].architecture().summary()
    found = {info.name: (info.receptive_field, info.jump) for info in summary}
    assert found["conv1"] == (3, 1)
    assert found["pool1"] == (4, 2)
    assert found["conv2"] == (8, 2)
    assert found["pool2"] == (10, 4)
    assert found["conv3"] == (18, 4)
    assert found["linear1"] == (
        26,
        0,
    )  # 3×3 cells, 4 pixels apart: 18 + 2·4; two rows and columns are never read


@given(sizes, maps)
@settings(max_examples=100, deadline=None)
def test_what_a_network_does_not_read_changes_nothing(shape, stack):
    architecture = Architecture(shape, (*stack, Flatten(), Linear(3)), 3)
    assume(not repairs.problems(architecture))
    rows, columns = sides_read(shape, architecture.layers)
    model = build(architecture, seed=0).double()  # in training: batch norm looks at all places
    x = torch.rand(3, *shape, dtype=torch.float64)
    other = torch.rand_like(x)
    other[:, :, :rows, :columns] = x[:, :, :rows, :columns]
    try:
        expected = model(x)
    except ValueError:  # batch norm refuses a single value
        assume(False)
    assert torch.equal(model(other), expected)
    torch.testing.assert_close(model(x[:, :, :rows, :columns]), expected)


@pytest.mark.parametrize(
    ("layers", "read"),
    [
        (PRESETS["mnist-3conv"].architecture().layers, (26, 26)),
        (PRESETS["fashion-2conv"].architecture().layers, (26, 26)),
        (PRESETS["tiny-vgg"].architecture().layers, (28, 28)),
        (PRESETS["lenet5"].architecture().layers, (28, 28)),  # padded
        ((Conv2d(4, 3, 2), Conv2d(4, 3, 4), Flatten()), (23, 23)),
        ((Conv2d(4), ReLU(), MaxPool2d(3), Conv2d(4, padding="same"), MaxPool2d(3), Flatten()), (26, 26)),
        ((Conv2d(4), BatchNorm(), MaxPool2d(3), Flatten()), (28, 28)),  # batch norm counts all places
        ((MaxPool2d(3), GlobalAvgPool(), Flatten()), (27, 27)),
    ],
)
def test_rows_and_columns_that_a_network_reads(layers, read):
    assert sides_read((1, 28, 28), layers) == read


def test_the_last_row_and_column_said_to_be_read_are_read():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.AvgPool2d(2), nn.Conv2d(4, 4, 3), nn.AvgPool2d(2))
    x = torch.rand(1, 1, 28, 28, requires_grad=True)
    (gradient,) = torch.autograd.grad(model(x).sum(), x)
    layers = (Conv2d(4), AvgPool2d(), Conv2d(4), AvgPool2d(), Flatten())
    reached = gradient[0, 0].abs().sum(1).nonzero()[:, 0]
    assert int(reached.max()) + 1 == sides_read((1, 28, 28), layers)[0] == 26


def test_arithmetic_stands_as_text():
    summary = PRESETS["mnist-3conv"].architecture().summary()
    texts = {info.name: info.parameters_text for info in summary}
    assert texts["conv1"] == "3×3×1×32 + 32 = 320"
    assert texts["conv2"] == "3×3×32×64 + 64 = 18,496"
    assert texts["linear1"] == "576×64 + 64 = 36,928"
    assert texts["relu1"] == "0"


@pytest.mark.parametrize(
    ("name", "parameters"),
    # Keras' MNIST convnet; LeNet-5 with full connections; the others multiplied out by hand
    [("mnist-3conv", 93_322), ("lenet5", 61_706), ("fashion-2conv", 113_386), ("tiny-vgg", 4_440)],
)
def test_preset_parameters(name, parameters):
    assert PRESETS[name].architecture((1, 28, 28), 10).parameters == parameters


def test_global_average_pooling_is_the_mean_of_each_map():
    architecture = Architecture((3, 7, 5), (GlobalAvgPool(), Flatten(), Linear(2)), 2)
    x = torch.rand(1, 3, 7, 5)
    torch.testing.assert_close(build(architecture)[0](x).flatten(), x.mean((2, 3)).flatten())
    assert architecture.summary()[0].receptive_field == 7


def test_a_seed_gives_the_same_weights_as_torchs_own_seed():
    architecture = PRESETS["mnist-3conv"].architecture()
    torch.manual_seed(5)
    by_torch = build(architecture).state_dict()
    torch.manual_seed(99)
    by_seed = build(architecture, 5).state_dict()
    other = build(architecture, 6).state_dict()
    assert all(torch.equal(by_torch[name], by_seed[name]) for name in by_torch)
    assert not torch.equal(by_seed["conv1.weight"], other["conv1.weight"])


def test_an_architecture_can_be_a_key():
    first, second = (PRESETS["lenet5"].architecture() for _ in range(2))
    assert {first: "seen"}[second] == "seen"


@given(sizes, st.lists(any_layer(), max_size=8), st.integers(2, 20))
@settings(max_examples=100, deadline=None)
def test_json_there_and_back(shape, layers, classes):
    architecture = Architecture(shape, tuple(layers), classes)
    assert json_form.read(json.loads(json.dumps(json_form.write(architecture)))) == architecture


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(json_values, st.sampled_from(["input_shape", "classes", "layers"]), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_strangers_json_is_read_or_refused_in_a_sentence(value, key, into_layer):
    description = json_form.write(PRESETS["lenet5"].architecture())
    if into_layer:
        description["layers"][0]["kernel_size"] = value
    else:
        description[key] = value
    for hostile in (value, description):
        said = "read."
        try:
            json_form.read(hostile)
        except ArchitectureError as error:
            said = str(error)
        assert 5 <= len(said) < 300
        assert said.endswith(".")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"classes": 1}, "classes is 1; allowed is 2"),
        ({"classes": 10**400}, "many digits"),
        ({"input_shape": [1, 28]}, "input_shape"),
        ({"input_shape": [1, 100_000, 28]}, "height is 100000; allowed is 1 to 256"),
        ({"layers": [{"type": "ReLU"}] * 65}, "at most 64"),
        ({"layers": [{"type": "__class__"}]}, "Layer 1: type is __class__; allowed is one of Conv2d"),
        ({"layers": [{"type": "Linear"}]}, "lacks the setting 'out_features'"),
        ({"layers": [{"type": "Linear", "out_features": 2.5}]}, "whole number"),
        ({"layers": [{"type": "Linear", "out_features": True}]}, "whole number"),
        ({"layers": [{"type": "Linear", "out_features": 10**9}]}, "allowed is up to ±1,000,000"),
        ({"layers": [{"type": "Dropout", "p": math.nan}]}, "allowed is up to ±1,000,000"),
        ({"layers": [{"type": "ReLU", "inplace": True}]}, "unknown key inplace"),
        ({"extra": "x" * 10_000}, "unknown key extra"),
    ],
)
def test_hostile_descriptions(change, words):
    description = json_form.write(PRESETS["lenet5"].architecture()) | change
    with pytest.raises(ArchitectureError) as error:
        json_form.read(description)
    assert words in str(error.value)


def test_importing_needs_no_torch():
    code = "import sys\nfrom cnn_core.networks import architecture, codegen, presets, repairs\n"
    code += "repairs.problems(presets.PRESETS['lenet5'].architecture()); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
