"""Layers as one short line, for links and for typing: `conv32-relu-pool2-flatten-linear64-relu-linear10`.

Layers are joined by `-`. After a layer's word comes its main setting, then others as `_` and a letter:
`conv32_k5_s2_psame_d2_g4_nobias`, `pool2_s1_p1`, `linear64_nobias`, `dropout0.25`, `leakyrelu0.1`. What is left out
has its usual value. All characters may stand in a URL as they are. Words and letters are the layer types' own.
"""

import re
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

from cnn_core.arrays import not_allowed
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers import LAYER_TYPES, Layer
from cnn_core.networks.layers.settings import LayerSetting

WORDS: dict[str, type[Layer]] = {kind.word: kind for kind in LAYER_TYPES.values()}
LONGEST = 2000

_LAYER = re.compile(r"([a-z]+)([0-9]+(?:\.[0-9]+)?)?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def to_text(layers: tuple[Layer, ...]) -> str:
    """The line for these layers. `from_text` gives equal layers back where no setting is negative or takes more than 20
    characters."""
    return "-".join(_layer_text(layer) for layer in layers)


def from_text(text: str) -> tuple[Layer, ...]:
    """The layers of a line; spaces and capitals do not matter.

    Raises `ArchitectureError` naming the first word that is not understood.
    """
    longest = len(text)
    text = "".join(text[: 4 * LONGEST].split()).lower()  # blanks do not count, but not any number of them
    if len(text) > LONGEST or longest > 4 * LONGEST:
        found = f"{longest:,} characters long"
        raise ArchitectureError(not_allowed("The line", found, f"{LONGEST:,} at most"))
    words = text.split("-") if text else []
    if len(words) > Architecture.MAX_LAYERS:
        found = f"{len(words)} layers long"
        raise ArchitectureError(not_allowed("The line", found, f"{Architecture.MAX_LAYERS} at most"))
    return tuple(_read_layer(word) for word in words)


def _layer_text(layer: Layer) -> str:
    parts = [layer.word]
    usual = {field.name: field.default for field in fields(layer)}
    for name, known in layer.settings().items():
        value = getattr(layer, name)
        if not known.letter:
            parts[0] += _written(value)
        elif value is not None and value != usual[name]:
            parts.append(known.letter + ("" if known.kind is bool else _written(value)))
    return "_".join(parts)


def _written(value: float | str) -> str:
    """A value in digits, never as 1e-05, which has no place in a line of words joined by `-`."""
    return f"{Decimal(repr(value)):f}" if isinstance(value, float) else str(value)


def _read_layer(word: str) -> Layer:
    head, *rest = word.split("_")
    match = _LAYER.fullmatch(head)
    if match is None or match[1] not in WORDS:
        raise ArchitectureError(f"“{head[:20]}” is no layer; known are {', '.join(WORDS)}.")
    layer = WORDS[match[1]]
    settings = layer.settings()
    usual = {field.name: field.default for field in fields(layer)}
    values: dict[str, Any] = {}
    main = next((name for name, known in settings.items() if not known.letter), None)
    if match[2] is not None:
        if main is None:
            raise ArchitectureError(f"“{head[:20]}”: {match[1]} takes no number.")
        values[main] = _number(match[2], head, whole=settings[main].kind is int)
    elif main is not None and usual[main] is MISSING:
        raise ArchitectureError(f"“{head[:20]}” lacks its number, as in {match[1]}32.")
    for part in rest:
        for name, known in settings.items():
            if known.kind is bool and part == known.letter:
                values[name] = not usual[name]
                break
            if known.letter and part.startswith(known.letter) and known.kind is not bool:
                value = part.removeprefix(known.letter)
                if _NUMBER.fullmatch(value) or value in known.words:
                    values[name] = _value(value, part, known)
                    break
        else:
            raise ArchitectureError(f"“{part[:20]}” is no setting of {match[1]}.")
    return layer(**values)


def _value(text: str, where: str, known: LayerSetting) -> int | float | str:
    return text if text in known.words else _number(text, where, whole=known.kind is int)


def _number(text: str, where: str, *, whole: bool) -> int | float:
    if whole and ("." in text or len(text) > 9):
        raise ArchitectureError(f"“{where[:20]}” needs a whole number of at most 9 digits.")
    if len(text) > 20:
        raise ArchitectureError(f"“{where[:20]}” needs a number of at most 20 digits.")
    return int(text) if whole else float(text)
