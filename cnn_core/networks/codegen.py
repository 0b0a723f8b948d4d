"""Source code of an architecture that runs without ConvLens: PyTorch (Sequential, nn.Module) and Keras.

The PyTorch sources name their layers as `Architecture.names` does, so that trained weights load into
them. All raise `ArchitectureError` where the architecture has problems.
"""

from collections.abc import Iterable

from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers.base import shape_text

Parts = tuple[list[str], tuple[list[str], list[str]]]
"""Lines of imports, and of the network: what has to be defined, and what makes `model`."""


def pytorch_sequential(architecture: Architecture) -> str:
    """PyTorch source that defines `model`, an `nn.Sequential` with named children."""
    return _file(architecture, sequential_parts(architecture))


def pytorch_module(architecture: Architecture) -> str:
    """PyTorch source of a class `Network(nn.Module)`, made in `__init__` and called in `forward`."""
    return _file(architecture, module_parts(architecture))


def sequential_parts(architecture: Architecture) -> Parts:
    """The parts of `pytorch_sequential`, for a file that does more."""
    _check(architecture)
    definitions = _definitions(layer.torch_definitions() for layer in architecture.layers)
    rows = [
        f'    ("{info.name}", {info.layer.torch_source(info.input_shape)}),'
        for info in architecture.summary()
    ]
    made = ["model = nn.Sequential(OrderedDict([", *_noted(rows, architecture), "]))"]
    space = [""] if definitions else []
    imports = ["from collections import OrderedDict", "", "import torch", "from torch import nn"]
    return imports, ([*definitions, *space], made)


def module_parts(architecture: Architecture) -> Parts:
    """The parts of `pytorch_module`, for a file that does more."""
    _check(architecture)
    made = [
        f"        self.{info.name} = {info.layer.torch_source(info.input_shape)}"
        for info in architecture.summary()
    ]
    calls = [f"        x = self.{info.name}(x)" for info in architecture.summary()]
    lines = [
        *_definitions(layer.torch_definitions() for layer in architecture.layers),
        "",
        "",
        "class Network(nn.Module):",
        "    def __init__(self):",
        "        super().__init__()",
        *made,
        "",
        "    def forward(self, x):",
        *_noted(calls, architecture),
        "        return x",
        "",
    ]
    return ["import torch", "from torch import nn"], (lines, ["model = Network()"])


def _file(architecture: Architecture, parts: Parts) -> str:
    imports, (definitions, made) = parts
    return "\n".join([*imports, *definitions, "", *made, "", *_torch_trial(architecture)]) + "\n"


def keras(architecture: Architecture) -> str:
    """Keras 3 source that defines `model`. Images are channels last, `(N, H, W, C)`; outputs are logits."""
    _check(architecture)
    channels, height, width = architecture.input_shape
    definitions = _definitions(layer.keras_definitions() for layer in architecture.layers)
    lines = [
        "import keras",
        "from keras import layers",
        *definitions,
        *(["", ""] if definitions else [""]),
        "model = keras.Sequential([",
        f"    keras.Input(({height}, {width}, {channels})),  # float32 in 0..1, channels last",
    ]
    rows = [
        f"    {row}," for info in architecture.summary() for row in info.layer.keras_source(info.input_shape)
    ]
    compiling = [
        "model.compile(",
        '    optimizer="adam",',
        "    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),",
        '    metrics=["accuracy"],',
        ")",
    ]
    return "\n".join([*lines, *rows, "])", *compiling]) + "\n"


def _check(architecture: Architecture) -> None:
    problems = repairs.problems(architecture)
    if problems:
        raise ArchitectureError(" ".join(problem.message for problem in problems))


def _definitions(sources: Iterable[str]) -> list[str]:
    """Each of these sources once, two empty lines before each."""
    found = [source.strip("\n") for source in dict.fromkeys(sources) if source]
    return [line for source in found for line in ("", "", *source.splitlines())]


def _noted(rows: list[str], architecture: Architecture) -> list[str]:
    """Each row with the shape after it as a comment, in one column."""
    width = max(len(row) for row in rows)
    shapes = (shape_text(info.output_shape) for info in architecture.summary())
    return [f"{row:<{width}}  # {shape}" for row, shape in zip(rows, shapes)]


def _torch_trial(architecture: Architecture) -> list[str]:
    shape = ", ".join(str(n) for n in architecture.input_shape)
    return [
        f"images = torch.rand(8, {shape})  # float32 in 0..1",
        f"logits = model(images)  # (8, {architecture.classes}); nn.CrossEntropyLoss takes logits",
    ]
