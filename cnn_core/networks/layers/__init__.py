"""The layer types: one class says all about itself, and stands in `LAYER_TYPES`.

May import `ranges` and `operations`, and nothing else of `networks`.
"""

from cnn_core.networks.layers.base import Layer, LayerError, Part, Shape, Window
from cnn_core.networks.layers.convolution import Conv2d
from cnn_core.networks.layers.dense import Flatten, Linear
from cnn_core.networks.layers.elementwise import (
    GELU,
    BatchNorm,
    Dropout,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from cnn_core.networks.layers.pooling import AvgPool2d, GlobalAvgPool, MaxPool2d
from cnn_core.networks.layers.residual import Residual
from cnn_core.networks.layers.separable import SeparableConv2d

__all__ = [
    "GELU",
    "LAYER_TYPES",
    "AvgPool2d",
    "BatchNorm",
    "Conv2d",
    "Dropout",
    "Flatten",
    "GlobalAvgPool",
    "Layer",
    "LayerError",
    "LeakyReLU",
    "Linear",
    "MaxPool2d",
    "Part",
    "ReLU",
    "Residual",
    "SeparableConv2d",
    "Shape",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Window",
    "type_of",
]

# By the names that stand in JSON, in the order in which the builder offers them.
LAYER_TYPES: dict[str, type[Layer]] = {
    kind.__name__: kind
    for kind in (
        *(Conv2d, SeparableConv2d, Residual),
        *(MaxPool2d, AvgPool2d, GlobalAvgPool),
        *(BatchNorm, Dropout, Flatten, Linear),
        *(ReLU, LeakyReLU, GELU, SiLU, Tanh, Sigmoid, Softmax),
    )
}

_BY_MODULE = {name: kind for kind in LAYER_TYPES.values() for name in kind.torch_names}


def type_of(module: object) -> type[Layer] | None:
    """The layer type that makes torch modules of this kind; None for a module that no network of ours has."""
    return _BY_MODULE.get(type(module).__name__)
