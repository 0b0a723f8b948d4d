"""Source code of an architecture that runs without ConvLens: PyTorch (Sequential, nn.Module) and Keras.

The PyTorch sources name their layers as `Architecture.names` does, so that trained weights load into
them. All raise `ArchitectureError` where the architecture has problems.
"""

from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers.dense import Linear
from cnn_core.networks.layers.elementwise import BatchNorm, Dropout, LeakyReLU
from cnn_core.networks.layers.windowed import AvgPool2d, Conv2d, GlobalAvgPool, MaxPool2d
from cnn_core.networks.shapes import LayerInfo


def pytorch_sequential(architecture: Architecture) -> str:
    """PyTorch source that defines `model`, an `nn.Sequential` with named children."""
    _check(architecture)
    lines = [
        "from collections import OrderedDict",
        "",
        "import torch",
        "from torch import nn",
        "",
        "model = nn.Sequential(OrderedDict([",
    ]
    rows = [f'    ("{info.name}", {_torch(info)}),' for info in architecture.summary()]
    return "\n".join([*lines, *_noted(rows, architecture), "]))", "", *_torch_trial(architecture)]) + "\n"


def pytorch_module(architecture: Architecture) -> str:
    """PyTorch source of a class `Network(nn.Module)`, made in `__init__` and called in `forward`."""
    _check(architecture)
    made = [f"        self.{info.name} = {_torch(info)}" for info in architecture.summary()]
    calls = [f"        x = self.{info.name}(x)" for info in architecture.summary()]
    lines = [
        "import torch",
        "from torch import nn",
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
        "",
        "model = Network()",
    ]
    return "\n".join([*lines, "", *_torch_trial(architecture)]) + "\n"


def keras(architecture: Architecture) -> str:
    """Keras 3 source that defines `model`. Images are channels last, `(N, H, W, C)`; outputs are logits."""
    _check(architecture)
    channels, height, width = architecture.input_shape
    lines = [
        "import keras",
        "from keras import layers",
        "",
        "model = keras.Sequential([",
        f"    keras.Input(({height}, {width}, {channels})),  # float32 in 0..1, channels last",
    ]
    rows = [f"    {row}," for info in architecture.summary() for row in _keras(info)]
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


def _noted(rows: list[str], architecture: Architecture) -> list[str]:
    """Each row with the shape after it as a comment, in one column."""
    width = max(len(row) for row in rows)
    shapes = ("×".join(str(n) for n in info.output_shape) for info in architecture.summary())
    return [f"{row:<{width}}  # {shape}" for row, shape in zip(rows, shapes)]


def _torch_trial(architecture: Architecture) -> list[str]:
    shape = ", ".join(str(n) for n in architecture.input_shape)
    return [
        f"images = torch.rand(8, {shape})  # float32 in 0..1",
        f"logits = model(images)  # (8, {architecture.classes}); nn.CrossEntropyLoss takes logits",
    ]


def _call(name: str, *given: object, **settings: tuple[object, object]) -> str:
    """A call with those settings, `name=(value, default)`, that differ from their default."""
    changed = [f"{key}={value!r}" for key, (value, default) in settings.items() if value != default]
    return f"{name}({', '.join([*(repr(value) for value in given), *changed])})"


def _torch(info: LayerInfo) -> str:
    layer, shape = info.layer, info.input_shape
    if isinstance(layer, Conv2d):
        return _call(
            "nn.Conv2d",
            *(shape[0], layer.out_channels),
            kernel_size=(layer.kernel_size, None),
            stride=(layer.stride, 1),
            padding=(layer.padding, 0),
            dilation=(layer.dilation, 1),
            groups=(layer.groups, 1),
            bias=(layer.bias, True),
        )
    if isinstance(layer, MaxPool2d | AvgPool2d):
        stride = layer.stride or layer.kernel_size
        return _call(
            f"nn.{layer.title}",
            layer.kernel_size,
            stride=(stride, layer.kernel_size),
            padding=(layer.padding, 0),
        )
    if isinstance(layer, GlobalAvgPool):
        return "nn.AdaptiveAvgPool2d(1)"
    if isinstance(layer, BatchNorm):
        return f"nn.BatchNorm{'2d' if len(shape) == 3 else '1d'}({shape[0]})"
    if isinstance(layer, Linear):
        return _call("nn.Linear", shape[0], layer.out_features, bias=(layer.bias, True))
    if isinstance(layer, LeakyReLU):
        return f"nn.LeakyReLU({layer.negative_slope})"
    if isinstance(layer, Dropout):
        return f"nn.Dropout({layer.p})"
    return f"nn.{layer.title}()"


def _keras(info: LayerInfo) -> list[str]:
    """The Keras layers that do what one of ours does; padding is mostly a layer of its own."""
    layer = info.layer
    if isinstance(layer, Conv2d):
        return [*_keras_padding(layer.padding), _keras_convolution(layer)]
    if isinstance(layer, MaxPool2d | AvgPool2d):
        name = "MaxPooling2D" if isinstance(layer, MaxPool2d) else "AveragePooling2D"
        stride = layer.stride or layer.kernel_size
        call = _call(f"layers.{name}", layer.kernel_size, strides=(stride, layer.kernel_size))
        if isinstance(layer, MaxPool2d) and layer.padding:
            # torch pads with minus infinity, which never wins; ZeroPadding2D's zeros beat negative values.
            margin = (
                f"((0, 0), ({layer.padding}, {layer.padding}), ({layer.padding}, {layer.padding}), (0, 0))"
            )
            pad = f"keras.ops.pad(x, {margin}, constant_values=-1e30)"
            return [f"layers.Lambda(lambda x: {pad})", call]
        return [*_keras_padding(layer.padding), call]
    if isinstance(layer, Linear):
        return [_call("layers.Dense", layer.out_features, use_bias=(layer.bias, True))]
    if isinstance(layer, LeakyReLU):
        return [f"layers.LeakyReLU(negative_slope={layer.negative_slope})"]
    if isinstance(layer, Dropout):
        return [f"layers.Dropout({layer.p})"]
    return [_KERAS_PLAIN[layer.title]]


def _keras_convolution(layer: Conv2d) -> str:
    return _call(
        "layers.Conv2D",
        *(layer.out_channels, layer.kernel_size),
        strides=(layer.stride, 1),
        padding=("same" if layer.padding == "same" else "valid", "valid"),
        dilation_rate=(layer.dilation, 1),
        groups=(layer.groups, 1),
        use_bias=(layer.bias, True),
    )


def _keras_padding(padding: int | str) -> list[str]:
    return [f"layers.ZeroPadding2D({padding})"] if padding not in (0, "same") else []


_KERAS_PLAIN = {
    "ReLU": "layers.ReLU()",
    "GELU": 'layers.Activation("gelu")',
    "SiLU": 'layers.Activation("silu")',
    "Tanh": 'layers.Activation("tanh")',
    "Sigmoid": 'layers.Activation("sigmoid")',
    "BatchNorm": "layers.BatchNormalization(momentum=0.9, epsilon=1e-5)",  # as in torch
    "Flatten": "layers.Flatten()",  # pixel after pixel; torch goes channel after channel
    "GlobalAvgPool": "layers.GlobalAveragePooling2D(keepdims=True)",
}
