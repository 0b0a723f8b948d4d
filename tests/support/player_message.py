"""Reads what a page hands to the kernel player, as the browser does."""

import json
from typing import Any

import numpy as np


def unpack(message: bytes) -> dict[str, Any]:
    """The header's entries, and every array it lists (flat) under its name."""
    length = int.from_bytes(message[:4], "little")
    header = json.loads(message[4 : 4 + length])
    for entry in header.pop("arrays"):
        at = 4 + length + entry["at"]
        header[entry["name"]] = np.frombuffer(message, "<" + entry["kind"], entry["count"], at)
    return header


def shown(app: Any) -> dict[str, Any]:
    """What the player of a running AppTest shows, arrays in their shapes."""
    (player,) = app.get("bidi_component")
    scene = unpack(player.proto.bytes)
    shape = scene["shape"]
    scene["output"] = scene["output"].reshape(shape["output"])
    scene["padded"] = scene["padded"].reshape(-1, *shape["padded"])
    if "weight" in scene:
        scene["weight"] = scene["weight"].reshape(-1, *shape["kernel"])
    if "sums" in scene:
        scene["sums"] = scene["sums"].reshape(-1, *shape["output"])
    return scene
