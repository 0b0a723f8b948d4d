"""The kernel player: a window slides over an image, with its arithmetic and the growing output beside it.

Python computes every number once and hands the arrays over; the browser animates. The output is drawn from
the array that `cnn_core` computed, and the terms of a cell are the products of the numbers passed here. While
it plays, `data-frames` of the element `.player` counts the frames drawn.
May import `pages.ui.components.base` and `cnn_core`.
"""

from collections.abc import Callable
from pathlib import Path

from pages.ui.components.base import component
from pages.ui.components.base.told import places
from pages.ui.components.kernel_player.scene import Cell, Other, Scene, check, packed

__all__ = ["Other", "Scene", "kernel_player"]

RESERVE = 390  # px of a 720 px high screen that are not the panels': header, title, controls, words, the bar

mount = component(Path(__file__).parent)


def kernel_player(
    scene: Scene,
    *,
    key: str,
    label: str,
    cell: Cell | None = None,
    question: Cell | None = None,
    hide_output: bool = False,
    reserve: int = RESERVE,
    on_pin: Callable[[], None] | None = None,
) -> Cell | None:
    """Show `scene`; returns the pinned output cell (row, column), or None where none has been pinned yet.

    `label` names the player for a screen reader. `cell` is pinned when it first appears here (from a link);
    `question` is pinned too, with its value and products hidden until it is None again; `hide_output` hides
    the output and its size. `reserve` is the height in px of everything but the panels. Raises ValueError
    where the arrays do not fit each other.
    """
    check(scene)
    result = mount(
        key=key,
        data=packed(scene, label, cell, question, hide_output, reserve),
        default={"pinned": None},
        on_pinned_change=on_pin or (lambda: None),
    )
    pinned = places(result.get("pinned"), scene.output.shape)
    return None if pinned is None else (pinned[0], pinned[1])
