"""What the kernel player is given, and the message in which it travels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Integers, Mask, not_allowed
from pages.ui.components.base import pack

Cell = tuple[int, int]
Mode = Literal["conv", "max", "avg"]
SPEEDS = (1, 2, 5, 15, 60, 240, 1000)  # cells a second
SPEED = 5  # at first: slow enough to be followed


@dataclass(frozen=True)
class Other:
    """Another operation over the same windows: its name and its output `(H_out, W_out)`, and how it is coloured."""

    title: str
    output: Floats
    output_limits: tuple[float, float] | None = None  # gray, black and white; None: the signed scale


@dataclass(frozen=True)
class Filter:
    """One of several filters over the same windows: its weights `(C, kh, kw)`, bias and output `(H_out, W_out)`."""

    weight: Floats
    bias: float | None
    output: Floats


@dataclass(frozen=True)
class Scene:
    """What the player shows; all arrays as `cnn_core` made them.

    `padded` `(C, Hp, Wp)` is the input with its padding, the first pixel of the image `(H, W)` at `offset`
    in it; where a window may hang over the edge, with what it finds there. `output` `(H_out, W_out)`. For
    mode "conv": `weight` `(C, kh, kw)` and the `bias`. For "max": `winners` `(H_out, W_out, 2)`, rows and
    columns of the image, −1 for none. For "avg": `divisors` `(H_out, W_out)`. `unread` `(H, W)` marks the
    pixels that no window reads. `pixel_limits` are the input's black and white; None draws it on the signed
    scale. `filters` are all filters of a layer, the shown one at `filter` among them; the player shows another
    one without asking where they have the `same_channels`, and offers to add one below `most_filters`.
    """

    mode: Mode
    padded: Floats
    image_size: Cell
    output: Floats
    kernel_size: Cell
    offset: Cell = (0, 0)
    stride: Cell = (1, 1)
    dilation: Cell = (1, 1)
    weight: Floats | None = None
    bias: float | None = None
    winners: Integers | None = None
    divisors: Floats | None = None
    unread: Mask | None = None
    pixel_limits: tuple[float, float] | None = (0.0, 1.0)
    output_limits: tuple[float, float] | None = None  # gray, black and white; None: the signed scale
    channels: Sequence[str] = ("gray",)
    colour: bool = False  # three channels that together are a colour picture
    titles: dict[str, str] = field(default_factory=dict)  # "input", "middle", "output"
    others: Sequence[Other] = ()  # their outputs have the shape of `output` and stand beside it
    filters: Sequence[Filter] = ()
    filter: int = 0
    same_channels: bool = True
    most_filters: int = 0

    @property
    def start(self) -> Cell:
        """The cell looked at first: the largest absolute value of those that read pixels only, else of all."""
        size = np.where(np.isfinite(self.output), np.abs(self.output), -1)
        inside = []
        for axis, cells in enumerate(self.output.shape):
            first = np.arange(cells) * self.stride[axis] - self.offset[axis]
            last = first + self.dilation[axis] * (self.kernel_size[axis] - 1)
            inside.append((first >= 0) & (last < self.image_size[axis]))
        reads_pixels = np.outer(*inside)
        if reads_pixels.any():
            size = np.where(reads_pixels, size, -1)
        row, column = divmod(int(size.argmax()), size.shape[1])
        return row, column

    @property
    def places(self) -> "Places":
        """Where its cells lie in the image."""
        return Places(
            self.image_size, self.offset, self.kernel_size, self.stride, self.dilation, self.output.shape
        )

    def is_blank(self, cell: Cell) -> bool:
        """Whether the window of an output cell reads nothing but zeros, while others do not."""
        rows, columns = (
            at * stride + dilation * np.arange(size)
            for at, stride, dilation, size in zip(cell, self.stride, self.dilation, self.kernel_size)
        )
        return bool(self.padded.any()) and not self.padded[:, rows[:, None], columns].any()


@dataclass(frozen=True)
class Places:
    """Where the cells of an output lie in the image; all are (rows, columns)."""

    image_size: Cell
    offset: Cell
    kernel_size: Cell
    stride: Cell
    dilation: Cell
    output_size: tuple[int, ...]

    def middle(self, axis: int) -> float:
        """The middle of the first cell's window, in the image's pixels."""
        return self.dilation[axis] * (self.kernel_size[axis] - 1) / 2 - self.offset[axis]

    def carried(self, cell: Cell, after: "Places") -> Cell:
        """The cell that lies where `cell` of these lies, among those `after` a setting has changed; the nearest one.

        An image of another size is the same image, larger or smaller.
        """
        found = []
        for axis in (0, 1):
            was = cell[axis] * self.stride[axis] + self.middle(axis)
            place = (was + 0.5) * after.image_size[axis] / self.image_size[axis] - 0.5
            at = floor((place - after.middle(axis)) / after.stride[axis] + 0.5)
            found.append(min(max(at, 0), after.output_size[axis] - 1))
        return found[0], found[1]


def check(scene: Scene) -> None:
    """ValueError where an array of `scene` does not fit the others."""
    spans = [d * (k - 1) + 1 for d, k in zip(scene.dilation, scene.kernel_size)]
    needed = [(o - 1) * s + span for o, s, span in zip(scene.output.shape, scene.stride, spans)]
    if any(n > have for n, have in zip(needed, scene.padded.shape[1:])):
        raise ValueError(not_allowed("padded", f"of shape {scene.padded.shape}", f"{needed} or larger"))
    channels = len(scene.padded)
    if scene.mode == "conv" and (
        scene.weight is None or scene.weight.shape != (channels, *scene.kernel_size)
    ):
        found = None if scene.weight is None else f"of shape {scene.weight.shape}"
        raise ValueError(not_allowed("weight", found, f"the shape {(channels, *scene.kernel_size)}"))
    if len(scene.channels) != channels:
        raise ValueError(not_allowed("channels", repr(scene.channels), f"a name for each of {channels}"))
    if scene.filters and not 0 <= scene.filter < len(scene.filters):
        raise ValueError(not_allowed("filter", scene.filter, f"one of {len(scene.filters)}"))
    if any(filter_.output.shape != scene.output.shape for filter_ in scene.filters):
        shapes = [filter_.output.shape for filter_ in scene.filters]
        raise ValueError(not_allowed("filters", f"of shapes {shapes}", f"the output's {scene.output.shape}"))
    if any(other.output.shape != scene.output.shape for other in scene.others):
        shapes = [other.output.shape for other in scene.others]
        raise ValueError(not_allowed("others", f"of shapes {shapes}", f"the output's {scene.output.shape}"))
    if scene.mode == "avg" and scene.divisors is None:
        raise ValueError(not_allowed("divisors", None, "an array in mode 'avg'"))


def packed(
    scene: Scene,
    label: str,
    cell: Cell | None,
    question: Cell | None,
    hide_output: bool,
    *,
    at: Cell | None = None,
    speed: int = SPEED,
    below: int = 0,
) -> bytes:
    """The scene and what else the player is told, as one message."""
    arrays = {
        "padded": scene.padded,
        "output": scene.output,
        "weight": scene.weight,
        "winners": scene.winners,
        "divisors": scene.divisors,
        "unread": scene.unread,
        **{f"other{number}": other.output for number, other in enumerate(scene.others)},
        **{f"output{number}": filter_.output for number, filter_ in enumerate(scene.filters)},
        **{f"weight{number}": filter_.weight for number, filter_ in enumerate(scene.filters)},
    }
    header = described(scene) | {
        "label": label,
        "cell": cell,
        "question": question,
        "hideOutput": hide_output,
        "at": at or cell or scene.start,
        "speed": speed,
        "speeds": SPEEDS,
        "below": below,
    }
    return pack(header, {name: array for name, array in arrays.items() if array is not None})


def described(scene: Scene) -> dict[str, Any]:
    """The header's part on shapes, scales, decimals and words."""
    shown = numbers_of(scene, scene.weight, scene.output)
    titles = {
        "input": "Input",
        "middle": {"conv": "One cell", "max": "Window", "avg": "Window"}[scene.mode],
        "output": "Output",
    } | scene.titles
    grids = [{"name": "window", "title": "Window"}]
    if scene.mode == "conv":
        grids += [{"name": "kernel", "title": "× kernel"}, {"name": "products", "title": "= products"}]
    return {
        "mode": scene.mode,
        "shape": {
            "image": scene.image_size,
            "padded": scene.padded.shape[1:],
            "offset": scene.offset,
            "output": scene.output.shape,
            "kernel": scene.kernel_size,
            "stride": scene.stride,
            "dilation": scene.dilation,
        },
        "scales": {"input": scale(scene.padded, scene.pixel_limits), **shown["scales"]},
        "largest": {"pixel": largest(scene.padded), **shown["largest"]},
        "bias": scene.bias,
        "filter": scene.filter,
        "filters": [
            {"bias": filter_.bias, **numbers_of(scene, filter_.weight, filter_.output)}
            for filter_ in scene.filters
        ],
        "sameChannels": scene.same_channels,
        "mostFilters": scene.most_filters,
        "start": scene.start,
        "channels": list(scene.channels),
        "colour": scene.colour,
        "grids": grids,
        "titles": titles,
        "others": [
            {"title": other.title, "scale": scale(other.output, other.output_limits)}
            for other in scene.others
        ],
    }


def numbers_of(scene: Scene, weight: Floats | None, output: Floats) -> dict[str, Any]:
    """The scales and limits of the numbers of one operation in the scene."""
    kernel = 0.0 if weight is None else largest(weight)
    return {
        "scales": {
            "output": scale(output, scene.output_limits),
            "kernel": kernel,
            "products": kernel * largest(scene.padded),
        },
        "largest": {"value": largest(output)},
    }


def largest(values: npt.NDArray[Any]) -> float:
    """The largest finite absolute value, 0 where there is none."""
    finite = values[np.isfinite(values)]
    return float(np.abs(finite).max()) if finite.size else 0.0


def scale(values: npt.NDArray[Any], gray: tuple[float, float] | None) -> dict[str, Any]:
    """How values are coloured: gray between limits, or signed around 0 (from 0, where none is negative)."""
    if gray is not None:
        return {"kind": "gray", "limits": gray}
    limit = largest(values)
    return {"kind": "signed", "limits": (-limit if np.nanmin(values, initial=0) < 0 else 0, limit)}
