"""The source that every layer type leaves with: PyTorch's run here, Keras' in a Python that has it, both compared.

Keras and TensorFlow are no requirement of this app. `CONVLENS_KERAS_PYTHON` names a Python that has them (an
environment with `requirements-bench.txt`).
"""

import json
import os
import subprocess

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.networks import codegen, repairs, shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import LAYER_TYPES
from cnn_core.networks.presets import PRESETS
from tests.support import keras_side
from tests.support.exported import run
from tests.support.layer_strategies import KINDS, network_with, new_layer, variants

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel"),
    pytest.mark.usefixtures("one_thread"),
]

KERAS_PYTHON = os.environ.get("CONVLENS_KERAS_PYTHON")
SHAPE = (2, 14, 13)
# Networks whose Keras source once failed, beside one of everything.
LINES = (
    "conv8_s2_d2-relu-flatten-linear10",
    "conv8-pool3_s2_p1-flatten-linear10",
    "conv8_k4_s2_p1-pool2_p1-conv4_k4_psame-avgpool3_s2_p1-bn-gap-flatten-linear6-bn-tanh-linear10",
    "residual4-residual8_s2-separable6_k4_psame-dropout-flatten-linear10",
)


def networks() -> dict[str, Architecture]:
    """Every variant of every layer type in a network of its own, the presets, and the lines above, by a name."""
    found = {name: preset.architecture() for name, preset in PRESETS.items()}
    found |= {line: Architecture((1, 28, 28), shorthand.from_text(line), 10) for line in LINES}
    for kind in KINDS:
        for layer in variants(kind):
            fitted = layer.fitted((4, *SHAPE[1:]))
            found[shorthand.to_text((fitted,))] = network_with(fitted, SHAPE)
    return {name: network for name, network in found.items() if not repairs.problems(network)}


NETWORKS = networks()


def trained(architecture: Architecture) -> nn.Sequential:
    """The network as if trained: with batch norm's statistics and scales unlike those of a new one."""
    model = build(architecture, 0).eval()
    generator = torch.Generator().manual_seed(0)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            for values in (module.weight, module.bias, module.running_mean, module.running_var):
                nn.init.uniform_(values, 0.5, 1.5, generator=generator)
    return model


def images(architecture: Architecture) -> torch.Tensor:
    """Three images of noise, negative too, so that padding with zeros is seen where it should not be."""
    return torch.randn(3, *architecture.input_shape, generator=torch.Generator().manual_seed(1))


def test_every_type_that_a_network_may_have_is_among_them() -> None:
    there = {type(layer) for network in NETWORKS.values() for layer in network.layers}
    assert {kind for kind in LAYER_TYPES.values() if not kind.refused} == there


@pytest.mark.parametrize("kind", LAYER_TYPES.values(), ids=LAYER_TYPES)
def test_the_expression_alone_makes_the_same_module(kind) -> None:
    layer = new_layer(kind)
    shape = (12,) if layer.needs_vector else (4, 9, 9)
    source = f"from torch import nn\n{layer.torch_definitions()}\nmodule = {layer.torch_source(shape)}"
    made = run(source)["module"]
    ours = layer.module(shape).eval()
    made.load_state_dict(ours.state_dict())
    assert type(made).__name__ == type(ours).__name__
    x = torch.randn(2, *shape)
    assert torch.equal(made.eval()(x), ours(x))
    assert layer.keras_source(shape)


@pytest.mark.parametrize("write", [codegen.pytorch_sequential, codegen.pytorch_module])
@pytest.mark.parametrize("name", NETWORKS)
def test_pytorch_source_is_the_same_function(name, write) -> None:
    architecture = NETWORKS[name]
    ours = trained(architecture)
    exported = run(write(architecture))
    theirs = exported["model"]
    assert exported["logits"].shape == (8, architecture.classes)
    shapes = {key: value.shape for key, value in ours.state_dict().items()}
    assert {key: value.shape for key, value in theirs.state_dict().items()} == shapes
    theirs.load_state_dict(ours.state_dict())
    x = images(architecture)
    assert torch.equal(theirs.eval()(x), ours(x))


def weights(architecture: Architecture, model: nn.Sequential) -> list[dict[str, list[np.ndarray]]]:
    """For each stop with weights, the arrays of each module in it, the features of vectors in Keras' order."""
    found = []
    order = None  # of the features behind a Flatten: torch counts channel by channel, Keras pixel by pixel
    for info, stop in zip(architecture.summary(), model):
        if info.layer.flattens:
            order = np.arange(info.output_shape[0]).reshape(info.input_shape).transpose(1, 2, 0).ravel()
        arrays: dict[str, list[np.ndarray]] = {}
        for name, value in stop.state_dict().items():
            if value.is_floating_point():
                array = value.numpy()
                if order is not None:
                    array = array[:, order] if info.layer.needs_vector and array.ndim == 2 else array
                    array = array[order] if not info.layer.needs_vector else array
                arrays.setdefault(name.rpartition(".")[0].rpartition(".")[2], []).append(array)
        if arrays:
            found.append(arrays)
        if info.layer.needs_vector:
            order = None
    return found


@pytest.fixture(scope="module")
def keras_results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What Keras makes of every network's source: its logits before and after saving, or what it said."""
    if KERAS_PYTHON is None:
        pytest.skip("CONVLENS_KERAS_PYTHON names no Python with Keras and TensorFlow")
    folder = tmp_path_factory.mktemp("keras")
    for number, architecture in enumerate(NETWORKS.values()):
        model = trained(architecture)
        stops = weights(architecture, model)
        names = [{name: len(arrays) for name, arrays in stop.items()} for stop in stops]
        job = {"source": codegen.keras(architecture), "stops": names}
        (folder / f"{number}.json").write_text(json.dumps(job), encoding="utf-8")
        flat = [array for stop in stops for arrays in stop.values() for array in arrays]
        np.savez(folder / f"{number}.npz", images(architecture).permute(0, 2, 3, 1).numpy(), *flat)
    command = [KERAS_PYTHON, keras_side.__file__, str(folder)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"})
    return {
        name: json.loads((folder / f"{number}.result.json").read_text(encoding="utf-8"))
        for number, name in enumerate(NETWORKS)
    }


@pytest.mark.parametrize("name", NETWORKS)
def test_keras_source_is_the_same_function_and_can_be_saved(name, keras_results) -> None:
    result = keras_results[name]
    assert "error" not in result, result["error"]
    expected = trained(NETWORKS[name])(images(NETWORKS[name])).detach().numpy()
    np.testing.assert_allclose(result["logits"], expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(result["reloaded"], result["logits"])


@pytest.mark.parametrize("name", NETWORKS)
def test_keras_source_is_python_without_functions_that_cannot_be_saved(name) -> None:
    source = codegen.keras(NETWORKS[name])
    compile(source, name, "exec")
    assert "Lambda" not in source
    assert "lambda" not in source
    widths = [layer.units for layer in NETWORKS[name].layers if layer.units is not None]
    assert all(f"layers.Dense({width}" in source for width in widths)


def test_keras_is_never_asked_for_a_stride_with_dilation() -> None:
    source = codegen.keras(NETWORKS[LINES[0]])
    assert "layers.Conv2D(8, 3, dilation_rate=2),\n    layers.MaxPooling2D(1, strides=2)," in source
