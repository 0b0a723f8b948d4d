"""What a page told the tiles component to draw, read back from the message that the browser would get."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from streamlit.testing.v1 import AppTest

from tests.support.component_message import unpack


class Tiles(NamedTuple):
    """The header and the values (N, H, W) of one tiles component."""

    header: dict[str, Any]
    values: NDArray[np.float32]


def shown_tiles(at: AppTest, key: str) -> Tiles:
    """The tiles mounted under `key` in the last run."""
    (message,) = (
        element.proto for element in at.get("bidi_component") if element.proto.id.endswith(f"-{key}")
    )
    header = unpack(message.bytes)
    values = header.pop("values")
    return Tiles(header, values.reshape(header["shape"]))
