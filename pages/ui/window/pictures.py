"""What a player shows, as pictures that can leave the page: the input, the kernel, and what comes of them."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from cnn_core.figures.maps import limits_of
from cnn_core.figures.picture import Picture, of_maps
from cnn_core.pictures import symmetric_limit
from pages.ui.components.kernel_player import Other, Scene


def pictures_of(scene: Scene, key: str, *, hide_output: bool = False) -> list[Picture]:
    """The scene's arrays, each on its own scale; without the results while they are asked about."""
    names = scene.channels
    made = [_picture(f"{key}-input", "Input with its padding", scene.padded, scene.pixel_limits, names)]
    if scene.weight is not None:
        made.append(_picture(f"{key}-kernel", "Kernel", scene.weight, None, names))
    if hide_output:
        return made
    shown = Other(scene.titles.get("output", ""), scene.output, scene.output_limits)
    for at, other in enumerate((shown, *scene.others)):
        title = f"Output: {other.title}" if other.title else "Output"
        made.append(_picture(f"{key}-output{at}", title, other.output[None], other.output_limits, [title]))
    return made


def _picture(
    key: str,
    title: str,
    values: NDArray[Any],
    gray: tuple[float, float] | None,
    names: Sequence[str],
) -> Picture:
    """Arrays `(C, H, W)` as the player colours them: gray between two limits, or signed around 0."""
    if gray is not None:
        return of_maps(key, title, values, names=names, scale="pixels", limits=gray, scope=f"{title}, gray")
    scale = limits_of("signed", symmetric_limit(values))
    return of_maps(key, title, values, names=names, limits=scale, scope=f"{title}, its own scale")
