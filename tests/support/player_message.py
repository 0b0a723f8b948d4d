"""What a page told the kernel player to show, read back from the message that the browser would get."""

from typing import Any

from streamlit.testing.v1 import AppTest

from tests.support.component_message import unpack


def shown(app: AppTest) -> dict[str, Any]:
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
