"""What every component builds on: its registration, its message, its colours, numbers and canvases.

A component is a folder: `__init__.py` calls `component` and wraps it in a typed function, beside it lie a module and a
style sheet of the folder's name. The module's default export is made by `component` of component.js.
May import `cnn_core`.
"""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from cnn_core import pictures
from pages.ui.components.base.bundle import bundle
from pages.ui.components.base.message import pack

__all__ = ["component", "pack"]

# The colours' roles, for style sheets and canvases alike.
COLOURS = {
    "positive": pictures.POSITIVE,
    "negative": pictures.NEGATIVE,
    "accent": pictures.ACCENT,
    "wrong": pictures.WRONG,
    "right": pictures.RIGHT,
}
# Those that differ where component.js finds a dark theme.
ON_DARK = {
    "positive": pictures.POSITIVE_ON_DARK,
    "negative": pictures.NEGATIVE_ON_DARK,
    "wrong": pictures.NEGATIVE_ON_DARK,
}


def component(folder: Path) -> ComponentRenderer:
    """Register the component in `folder`, once, at import; the result mounts it (always give it a key).

    Raises ValueError where its modules import each other in a circle, or in a way that `bundle` does not know.
    """
    style = (folder / f"{folder.name}.css").read_text(encoding="utf-8")
    return st.components.v2.component(
        f"convlens.{folder.name}",
        css=f':host{{{_roles(COLOURS)}}}\n[data-theme="dark"]{{{_roles(ON_DARK)}}}\n{style}',
        js=bundle(folder / f"{folder.name}.js"),
    )


def _roles(colours: dict[str, pictures.Colour]) -> str:
    """Colours as custom properties by their roles."""
    return "".join(f"--{role}:{pictures.css(colour)};" for role, colour in colours.items())
