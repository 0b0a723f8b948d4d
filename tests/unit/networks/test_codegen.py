"""Exported source: run, loaded with our weights, and compared number by number."""

import ast
import builtins

import pytest
import torch

from cnn_core.networks import codegen
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.building import build
from cnn_core.networks.layers import (
    GELU,
    AvgPool2d,
    BatchNorm,
    Conv2d,
    Dropout,
    Flatten,
    GlobalAvgPool,
    LeakyReLU,
    Linear,
    MaxPool2d,
    Sigmoid,
    SiLU,
    Tanh,
)
from cnn_core.networks.presets import PRESETS

EVERYTHING = Architecture(
    (4, 17, 13),
    (
        *(Conv2d(8, 4, padding="same", dilation=2, groups=2), BatchNorm(), LeakyReLU(0.2)),
        *(MaxPool2d(3, 2, padding=1), Conv2d(8, 3, stride=2, padding=3, bias=False), GELU()),
        *(AvgPool2d(3, 2, padding=1), SiLU(), Dropout(0.3), Conv2d(6, 1), Sigmoid(), GlobalAvgPool()),
        *(Flatten(), Linear(12, bias=False), BatchNorm(), Tanh(), Linear(4)),
    ),
    4,
)
NETWORKS = {name: preset.architecture() for name, preset in PRESETS.items()} | {"everything": EVERYTHING}


def run(source: str) -> dict[str, object]:
    """The names that a source defines; it may import torch and the standard library, as on a stranger's machine."""

    def importing(name, *rest):
        assert name.split(".")[0] in {"torch", "collections"}
        return builtins.__import__(name, *rest)

    names: dict[str, object] = {
        "__builtins__": vars(builtins) | {"__import__": importing},
        "__name__": "exported",
    }
    exec(compile(source, "exported.py", "exec"), names)
    return names


@pytest.mark.parametrize("write", [codegen.pytorch_sequential, codegen.pytorch_module])
@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_pytorch_source_is_the_same_function(name, write):
    architecture = NETWORKS[name]
    ours = build(architecture, 0).eval()
    exported = run(write(architecture))
    theirs = exported["model"]
    assert exported["logits"].shape == (8, architecture.classes)
    shapes = {key: value.shape for key, value in ours.state_dict().items()}
    assert {key: value.shape for key, value in theirs.state_dict().items()} == shapes
    theirs.load_state_dict(ours.state_dict())
    x = torch.rand(3, *architecture.input_shape)
    torch.testing.assert_close(theirs.eval()(x), ours(x), rtol=0, atol=0)


@pytest.mark.parametrize("name", NETWORKS)
def test_keras_source_parses_and_names_every_width(name):
    architecture = NETWORKS[name]
    tree = ast.parse(codegen.keras(architecture))
    calls = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for layer in architecture.layers:
        if isinstance(layer, Linear):
            assert any(call.startswith(f"layers.Dense({layer.out_features}") for call in calls)
        if isinstance(layer, Conv2d):
            assert any(
                call.startswith(f"layers.Conv2D({layer.out_channels}, {layer.kernel_size}") for call in calls
            )
    channels, height, width = architecture.input_shape
    assert f"keras.Input(({height}, {width}, {channels}))" in calls


def test_shapes_stand_beside_the_layers():
    source = codegen.pytorch_sequential(PRESETS["mnist-3conv"].architecture())
    assert '("conv2", nn.Conv2d(32, 64, kernel_size=3)),' in source
    assert "# 64×11×11" in source


@pytest.mark.parametrize("write", [codegen.pytorch_sequential, codegen.pytorch_module, codegen.keras])
def test_no_source_of_a_network_that_cannot_work(write):
    with pytest.raises(ArchitectureError, match="Linear needs a vector"):
        write(Architecture((1, 28, 28), (Conv2d(4), Linear(10)), 10))
