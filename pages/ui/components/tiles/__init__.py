"""Arrays as one picture of tiles, drawn in the browser: hover reads a value, a click picks a tile.

Kernels, feature maps and vectors are all tiles here: N maps (H, W) side by side on one colour scale, with the
scale and its limits beneath. Cells that are large enough show their numbers. The whole mosaic is one canvas,
whatever N is, and the numbers it shows are the float32 values it was given.
May import `pages.ui.components.base` and `cnn_core`.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from cnn_core import pictures
from cnn_core.arrays import Floats
from cnn_core.figures.maps import Scale, limits_of
from cnn_core.figures.picture import Picture, of_maps
from pages.ui.components.base import component, pack
from pages.ui.components.base.told import places

_mount = component(Path(__file__).parent)


def tiles(
    values: Floats,
    *,
    key: str,
    names: Sequence[str],
    column_names: Sequence[str] = (),
    group: int = 1,
    scale: Scale = "signed",
    limit: float | None = None,
    scope: str = "",
    selected: int | None = None,
    on_pick: Callable[[int], None] | None = None,
    largest_cell: int = 12,
    height: int = 420,
    gap: int = 6,
    title: str | None = None,
    click: str = "enlarge it",
) -> Picture:
    """Show maps (N, H, W) as tiles, as many in a row as fit, or with `column_names` as a table.

    `names` name the tiles, or the rows of the table; every `group` tiles stay together. `limit` is the value
    shown in the full colour, by default the largest magnitude here, and `scope` says what the scale belongs
    to ("this layer"). Cells are of at most `largest_cell` pixels, and smaller where the picture would grow
    beyond `height`: both as at 1280×720, and as much larger as the screen's text is. `on_pick` is called with a tile's
    index before the rerun that a click or the Enter key starts; `selected` is framed, and `click` says what a
    click does with a tile. What is returned can leave the
    page under `title`, by default the first name.
    """
    count, rows, columns = values.shape
    full = pictures.symmetric_limit(values) if limit is None else limit
    header: dict[str, object] = {
        "shape": [count, rows, columns],
        "names": list(names),
        "columnNames": list(column_names),
        "group": 1 if column_names else group,
        "scale": scale,
        "limit": full,
        "scope": scope,
        "selected": selected,
        "largestCell": largest_cell,
        "height": height,
        "gap": gap,
        "pickable": on_pick is not None,
        "hint": f"Point at a tile to read it; click to {click}." if on_pick is not None else "",
    }

    def picked() -> None:
        told = places([st.session_state[key].get("picked")], [count])
        if on_pick is not None and told is not None:
            on_pick(told[0])

    _mount(key=key, data=pack(header, {"values": values}), on_picked_change=picked)
    return of_maps(
        key,
        title or names[0],
        values,
        names=names,
        column_names=column_names,
        group=group,
        scale=scale,
        limits=limits_of(scale, full),
        scope=scope,
    )
