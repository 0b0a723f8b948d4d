"""What the kernel player is given, and the message in which it travels."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from cnn_core.arrays import Floats, Integers, Mask, not_allowed
from pages.ui.components.base import pack

Cell = tuple[int, int]
Mode = Literal["conv", "max", "avg"]


@dataclass(frozen=True)
class Other:
    """Another operation over the same windows: its name and its output `(H_out, W_out)`, and how it is coloured."""

    title: str
    output: Floats
    output_limits: tuple[float, float] | None = None  # gray, black and white; None: the signed scale


@dataclass(frozen=True)
class Scene:
    """What the player shows; all arrays as `cnn_core` made them.

    `padded` `(C, Hp, Wp)` is the input with its padding, the first pixel of the image `(H, W)` at `offset`
    in it; where a window may hang over the edge, with what it finds there. `output` `(H_out, W_out)`. For
    mode "conv": `weight` `(C, kh, kw)`, `channel_sums` `(C, H_out, W_out)` where there is more than one
    channel, and the `bias`. For "max": `winners` `(H_out, W_out, 2)`, rows and columns of the image, −1 for
    none. For "avg": `divisors` `(H_out, W_out)`. `unread` `(H, W)` marks the pixels that no window reads.
    `pixel_limits` are the input's black and white; None draws it on the signed scale.
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
    channel_sums: Floats | None = None
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
    if scene.mode == "conv" and channels > 1 and scene.channel_sums is None:
        raise ValueError(not_allowed("channel_sums", None, "an array where there are several channels"))
    if any(other.output.shape != scene.output.shape for other in scene.others):
        shapes = [other.output.shape for other in scene.others]
        raise ValueError(not_allowed("others", f"of shapes {shapes}", f"the output's {scene.output.shape}"))
    if scene.mode == "avg" and scene.divisors is None:
        raise ValueError(not_allowed("divisors", None, "an array in mode 'avg'"))


def packed(
    scene: Scene, label: str, cell: Cell | None, question: Cell | None, hide_output: bool, reserve: int
) -> bytes:
    """The scene and what else the player is told, as one message."""
    arrays = {
        "padded": scene.padded,
        "output": scene.output,
        "weight": scene.weight,
        "sums": scene.channel_sums,
        "winners": scene.winners,
        "divisors": scene.divisors,
        "unread": scene.unread,
        **{f"other{at}": other.output for at, other in enumerate(scene.others)},
    }
    header = described(scene) | {
        "label": label,
        "cell": cell,
        "question": question,
        "hideOutput": hide_output,
        "reserve": reserve,
    }
    return pack(header, {name: array for name, array in arrays.items() if array is not None})


def described(scene: Scene) -> dict[str, Any]:
    """The header's part on shapes, scales, decimals and words."""
    products = None if scene.weight is None else largest(scene.padded) * largest(scene.weight)
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
        "scales": {
            "input": scale(scene.padded, scene.pixel_limits),
            "output": scale(scene.output, scene.output_limits),
            "kernel": 0 if scene.weight is None else largest(scene.weight),
            "products": products or 0,
        },
        "largest": {"pixel": largest(scene.padded), "value": largest(scene.output)},
        "bias": scene.bias,
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
