"""All units of a layer in one grid, and the one looked at large beside it: feature maps, filters, units of a vector.

A unit is one map, or several slices that belong together (a filter's kernels, one an input channel); three of them can
be one picture in colour. The whole fills the screen below its upper edge, whatever the screen is, and a click or an
arrow key shows another unit at once: the browser has them all, and Python hears of it a moment later.
May import `pages.ui.components.base` and `cnn_core`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import streamlit as st

from cnn_core.arrays import Floats, not_allowed
from cnn_core.figures.maps import Scale
from pages.ui.components.base import component, pack
from pages.ui.components.base.told import places

_mount = component(Path(__file__).parent)

LINES = 6.25  # rem of the row of controls below it, which is on the screen too where that is not low


@dataclass(frozen=True, eq=False)
class Further:
    """A picture beside the one looked at: `values` (U, H, W), of which each unit has its `own`; or the same pixels
    (1, H, W) or (3, H, W) in 0..1 for all."""

    title: str
    values: Floats
    scale: Scale
    own: bool


@dataclass(frozen=True, eq=False)
class Units:
    """What a mosaic shows.

    `values` (U × G, H, W) float32: U units of G slices each, all slices of the first unit first. `limits` (U,) are the
    magnitudes shown in the full colour, and `scope` says what they belong to. `kind` "colour" takes three slices for
    red, green and blue. `identity` tells one thing from another ("conv1"): the place of the choice is only kept
    where it stays the same.
    """

    identity: str
    title: str
    label: str
    values: Floats
    names: Sequence[str]
    limits: Floats
    scope: str
    scale: Literal["signed", "positive"] = "signed"
    kind: Literal["plain", "colour"] = "plain"
    group: int = 1
    slice_names: Sequence[str] = ()
    further: Sequence[Further] = ()
    hint: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError where the numbers of slices, names and limits don't fit each other."""
        units, rest = divmod(len(self.values), self.group)
        if rest or units != len(self.names) or units != len(self.limits):
            found = f"of {len(self.values)} slices, {len(self.names)} names and {len(self.limits)} limits"
            raise ValueError(
                not_allowed("values", found, f"{self.group} slices, a name and a limit for each unit")
            )
        if self.kind == "colour" and self.group != 3:
            raise ValueError(not_allowed("group", self.group, "3 for a picture in colour"))


def mosaic(
    units: Units,
    *,
    key: str,
    chosen: tuple[int, int] = (0, 0),
    on_pick: Callable[[int, int], None],
    on_step: Callable[[int], None] | None = None,
    shares: Sequence[tuple[str, float, str]] = (),
) -> None:
    """Show `units` with the one `chosen` (unit, slice) large.

    `on_pick` is called with the unit and the slice before the rerun that a choice starts, `on_step` with −1 or 1 where
    Page Up or Page Down asks for the layer before or after. `shares` are bars beside it: a name, a share in 0..1, and
    that share in words.
    """
    count = len(units.names)
    header: dict[str, object] = {
        "identity": units.identity,
        "title": units.title,
        "label": units.label,
        "shape": list(units.values.shape),
        "names": list(units.names),
        "scope": units.scope,
        "scale": units.scale,
        "kind": units.kind,
        "group": units.group,
        "sliceNames": list(units.slice_names),
        "hint": units.hint,
        "chosen": list(chosen),
        "reserve": LINES,
        "besides": bool(shares or units.further or units.group > 1),
        "classes": [name for name, _, _ in shares],
        "percents": [words for _, _, words in shares],
        "shares": [share for _, share, _ in shares],
        "further": [
            {"title": one.title, "shape": list(one.values.shape), "scale": one.scale, "own": one.own}
            for one in units.further
        ],
    }
    arrays = {"values": units.values, "limits": np.asarray(units.limits, np.float32)}
    arrays |= {f"further{place}": one.values for place, one in enumerate(units.further)}

    def picked() -> None:
        told = places(st.session_state[key].get("picked"), [count, units.group])
        if told is not None:
            on_pick(told[0], told[1])

    def stepped() -> None:
        step = st.session_state[key].get("stepped")
        if on_step is not None and step in (-1, 1):
            on_step(step)

    _mount(key=key, data=pack(header, arrays), on_picked_change=picked, on_stepped_change=stepped)
