"""An architecture as JSON: written, and read as a stranger wrote it (a file, a link, an upload), trusting nothing."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from cnn_core.arrays import not_allowed
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.networks.layers import LAYER_TYPES, Layer
from cnn_core.networks.layers.settings import LayerSetting

Number = TypeVar("Number", int, float)
LARGEST_NUMBER = 1_000_000  # settings beyond their range are `problems()`; beyond this they are refused


def write(architecture: Architecture) -> dict[str, Any]:
    """JSON-ready description; `read` makes an equal architecture of it."""
    layers = []
    for layer in architecture.layers:
        settings = {name: getattr(layer, name) for name in layer.settings()}
        layers.append({"type": type(layer).__name__, **settings})
    return {"input_shape": list(architecture.input_shape), "classes": architecture.classes, "layers": layers}


def read(description: object) -> Architecture:
    """The architecture of a JSON description as `write` makes it; never builds anything.

    Raises `ArchitectureError` naming the key, the value and what is allowed.
    """
    entries = _mapping(description, "The architecture", {"input_shape", "classes", "layers"})
    for key in ("input_shape", "classes", "layers"):
        if key not in entries:
            raise ArchitectureError(f"The architecture lacks the key {key!r}.")
    shape, layers = entries["input_shape"], entries["layers"]
    if not isinstance(shape, list | tuple) or len(shape) != 3:
        raise ArchitectureError(not_allowed("input_shape", _short(shape), "[channels, height, width]"))
    if not isinstance(layers, list | tuple) or len(layers) > Architecture.MAX_LAYERS:
        allowed = f"a list of at most {Architecture.MAX_LAYERS} layers"
        raise ArchitectureError(not_allowed("layers", _short(layers), allowed))
    channels, height, width = (_number(value, "input_shape", int) for value in shape)
    return Architecture(
        (channels, height, width),
        tuple(_read_layer(entry, f"Layer {index}") for index, entry in enumerate(layers, start=1)),
        _number(entries["classes"], "classes", int),
    )


def _read_layer(entry: object, where: str) -> Layer:
    kind = entry.get("type") if isinstance(entry, Mapping) else None
    if not isinstance(kind, str) or kind not in LAYER_TYPES:
        raise ArchitectureError(
            not_allowed(f"{where}: type", _short(kind), f"one of {', '.join(LAYER_TYPES)}")
        )
    layer = LAYER_TYPES[kind]
    settings = layer.settings()
    given = dict(_mapping(entry, where, {"type", *settings}))
    del given["type"]
    for field in fields(layer):
        if field.name not in given and field.default is MISSING:
            raise ArchitectureError(f"{where} ({kind}) lacks the setting {field.name!r}.")
    values: dict[str, Any] = {
        name: _setting(value, f"{where}: {name}", settings[name]) for name, value in given.items()
    }
    return layer(**values)


def _setting(value: object, where: str, known: LayerSetting) -> object:
    if known.kind is bool:
        if not isinstance(value, bool):
            raise ArchitectureError(not_allowed(where, _short(value), "true or false"))
        return value
    if (value is None and known.may_be_none) or (isinstance(value, str) and value in known.words):
        return value
    return _number(value, where, int) if known.kind is int else _number(value, where, float)


def _number(value: object, where: str, kind: type[Number]) -> Number:
    allowed = int if kind is int else int | float
    if isinstance(value, bool) or not isinstance(value, allowed):
        allowed_kind = "a whole number" if kind is int else "a number"
        raise ArchitectureError(not_allowed(where, _short(value), allowed_kind))
    if not abs(value) <= LARGEST_NUMBER:  # so that NaN is refused too
        raise ArchitectureError(not_allowed(where, _short(value), f"up to ±{LARGEST_NUMBER:,}"))
    return kind(value)


def _mapping(value: object, where: str, allowed: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ArchitectureError(not_allowed(where, _short(value), "an object with keys"))
    unknown = [key for key in value if key not in allowed]
    if unknown:
        raise ArchitectureError(
            f"{where} has the unknown key {_short(unknown[0])}; known are {', '.join(sorted(allowed))}."
        )
    return value


def _short(value: object) -> str:
    """A value as it may stand in a sentence: 40 characters at most, whatever a stranger sent."""
    if isinstance(value, dict | list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, int) and abs(value) > 10**30:  # Python refuses to print the longest
        return "a number of many digits"
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"
