"""Layers as one short line, for links and for typing: `conv32-relu-pool2-flatten-linear64-relu-linear10`.

Layers are joined by `-`. After a layer's word comes its main setting, then others as `_` and a letter:
`conv32_k5_s2_psame_d2_g4_nobias`, `pool2_s1_p1`, `linear64_nobias`, `dropout0.25`, `leakyrelu0.1`. What is left out
has its usual value. All characters may stand in a URL as they are.
"""

import re
from dataclasses import MISSING, fields
from typing import Any

from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers.base import Layer
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
from cnn_core.networks.layers.windowed import AvgPool2d, Conv2d, GlobalAvgPool, MaxPool2d

# Each word's layer and the setting that follows it without a letter.
WORDS: dict[str, tuple[type[Layer], str | None]] = {
    "conv": (Conv2d, "out_channels"),
    "pool": (MaxPool2d, "kernel_size"),
    "avgpool": (AvgPool2d, "kernel_size"),
    "gap": (GlobalAvgPool, None),
    "bn": (BatchNorm, None),
    "dropout": (Dropout, "p"),
    "flatten": (Flatten, None),
    "linear": (Linear, "out_features"),
    "relu": (ReLU, None),
    "leakyrelu": (LeakyReLU, "negative_slope"),
    "gelu": (GELU, None),
    "silu": (SiLU, None),
    "tanh": (Tanh, None),
    "sigmoid": (Sigmoid, None),
    "softmax": (Softmax, None),
}
LETTERS = {"k": "kernel_size", "s": "stride", "p": "padding", "d": "dilation", "g": "groups"}
LONGEST = 2000

_WORD_OF = {layer: (word, main) for word, (layer, main) in WORDS.items()}
_LAYER = re.compile(r"([a-z]+)(\d+(?:\.\d+)?)?")
_SETTING = re.compile(r"([kspdg])(\d+|same)")


def to_text(layers: tuple[Layer, ...]) -> str:
    """The line for these layers. Their settings must not be negative; `from_text` then gives equal layers back."""
    return "-".join(_layer_text(layer) for layer in layers)


def from_text(text: str) -> tuple[Layer, ...]:
    """The layers of a line; spaces and capitals do not matter.

    Raises `ArchitectureError` naming the first word that is not understood.
    """
    text = "".join(text.split()).lower()
    if len(text) > LONGEST:
        raise ArchitectureError(f"The line has {len(text):,} characters, allowed are {LONGEST:,}.")
    words = text.split("-") if text else []
    if len(words) > Architecture.MAX_LAYERS:
        raise ArchitectureError(f"The line has {len(words)} layers, allowed are {Architecture.MAX_LAYERS}.")
    return tuple(_read_layer(word) for word in words)


def _layer_text(layer: Layer) -> str:
    word, main = _WORD_OF[type(layer)]
    parts = [word if main is None else f"{word}{getattr(layer, main):g}"]
    for letter, name in LETTERS.items():
        value = getattr(layer, name, None)
        if name != main and value is not None and value != _usual(layer, name):
            parts.append(f"{letter}{value}")
    if getattr(layer, "bias", True) is False:
        parts.append("nobias")
    return "_".join(parts)


def _usual(layer: Layer, name: str) -> Any:
    return next(setting.default for setting in fields(layer) if setting.name == name)


def _read_layer(word: str) -> Layer:
    head, *rest = word.split("_")
    match = _LAYER.fullmatch(head)
    if match is None or match[1] not in WORDS:
        raise ArchitectureError(f"“{head[:20]}” is no layer; known are {', '.join(WORDS)}.")
    layer, main = WORDS[match[1]]
    settings = {setting.name: setting for setting in fields(layer)}
    values: dict[str, Any] = {}
    if match[2] is not None:
        if main is None:
            raise ArchitectureError(f"“{head[:20]}”: {match[1]} takes no number.")
        values[main] = _number(match[2], head, whole=settings[main].type is int)
    elif main is not None and settings[main].default is MISSING:
        raise ArchitectureError(f"“{head[:20]}” lacks its number, as in {match[1]}32.")
    for part in rest:
        found = _SETTING.fullmatch(part)
        if part == "nobias" and "bias" in settings:
            values["bias"] = False
        elif (
            found
            and LETTERS[found[1]] in settings
            and (found[2] != "same" or (found[1] == "p" and layer is Conv2d))
        ):
            values[LETTERS[found[1]]] = "same" if found[2] == "same" else _number(found[2], part, whole=True)
        else:
            raise ArchitectureError(f"“{part[:20]}” is no setting of {match[1]}.")
    return layer(**values)


def _number(text: str, where: str, *, whole: bool) -> int | float:
    if len(text) > 9 or (whole and "." in text):
        kind = "a whole number" if whole else "a number"
        raise ArchitectureError(f"“{where[:20]}” needs {kind} of at most 9 digits.")
    return int(text) if whole else float(text)
