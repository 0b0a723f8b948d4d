"""Reads what a page hands to a component, as message.js does in the browser."""

import json
from typing import Any

import numpy as np


def unpack(message: bytes) -> dict[str, Any]:
    """The header's entries, and every array it lists (flat) under its name."""
    length = int.from_bytes(message[:4], "little")
    header: dict[str, Any] = json.loads(message[4 : 4 + length])
    for entry in header.pop("arrays"):
        at = 4 + length + entry["at"]
        header[entry["name"]] = np.frombuffer(message, "<" + entry["kind"], entry["count"], at)
    return header
