"""How data travel to a component: one message of a header and arrays, read by message.js in the browser."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_core.arrays import not_allowed

Array = NDArray[Any]


def pack(header: Mapping[str, Any], arrays: Mapping[str, Array] | None = None) -> bytes:
    """One message: the length of a JSON header (uint32), the header, then `arrays`; little endian.

    To `header` come `arrays`, where each of them lies, and `digest`, which differs where anything in the message
    does. Each array begins on a multiple of 4 bytes, counted from the message's first, and arrives flat: floating
    numbers as float32, whole ones as int32, truth values and uint8 as uint8. Raises ValueError for other numbers, and
    where an array has a name that the header uses.
    """
    digest = hashlib.blake2b(json.dumps(header, sort_keys=True).encode(), digest_size=12)
    listed, blobs, at = [], [], 0
    for name, array in (arrays or {}).items():
        if name in header or name in ("arrays", "digest"):
            raise ValueError(f"an array is called {name!r}; the header has an entry of that name")
        kind = _kind(name, array)
        blob = np.ascontiguousarray(array, f"<{kind}").tobytes()
        digest.update(blob)
        listed.append({"name": name, "kind": kind, "count": array.size, "at": at})
        blobs.append(blob.ljust(_multiple_of_4(len(blob)), b"\0"))
        at += len(blobs[-1])
    text = json.dumps({**header, "digest": digest.hexdigest(), "arrays": listed}).encode()
    text = text.ljust(_multiple_of_4(len(text)))
    return b"".join([len(text).to_bytes(4, "little"), text, *blobs])


def _kind(name: str, array: Array) -> str:
    """How the numbers of an array are sent: "f4", "i4" or "u1"."""
    kinds = {"f": "f4", "i": "i4", "b": "u1"}
    if array.dtype == np.uint8:  # pixels as datasets have them
        return "u1"
    if array.dtype.kind not in kinds:
        allowed = "floating or signed whole numbers, uint8 or bool"
        raise ValueError(not_allowed(name, f"of {array.dtype}", allowed))
    return kinds[array.dtype.kind]


def _multiple_of_4(length: int) -> int:
    """`length` rounded up to a multiple of 4."""
    return -(-length // 4) * 4
