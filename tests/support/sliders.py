"""Sliders of `pages/ui/components/slider` in an `AppTest`, which shows components and cannot move them."""

from streamlit.testing.v1 import AppTest

from tests.support.component_message import unpack


def move(at: AppTest, key: str, value: float) -> None:
    """Set a slider as a link does; the next run reads it."""
    at.query_params[key] = f"{value:g}"


def sliders(at: AppTest) -> dict[str, list[str]]:
    """What every slider of the page offers, by its label."""
    sent = [element.proto for element in at.get("bidi_component")]
    headers = [unpack(proto.bytes) for proto in sent if proto.component_name == "convlens.slider"]
    return {header["label"]: header["texts"] for header in headers}
