"""Controls in a popover, of which a browser is sent nothing while it is closed."""

from types import TracebackType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.keys import ImagePart


class Drawer:
    """A popover of controls, filled in a `with` that says whether it is open; `size`: its width and height, about, px.

    While it is closed its controls stand all the same, on the server: they have their values, in the link too, and
    hear when these are set. Only nothing of them is sent to the browser, which does not show them. What costs more
    than a control, and has no value of its own, is for the open drawer.
    """

    def __init__(self, label: str, key: str, icon: str, *, size: tuple[int, int]) -> None:
        """The button, with nothing in it yet."""
        part = st.popover(label, icon=icon, key=key, on_change="rerun")
        self.open = bool(part.open)
        if not self.open:  # else it opens as small as it is then, where it may not stay
            width, height = size
            part.container(width=width, height=height, border=False)
        self._inside = part if self.open else DeltaGenerator(root_container=None)

    def __enter__(self) -> bool:
        self._inside.__enter__()
        return self.open

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inside.__exit__(kind, error, trace)


def image_drawer(prefix_key: str, rows: int = 2) -> Drawer:
    """The drawer of an image picker with this prefix, of about so many rows of controls."""
    return Drawer("Image", f"{prefix_key}-{ImagePart.OPEN}", ":material/image:", size=(656, 92 * rows))
