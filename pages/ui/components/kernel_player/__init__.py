"""The kernel player: a window slides over an image, with its arithmetic and the growing output beside it.

Python computes every number once and hands the arrays over; the browser animates. The output is drawn from
the array that `cnn_core` computed, and the terms of a cell are the products of the numbers passed here. While
it plays, `data-frames` of the element `.player` counts the frames drawn. It is as large as its place on the screen.
May import `pages.ui.components.base` and `cnn_core`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pages.ui.components.base import component
from pages.ui.components.kernel_player.scene import (
    SPEED,
    SPEEDS,
    Cell,
    Filter,
    Other,
    Places,
    Scene,
    check,
    packed,
)

__all__ = ["SPEED", "SPEEDS", "Cell", "Filter", "Other", "Places", "Scene", "kernel_player"]

BELOW = 60  # px of a 720 px high screen below the player: the titles of what follows are seen there

mount = component(Path(__file__).parent)


def kernel_player(
    scene: Scene,
    *,
    key: str,
    label: str,
    cell: Cell | None = None,
    at: Cell | None = None,
    question: Cell | None = None,
    hide_output: bool = False,
    speed: int = SPEED,
    on: Mapping[str, Callable[[], None]] | None = None,
) -> None:
    """Show `scene`.

    `label` names the player for a screen reader. `cell` is pinned when it first appears here (from a link), `at` is the
    one that is looked at when the scene changes, `scene.start` where there is neither; `question` is pinned too, with
    its value and products hidden until it is None again; `hide_output` hides the output and its size. `speed` is in
    cells a second. `on` has what is called when the user has changed one of these, whose value is then in the state of
    `key`: "looked" (row and column of the cell looked at once it rests, and 1 where it is pinned, else 0), "speed",
    "filter" (the number of one of `scene.filters`, or their count to add one). Raises ValueError where the arrays do
    not fit each other.
    """
    check(scene)
    told = {name: (on or {}).get(name, _nothing) for name in ("looked", "speed", "filter")}
    calls: dict[str, Any] = {f"on_{name}_change": call for name, call in told.items()}
    mount(
        key=key,
        data=packed(scene, label, cell, question, hide_output, at=at, speed=speed, below=BELOW),
        default=dict.fromkeys(told),
        **calls,
    )


def _nothing() -> None:
    """For what nobody asks about."""
